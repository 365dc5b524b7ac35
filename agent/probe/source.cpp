#include "agent/probe/source.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "agent/probe/elements.hpp"
#include "base/text.hpp"

namespace diemcau::probe {
namespace {

constexpr gint kUdpBuffer = 4 << 20;         // bytes asked of the kernel
constexpr guint kRtpLatency = 120;           // ms in which packets are put in order, as with SRT
constexpr guint kHttpTimeout = 5;            // s
constexpr guint64 kRtspTimeout = 5'000'000;  // us
constexpr guint kRtmpTimeout = 5;            // s
constexpr gint64 kSoundPiece = 40'000, kSoundBuffer = 400'000;  // us

tl::unexpected<v1::Text> bad(std::string vi, std::string en) {
  return tl::unexpected<v1::Text>(text(std::move(vi), std::move(en)));
}

GstElement* srt(const FeedAddress& address, const std::string& passphrase) {
  GstElement* source = makeElement("srtsrc");
  if (source == nullptr) return nullptr;
  const bool six = address.host.find(':') != std::string::npos;
  const std::string uri = six ? fmt::format("srt://[{}]:{}", address.host, address.port)
                              : fmt::format("srt://{}:{}", address.host, address.port);
  g_object_set(source, "uri", uri.c_str(), nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "mode", "caller");
  // The supervisor reconnects: it knows why, says so, and counts.
  g_object_set(source, "latency", static_cast<gint>(address.latency_ms), "auto-reconnect", FALSE,
               "wait-for-connection", TRUE, nullptr);
  if (!address.stream_id.empty()) g_object_set(source, "streamid", address.stream_id.c_str(), nullptr);
  if (!passphrase.empty()) g_object_set(source, "passphrase", passphrase.c_str(), nullptr);
  return source;
}

GstElement* datagrams(const FeedAddress& address, GstCaps* caps) {
  GstElement* source = makeElement("udpsrc");
  if (source == nullptr) return nullptr;
  // A group is joined; of another address the port is what matters, but the socket is bound to it alone.
  g_object_set(source, "address", address.host.c_str(), "port", static_cast<gint>(address.port),
               "auto-multicast", TRUE, "buffer-size", kUdpBuffer, nullptr);
  if (!address.interface.empty()) g_object_set(source, "multicast-iface", address.interface.c_str(), nullptr);
  g_object_set(source, "caps", caps, nullptr);
  return source;
}

GstElement* udp(const FeedAddress& address) {
  const CapsPtr caps(gst_caps_new_simple("video/mpegts", "systemstream", G_TYPE_BOOLEAN, TRUE, "packetsize",
                                         G_TYPE_INT, 188, nullptr));
  return datagrams(address, caps.get());
}

// RFC 2250 wants the time at which a packet is sent in its head. Some senders, ffmpeg for one, put that of
// the frame inside there, of picture and sound in turn: hundreds of milliseconds back and forth, by which a
// buffer would throw away what is in time. The time of arrival serves for putting in order.
GstPadProbeReturn stampArrival(GstPad*, GstPadProbeInfo* info, gpointer) {
  constexpr gsize kStamp = 4, kHead = 12;  // bytes
  GstBuffer* const packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = packet;
  if (!GST_CLOCK_TIME_IS_VALID(GST_BUFFER_DTS_OR_PTS(packet)) || gst_buffer_get_size(packet) < kHead)
    return GST_PAD_PROBE_OK;
  const guint64 ticks = gst_util_uint64_scale(GST_BUFFER_DTS_OR_PTS(packet), 90'000, GST_SECOND);
  const guint32 stamp = GUINT32_TO_BE(static_cast<guint32>(ticks));
  gst_buffer_fill(packet, kStamp, &stamp, sizeof stamp);
  return GST_PAD_PROBE_OK;
}

// A transport stream in RTP (RFC 2250): what is lost of it shows as gaps in the transport stream.
GstElement* rtp(const FeedAddress& address) {
  const CapsPtr caps(gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, "video", "clock-rate",
                                         G_TYPE_INT, 90'000, "encoding-name", G_TYPE_STRING, "MP2T",
                                         nullptr));
  GstElement* bin = gst_bin_new("source");
  GstElement* const chain[] = {datagrams(address, caps.get()), makeElement("rtpjitterbuffer"),
                               makeElement("rtpmp2tdepay")};
  bool whole = true;
  for (GstElement* element : chain) {
    whole = whole && element != nullptr;
    if (element != nullptr) gst_bin_add(GST_BIN(bin), element);
  }
  if (!whole || gst_element_link_many(chain[0], chain[1], chain[2], nullptr) == FALSE) {
    gst_object_unref(gst_object_ref_sink(bin));
    return nullptr;
  }
  g_object_set(chain[1], "latency", kRtpLatency, nullptr);
  const PadPtr in(gst_element_get_static_pad(chain[1], "sink")),
      out(gst_element_get_static_pad(chain[2], "src"));
  gst_pad_add_probe(in.get(), GST_PAD_PROBE_TYPE_BUFFER, &stampArrival, nullptr, nullptr);
  gst_element_add_pad(bin, gst_ghost_pad_new("src", out.get()));
  return bin;
}

// In the connection itself: what a firewall lets in that nobody asked for is nothing.
GstElement* rtsp(const FeedAddress& address) {
  GstElement* source = makeElement("rtspsrc");
  if (source == nullptr) return nullptr;
  g_object_set(source, "location", address.url.c_str(), "latency", kRtpLatency, "tcp-timeout", kRtspTimeout,
               "user-agent", "diemcau-probe/" DIEMCAU_VERSION, nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "protocols", "tcp");
  return source;
}

// Property by property: a location would be taken apart a second time, by other rules than ours. That nothing
// comes is noticed by the supervisor, which knows what to say.
GstElement* rtmp(const FeedAddress& address) {
  GstElement* source = makeElement("rtmp2src");
  if (source == nullptr) return nullptr;
  g_object_set(source, "host", address.host.c_str(), "port", static_cast<gint>(address.port), "application",
               address.app.c_str(), "stream", address.stream.c_str(), "timeout", kRtmpTimeout, nullptr);
  return source;
}

GstElement* http(const FeedAddress& address) {
  GstElement* source = makeElement("souphttpsrc");
  if (source == nullptr) return nullptr;
  g_object_set(source, "location", address.url.c_str(), "timeout", kHttpTimeout, "retries", 0,
               "automatic-redirect", FALSE, "user-agent", "diemcau-probe/" DIEMCAU_VERSION, nullptr);
  return source;
}

GstElement* sound(const FeedAddress& address) {
  const bool pulse = address.kind == FeedKind::kPulse;
  GstElement* source = makeElement(pulse ? "pulsesrc" : "alsasrc");
  if (source == nullptr) return nullptr;
  // Wakes for as much at once as an encoder's frames hold, and not a hundred times a second.
  g_object_set(source, "latency-time", kSoundPiece, "buffer-time", kSoundBuffer, nullptr);
  if (pulse) g_object_set(source, "client-name", "diemcau-probe", nullptr);
  if (!address.device.empty()) g_object_set(source, "device", address.device.c_str(), nullptr);
  return source;
}

GstElement* pictures(const FeedAddress& address) {
  GstElement* source = makeElement("v4l2src");
  if (source == nullptr) return nullptr;
  g_object_set(source, "device", address.device.c_str(), nullptr);
  return source;
}

GstElement* file(const FeedAddress& address) {
  GstElement* source = makeElement("filesrc");
  if (source == nullptr) return nullptr;
  g_object_set(source, "location", address.path.c_str(), nullptr);
  return source;
}

}  // namespace

const char* containerOf(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size >= 12 && bytes.substr(4, 4) == "ftyp") return "mp4";
  if (bytes.starts_with("\x1A\x45\xDF\xA3")) return "mkv";
  if (bytes.starts_with("FLV\x01")) return "flv";
  // Transport packets of 188 bytes, or of 192 with a time before each.
  constexpr std::array<std::pair<std::size_t, std::size_t>, 2> kShapes = {{{0, 188}, {4, 192}}};
  for (const auto& [first, packet] : kShapes) {
    if (size > first + 2 * packet && data[first] == 0x47 && data[first + packet] == 0x47 &&
        data[first + 2 * packet] == 0x47) {
      return "ts";
    }
  }
  return nullptr;
}

