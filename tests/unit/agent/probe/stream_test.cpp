// What streams are, by their caps and their first bytes; what errors mean; which elements may be used.
#include <algorithm>
#include <vector>

#include "agent/probe/codec.hpp"
#include "agent/probe/elements.hpp"
#include "agent/probe/problem.hpp"
#include "agent/probe/source.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::probe {
namespace {

using Bytes = std::vector<unsigned char>;

CapsPtr caps(const char* text) {
  gst_init(nullptr, nullptr);
  return CapsPtr(gst_caps_from_string(text));
}

TEST_CASE("what RTP packets hold") {
  const auto packed = [](const char* encoding) {
    return packingOf(caps((std::string("application/x-rtp,encoding-name=") + encoding).c_str()).get());
  };
  CHECK(packed("H264")->content.name == "h264");
  CHECK(packed("h265")->content.name == "h265");
  CHECK(packed("MPEG4-GENERIC")->content.name == "aac");
  CHECK(std::string(packed("MPEG4-GENERIC")->opener) == "rtpmp4gdepay");
  CHECK(packed("MP2T")->content.name.empty());
  CHECK_FALSE(packed("VP8"));
  CHECK_FALSE(packingOf(caps("application/x-rtp").get()));
  CHECK_FALSE(packingOf(nullptr));
}

TEST_CASE("codecs by their caps") {
  struct Row {
    const char* caps;
    const char* name;
    bool video;
  };
  const Row rows[] = {
      {"video/x-h264,stream-format=avc,alignment=au", "h264", true},
      {"video/x-h265", "h265", true},
      {"video/mpeg,mpegversion=2,systemstream=false", "mpeg2", true},
      {"video/x-raw,format=I420", "raw", true},
      {"audio/mpeg,mpegversion=4,stream-format=adts", "aac", false},
      {"audio/mpeg,mpegversion=2", "aac", false},
      {"audio/mpeg,mpegversion=1", "mp2", false},
      {"audio/mpeg,mpegversion=1,layer=3", "mp3", false},
      {"audio/x-ac3", "ac3", false},
      {"audio/x-opus", "opus", false},
      {"video/mpeg,mpegversion=4", "", false},
      {"application/x-id3", "", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.caps);
    const Codec codec = codecOf(caps(row.caps).get());
    CHECK(codec.name == row.name);
    CHECK(codec.video == row.video);
    CHECK((codec.decoder == nullptr) == (codec.name == "raw" || codec.name.empty()));
  }
  CHECK(codecOf(nullptr).name.empty());
  const VideoFormat format =
      videoFormat(caps("video/x-h264,width=1280,height=720,framerate=30000/1001").get());
  CHECK(format.width == 1280);
  CHECK(format.height == 720);
  CHECK(format.fps == Approx(29.97).margin(0.01));
  CHECK(videoFormat(caps("video/x-h264").get()).fps == 0);
  CHECK(audioFormat(caps("audio/mpeg,channels=2,rate=44100").get()).rate == 44100);
}

TEST_CASE("filler of a constant rate does not count as picture") {
  const Bytes slice = {0, 0, 0, 1, 0x65, 1, 2, 3, 4};
  Bytes frame = slice;
  CHECK(codedSize(frame.data(), frame.size(), false) == 9);
  const Bytes filler = {0, 0, 1, 0x0C, 0xFF, 0xFF, 0xFF, 0x80};
  frame.insert(frame.end(), filler.begin(), filler.end());
  CHECK(codedSize(frame.data(), frame.size(), false) == 9 + 3);
  frame.insert(frame.end(), slice.begin(), slice.end());
  CHECK(codedSize(frame.data(), frame.size(), false) < 9 + 3 + 10);
  CHECK(codedSize(frame.data(), frame.size(), true) == frame.size());  // another type in H.265
  const Bytes filler265 = {0, 0, 1, 38 << 1, 1, 0xFF, 0xFF};
  CHECK(codedSize(filler265.data(), filler265.size(), true) == 3);
  CHECK(codedSize(nullptr, 0, false) == 0);
  const Bytes ones(500, 1);
  CHECK(codedSize(ones.data(), ones.size(), false) == 500);
}

TEST_CASE("a frame of intra slices alone does not begin anew") {
  const auto frame = [](std::initializer_list<std::uint8_t> heads) {
    Bytes out;
    for (const std::uint8_t head : heads) out.insert(out.end(), {0, 0, 0, 1, head, 0x88, 0x84});
    return out;
  };
  const auto begins = [&](std::initializer_list<std::uint8_t> heads) {
    const Bytes bytes = frame(heads);
    return beginsAnew(bytes.data(), bytes.size());
  };
  CHECK(begins({0x09, 0x67, 0x68, 0x06, 0x65}));
  CHECK(begins({0x65, 0x65}));
  CHECK_FALSE(begins({0x09, 0x67, 0x68, 0x06, 0x41}));  // open groups, and a scene that changed early in one
  CHECK_FALSE(begins({0x09}));
  CHECK_FALSE(beginsAnew(nullptr, 0));
}

TEST_CASE("containers by their first bytes") {
  const auto kind = [](const Bytes& bytes) {
    const char* name = containerOf(bytes.data(), bytes.size());
    return std::string(name == nullptr ? "" : name);
  };
  Bytes ts(1024, 0);
  for (std::size_t at = 0; at < ts.size(); at += 188) ts[at] = 0x47;
  CHECK(kind(ts) == "ts");
  Bytes timed(1024, 0);
  for (std::size_t at = 4; at < timed.size(); at += 192) timed[at] = 0x47;
  CHECK(kind(timed) == "ts");
  Bytes mp4(64, 0);
  std::copy_n("ftypisom", 8, mp4.begin() + 4);
  CHECK(kind(mp4) == "mp4");
  CHECK(kind({0x1A, 0x45, 0xDF, 0xA3, 1}) == "mkv");
  CHECK(kind({'F', 'L', 'V', 1, 5, 0, 0, 0, 9}) == "flv");
  CHECK(kind(Bytes(1024, 0x47 + 1)).empty());
  CHECK(kind({0x47, 0x47}).empty());
  CHECK(kind({}).empty());
}

TEST_CASE("files that cannot be a feed are told apart") {
  const test::TempDir dir;
  FeedAddress address;
  address.kind = FeedKind::kFile;
  address.path = dir.path() + "/missing.ts";
  auto demuxer = demuxerFor(address);
  REQUIRE_FALSE(demuxer);
  CHECK(demuxer.error().en().find("file not found") == 0);
  CHECK(demuxer.error().vi().find("không tìm thấy") == 0);
  address.path = dir.write("page.html", "<html></html>");
  demuxer = demuxerFor(address);
  REQUIRE_FALSE(demuxer);
  CHECK(demuxer.error().en().find("is not MPEG-TS, MP4, Matroska or FLV") != std::string::npos);
  address.path = dir.write("film.mp4", std::string("\0\0\0\x18"
                                                   "ftypisom\0\0\0\0",
                                                   16));
  CHECK(std::string(demuxerFor(address).value()) == "qtdemux");
  address.path = dir.write("film.flv", "FLV\x01\x05");
  CHECK(std::string(demuxerFor(address).value()) == "flvdemux");
}

TEST_CASE("errors in plain words") {
  struct Row {
    GQuark domain;
    int code;
    const char* message;
    const char* debug;
    const char* says;
  };
  gst_init(nullptr, nullptr);
  const Row rows[] = {
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "Could not read from resource.",
       "Error on SRT socket: Connection timeout", "does not answer"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "x", "Error on SRT socket: Unknown or erroneous",
       "broke"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "x", "Connection refused", "refused"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "Not Found", "", "does not exist"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "x", "", "wrong passphrase"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "x",
       "Error resolving hall: Name or service not known", "is unknown"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, "x", "bind: Address already in use",
       "another program"},
      {GST_STREAM_ERROR, GST_STREAM_ERROR_DEMUX, "odd data", "", "cannot be read: odd data"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
       "Failed to connect: play denied; stream not found: x", "", "does not exist"},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "Failed to connect: Short read (want 3073 have 28)",
       "", "before RTMP began"},
      {GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "odd", "", "failed: odd"},
  };
  FeedAddress address;
  address.kind = FeedKind::kSrt;
  address.host = "203.0.113.5";
  address.port = 9000;
  for (const Row& row : rows) {
    CAPTURE(row.debug, row.message);
    const ErrorPtr error(g_error_new_literal(row.domain, row.code, row.message));
    const v1::Text text = explain(address, *error, row.debug);
    CHECK(text.en().find(row.says) != std::string::npos);
    CHECK(text.en().find("203.0.113.5:9000") != std::string::npos);
    CHECK(text.vi() != text.en());
    CHECK_FALSE(text.vi().empty());
  }
}

