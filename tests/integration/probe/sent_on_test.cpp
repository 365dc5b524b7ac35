// The probe on what ffmpeg sends on from a file, as many a technician does: sound of a low rate in long
// pieces, for which the pictures wait; in RTP, times that go to and fro with them. And over RTSP, with
// pictures that refer to later ones, and in HLS of MP4.
#include <algorithm>

#include "tests/integration/probe/child.hpp"
#include "tests/integration/probe/rtsp_server.hpp"
#include "tests/integration/probe/studio.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

Words ffmpeg(const Words& more) {
  Words out = {"/usr/bin/env", "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

std::string feedFile(const TempDir& dir, const std::string& name, const std::string& size,
                     const std::string& rate) {
  const std::string path = dir.path() + "/" + name;
  Process encoder(ffmpeg({"-f",      "lavfi",    "-i",   "testsrc2=r=25:s=" + size,
                          "-f",      "lavfi",    "-i",   "anoisesrc=c=pink:a=0.2",
                          "-t",      "20",       "-c:v", "libx264",
                          "-preset", "veryfast", "-b:v", rate,
                          "-g",      "50",       "-c:a", "aac",
                          "-b:a",    "64k",      path}));
  if (encoder.wait() != 0) throw std::runtime_error("ffmpeg did not encode: " + encoder.errors());
  return path;
}

// A feed of this address is well received for so many samples, and none of these is told meanwhile; the last
// one.
Json wellReceived(const std::string& address, int samples, const Words& never) {
  ProbeChild probe(Json{{"feed", {{"id", "main"}, {"uri", address}}}});
  int good = 0;
  const auto end = probe.sampleThat([&](const Json& s) {
    good += s.contains("video") && s["video"]["fps"].get<double>() > 20 && s.contains("audio") ? 1 : 0;
    return good == samples ||
           std::any_of(never.begin(), never.end(), [&](const std::string& name) { return tells(s, name); });
  });
  REQUIRE(end);
  INFO(end->dump());
  CHECK(good == samples);
  return *end;
}

TEST_CASE("what ffmpeg sends on from a file is neither uneven nor lossy") {
  const TempDir dir;
  const auto [scheme, format] =
      GENERATE(table<std::string, std::string>({{"udp", "mpegts"}, {"rtp", "rtp_mpegts"}}));
  CAPTURE(scheme);
  const std::string to = scheme + "://127.0.0.1:" + std::to_string(freeUdpPort());
  const std::string file = feedFile(dir, "feed.ts", "640x360", "700k");
  Process sender(ffmpeg({"-re", "-i", file, "-c", "copy", "-f", format, to + "?pkt_size=1316"}));
  CHECK(wellReceived(to, 10, {"jitter", "packet_loss"})["lost_packets"] == 0);
}

TEST_CASE("RTSP whose pictures refer to later ones comes whole") {
  const TempDir dir;
  const RtspServer server(feedFile(dir, "feed.mkv", "1280x720", "2M"));
  CHECK(wellReceived(server.address(), 10, {"corrupted", "packet_loss"})["decode_errors"] == 0);
}

TEST_CASE("HLS whose fragments are MP4") {
  const TempDir dir;
  Process cutter(
      ffmpeg({"-i", feedFile(dir, "feed.mkv", "640x360", "700k"), "-c", "copy", "-f", "hls", "-hls_time", "2",
              "-hls_list_size", "0", "-hls_segment_type", "fmp4", dir.path() + "/feed.m3u8"}));
  REQUIRE(cutter.wait() == 0);
  Process server({"/usr/bin/env", "node", DIEMCAU_FILE_SERVER, dir.path()}, {.input = true, .more = {}});
  const auto ready = server.lineThatBegins("ready ");
  REQUIRE(ready);
  wellReceived("http://127.0.0.1:" + ready->substr(6) + "/feed.m3u8", 5, {"no_signal"});
}

}  // namespace
}  // namespace diemcau::test