tl::expected<GstElement*, v1::Text> makeSource(const FeedAddress& address, const std::string& passphrase) {
  GstElement* source = nullptr;
  switch (address.kind) {
    case FeedKind::kSrt:
      source = srt(address, passphrase);
      break;
    case FeedKind::kUdp:
      source = udp(address);
      break;
    case FeedKind::kRtp:
      source = rtp(address);
      break;
    case FeedKind::kRtsp:
      source = rtsp(address);
      break;
    case FeedKind::kRtmp:
      source = rtmp(address);
      break;
    case FeedKind::kHls:
      source = http(address);
      break;
    case FeedKind::kFile:
      source = file(address);
      break;
    case FeedKind::kPulse:
    case FeedKind::kAlsa:
      source = sound(address);
      break;
    case FeedKind::kV4l2:
      source = pictures(address);
      break;
    case FeedKind::kTest:
      break;
  }
  if (source == nullptr)
    return bad("thiếu phần tử nguồn của GStreamer", "GStreamer's source element is missing");
  return source;
}

GstCaps* wantedOfDevice(FeedKind kind) {
  if (capturesSound(kind))
    return gst_caps_from_string("audio/x-raw,format={S16LE,S32LE,F32LE},layout=interleaved,channels=[1,8]");
  if (!capturesPictures(kind)) return nullptr;
  // A cable's whole rate, raw before compressed; then whatever there is. A slow USB 2 gives raw pictures of
  // full size five times a second, and compressed ones in time.
  return gst_caps_from_string(
      "video/x-raw,format={NV12,I420,YV12,YUY2,UYVY},framerate=[15/1,60/"
      "1],width=[320,1920],height=[180,1200];"
      "image/jpeg,framerate=[15/1,60/1],width=[320,1920],height=[180,1200];"
      "video/x-raw,format={NV12,I420,YV12,YUY2,UYVY};image/jpeg");
}