TEST_CASE("compressed pictures of a device are decoded as they come") {
  gst_init(nullptr, nullptr);
  const CapsPtr caps(gst_caps_from_string(
      "image/jpeg,width=1920,height=1080,framerate=30/1,interlace-mode=progressive,colorimetry=2:4:7:1"));
  const Codec codec = codecOf(caps.get());
  CHECK(codec.name == "mjpeg");
  REQUIRE(codec.parser == nullptr);
  GstElementFactory* decoder = gst_element_factory_find(codec.decoder);
  REQUIRE(decoder != nullptr);
  CHECK(gst_element_factory_can_sink_all_caps(decoder, caps.get()) != FALSE);
  gst_object_unref(decoder);
}

TEST_CASE("what a device's error means") {
  struct Row {
    const char* uri;
    int code;
    const char *message, *debug, *says;
  };
  gst_init(nullptr, nullptr);
  const Row rows[] = {
      {"v4l2:///dev/video0", GST_RESOURCE_ERROR_NOT_FOUND, "Cannot identify device '/dev/video0'.",
       "system error: No such file or directory", "no device /dev/video0"},
      {"v4l2:///dev/video0", GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Could not open device '/dev/video0'",
       "system error: Permission denied", "not allowed to use the device /dev/video0"},
      {"v4l2:///dev/video0", GST_RESOURCE_ERROR_BUSY, "Device '/dev/video0' is busy", "",
       "another program uses"},
      {"v4l2:///dev/video0", GST_RESOURCE_ERROR_SETTINGS,
       "Error getting capabilities for device '/dev/video0': It isn't a v4l2 driver.", "", "no capture card"},
      {"alsa://hw:0", GST_RESOURCE_ERROR_OPEN_READ, "Could not open audio device for recording.",
       "Device or resource busy", "another program uses the device hw:0"},
      {"alsa://hw:9", GST_RESOURCE_ERROR_NOT_FOUND, "No such device", "", "no device hw:9"},
      {"pulse://", GST_RESOURCE_ERROR_OPEN_READ, "Failed to connect: Connection refused", "",
       "is not running"},
      {"pulse://x", GST_RESOURCE_ERROR_OPEN_READ, "Failed to connect stream: No such entity", "",
       "no device x"},
      {"pulse://x", GST_RESOURCE_ERROR_FAILED, "odd", "", "nothing can be had from the device x: odd"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.message);
    const ErrorPtr error(g_error_new_literal(GST_RESOURCE_ERROR, row.code, row.message));
    const v1::Text text = explain(parseFeedAddress(row.uri).value(), *error, row.debug);
    INFO(text.en());
    CHECK(text.en().find(row.says) != std::string::npos);
    CHECK(text.vi() != text.en());
    CHECK_FALSE(text.vi().empty());
  }
}