tl::expected<const char*, v1::Text> demuxerFor(const FeedAddress& address) {
  if (address.kind == FeedKind::kHls) return "hlsdemux";
  if (address.kind == FeedKind::kRtmp) return "flvdemux";
  if (address.kind != FeedKind::kFile) return "tsdemux";
  std::array<unsigned char, 1024> head{};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(address.path.c_str(), "rb"),
                                                           &std::fclose);
  if (!in) {
    const int error = errno;
    if (error == ENOENT) {
      return bad(fmt::format("không tìm thấy tệp {}", address.path),
                 fmt::format("file not found: {}", address.path));
    }
    return bad(fmt::format("không mở được tệp {}: {}", address.path, std::strerror(error)),
               fmt::format("cannot open the file {}: {}", address.path, std::strerror(error)));
  }
  const std::size_t size = std::fread(head.data(), 1, head.size(), in.get());
  const char* container = containerOf(head.data(), size);
  if (container == nullptr) {
    return bad(fmt::format("tệp {} không phải là MPEG-TS, MP4, Matroska hay FLV", address.path),
               fmt::format("the file {} is not MPEG-TS, MP4, Matroska or FLV", address.path));
  }
  constexpr std::array<std::pair<const char*, const char*>, 3> kDemuxers = {
      {{"mp4", "qtdemux"}, {"mkv", "matroskademux"}, {"flv", "flvdemux"}}};
  for (const auto& [name, demuxer] : kDemuxers)
    if (std::strcmp(container, name) == 0) return demuxer;
  return "tsdemux";
}

}  // namespace diemcau::probe