TEST_CASE("an address with a secret in its query is not repeated") {
  const char* const addresses[] = {"https://media.example.vn/main/index.m3u8?token=hush",
                                   "rtsp://media.example.vn/main?token=hush",
                                   "rtmp://media.example.vn/main/one?token=hush"};
  for (const char* uri : addresses) {
    const FeedAddress address = parseFeedAddress(uri).value();
    for (const v1::Text& text : {noData(address), endOfFeed(address)}) {
      CHECK(text.en().find("hush") == std::string::npos);
      CHECK(text.vi().find("hush") == std::string::npos);
      CHECK(text.en().find("media.example.vn/main") != std::string::npos);
    }
  }
}

TEST_CASE("only elements on the list, and files only for a feed that is a file") {
  const auto has = [](const std::vector<std::string>& names, const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const auto hls = allowedElements(FeedKind::kHls, false);
  CHECK(has(hls, "souphttpsrc"));
  CHECK_FALSE(has(hls, "filesrc"));
  CHECK(has(allowedElements(FeedKind::kFile, false), "filesrc"));
  for (const FeedKind kind :
       {FeedKind::kSrt, FeedKind::kUdp, FeedKind::kRtp, FeedKind::kRtsp, FeedKind::kRtmp, FeedKind::kHls,
        FeedKind::kFile, FeedKind::kTest, FeedKind::kPulse, FeedKind::kAlsa, FeedKind::kV4l2}) {
    for (const char* never :
         {"filesink", "tcpserversink", "uridecodebin", "playbin", "giosrc", "fdsrc", "shellsrc"}) {
      CHECK_FALSE(has(allowedElements(kind, true), never));
    }
    CHECK(has(allowedElements(kind, true), "autovideosink"));
    CHECK_FALSE(has(allowedElements(kind, false), "autovideosink"));
  }
}

}  // namespace
}  // namespace diemcau::probe
