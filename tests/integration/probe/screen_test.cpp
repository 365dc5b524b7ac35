// What a hall sees, on the screen of a real X server, and of a real Wayland compositor.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/probe/child.hpp"
#include "tests/integration/probe/studio.hpp"
#include "tests/integration/probe/wayland_screen.hpp"
#include "tests/integration/probe/x_screen.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;

constexpr int kWide = 1280, kHigh = 800;  // the screen; feeds are 16:9, with a black bar above and below
constexpr int kBar = (kHigh - kWide * 9 / 16) / 2;

struct Seen {
  std::uint32_t above, corner;  // colours: in the bar, and just inside the picture at its right edge
  std::string middle;           // pixels
};

template <class Screen>
Seen seenOf(const Screen& screen) {
  return {screen.colour(kWide - 8, kBar / 2), screen.colour(kWide - 8, kHigh - kBar - 8),
          screen.pixels(kWide / 4, kHigh / 2 - 60, kWide / 2, 160)};
}
Seen look(const XScreen& screen) {
  return seenOf(screen);
}
Seen look(const WaylandScreen& screen) {
  return seenOf(screen.shot());
}

// Looks after each sample of the probe.
template <class Screen>
bool seenThat(ProbeChild& probe, const Screen& screen, const std::function<bool(const Seen&)>& holds) {
  return probe.sampleThat([&](const Json&) { return holds(look(screen)); }).has_value();
}

bool bright(std::uint32_t colour) {
  return (colour >> 16 & 255) > 120 || (colour >> 8 & 255) > 120 || (colour & 255) > 120;
}

// The ground of what is shown before the start.
bool blue(const Seen& seen) {
  const auto blue = seen.corner & 255, red = seen.corner >> 16 & 255;
  return seen.above == 0 && blue > 30 && blue < 90 && red < 30;
}

// What is in the middle of the screen while nobody has started the briefing.
template <class Screen>
std::string prepare(ProbeChild& probe, const Screen& screen) {
  probe.say("prepare");
  REQUIRE(seenThat(probe, screen, blue));
  return look(screen).middle;
}

TEMPLATE_TEST_CASE(
    "before the start the screen tells the briefing and runs a clock down, then it is the feed", "", XScreen,
    WaylandScreen) {
  const TestType screen(kWide, kHigh);
  ProbeChild probe({{"feed", {{"id", "main"}, {"uri", "test://"}}}, {"title", "Giao ban <tuần> & tháng"}},
                   {"--show", "auto"});
  const std::string waiting = prepare(probe, screen);

  probe.say("show " + std::to_string(systemClock().wall() + 8 * kSecond));
  std::vector<std::string> clocks;
  REQUIRE(seenThat(probe, screen, [&](const Seen& seen) {
    if (blue(seen) && seen.middle != waiting && (clocks.empty() || clocks.back() != seen.middle))
      clocks.push_back(seen.middle);
    return clocks.size() == 3;
  }));
  REQUIRE(probe.shown());
  CHECK(seenThat(probe, screen, [](const Seen& seen) { return seen.above == 0 && bright(seen.corner); }));

  probe.say("hide");
  CHECK(seenThat(probe, screen, [&](const Seen& seen) { return seen.above != 0 || !bright(seen.corner); }));
}

TEST_CASE("a feed that is not there at the start: no clock that stands, and the feed when it comes") {
  XScreen screen(kWide, kHigh);
  const int port = freeUdpPort();
  ProbeChild probe({{"feed", {{"id", "main"}, {"uri", srtAddress(port)}}}, {"title", "Giao ban"}},
                   {"--show", "auto"});
  const std::string waiting = prepare(probe, screen);
  probe.say("show " + std::to_string(systemClock().wall() + 4 * kSecond));
  REQUIRE(seenThat(probe, screen, [&](const Seen& seen) { return blue(seen) && seen.middle != waiting; }));
  REQUIRE(seenThat(probe, screen, [&](const Seen& seen) { return blue(seen) && seen.middle == waiting; }));
  Studio studio({"--feed", "main=" + srtAddress(port)});
  REQUIRE(probe.shown());
  CHECK(seenThat(probe, screen, [&](const Seen& seen) { return seen.middle != waiting; }));
}

TEST_CASE("the next feed's window comes with its first picture, and covers the one before") {
  XScreen screen(kWide, kHigh);
  ProbeChild main({{"feed", {{"id", "main"}, {"uri", "test://"}}}}, {"--show", "auto"});
  main.say("show 0");
  REQUIRE(main.shown());
  const auto shows = [](const Seen& seen) { return seen.above == 0 && bright(seen.corner); };
  REQUIRE(seenThat(main, screen, shows));

  const int port = freeUdpPort();
  ProbeChild backup({{"feed", {{"id", "backup"}, {"uri", srtAddress(port)}}}}, {"--show", "auto"});
  backup.say("show 0");
  REQUIRE(backup.sampleThat([](const Json& s) { return tells(s, "no_signal"); }));
  CHECK(shows(look(screen)));
  Studio studio({"--feed", "main=" + srtAddress(port), "--cue", "0 main black"});
  REQUIRE(backup.shown());
  CHECK(seenThat(backup, screen, [](const Seen& seen) { return seen.above == 0 && !bright(seen.corner); }));
}

// What a capture card behind the projector would see of the screen: encoded anew, without what was in the
// stream beside the pictures.
class ScreenCapture {
 public:
  ScreenCapture()
      : port_(std::to_string(freeUdpPort())),
        process_({"/usr/bin/gst-launch-1.0",
                  "-q",
                  "ximagesrc",
                  "use-damage=0",
                  "!",
                  "video/x-raw,framerate=15/1",
                  "!",
                  "videoconvert",
                  "!",
                  "x264enc",
                  "tune=zerolatency",
                  "speed-preset=ultrafast",
                  "bitrate=4000",
                  "key-int-max=15",
                  "!",
                  "mpegtsmux",
                  "alignment=7",
                  "!",
                  "udpsink",
                  "host=127.0.0.1",
                  "port=" + port_}) {}
  std::string address() const { return "udp://127.0.0.1:" + port_; }

 private:
  const std::string port_;
  Process process_;
};

TEST_CASE("the picture on the screen is proven to be the briefing's, or another one's, or one that stands") {
  XScreen screen(kWide, kHigh);
  const auto studioOf = [](const std::string& briefing, const std::string& cue) {
    return std::make_unique<Studio>(std::vector<std::string>{"--feed", "main=" + srtAddress(freeUdpPort()),
                                                             "--scene", "slide", "--mark", briefing,
                                                             "--mark-picture", "--cue", cue});
  };
  const auto ours = studioOf("Giao ban", "18 main freeze 6");
  ProbeChild main({{"feed", {{"id", "main"}, {"uri", ours->srt()}}}}, {"--show", "auto"});
  main.say("show 0");
  REQUIRE(main.shown());

  const ScreenCapture capture;
  ProbeChild watcher({{"feed", {{"id", "hall"}, {"uri", capture.address()}}},
                      {"profile", {{"mark", "Giao ban"}, {"audio_codec", "none"}}}});
  const auto right = watcher.sampleThat([](const Json& s) {
    return s.contains("mark") && s["mark"]["briefing"] == "Giao ban" &&
           s["mark"]["delay_ms"].get<double>() > 0;
  });
  REQUIRE(right);
  INFO(right->dump());
  CHECK((*right)["mark"]["in_picture"] == true);
  CHECK((*right)["mark"]["delay_ms"].get<double>() > 120);  // SRT's latency
  CHECK((*right)["mark"]["stands"] == false);
  CHECK_FALSE(tells(*right, "wrong_feed"));

  REQUIRE(ours->cue("freeze", "begin"));
  const auto stands = watcher.sampleThat([](const Json& s) { return tells(s, "frozen"); });
  REQUIRE(stands);
  CHECK_FALSE(tells(*stands, "wrong_feed"));
  CHECK(watcher.sampleThat([](const Json& s) { return s.contains("mark") && s["conditions"].empty(); }));

  const auto other = studioOf("Họp tổ dân phố", "3600 main black");
  ProbeChild wrong({{"feed", {{"id", "backup"}, {"uri", other->srt()}}}}, {"--show", "auto"});
  wrong.say("show 0");
  REQUIRE(wrong.shown());
  const auto told = watcher.sampleThat([](const Json& s) { return tells(s, "wrong_feed"); });
  REQUIRE(told);
  INFO(told->dump());
  CHECK((*told)["mark"]["briefing"].get<std::string>().starts_with("#"));
}

// Sinks that wait for each other show one picture for ever.
TEST_CASE("a feed without sound moves on the screen") {
  XScreen screen(kWide, kHigh);
  Studio studio(
      {"--feed", "main=" + srtAddress(freeUdpPort()), "--scene", "camera", "--cue", "0 main no_audio"});
  ProbeChild probe({{"feed", {{"id", "main"}, {"uri", studio.srt()}}}}, {"--show", "auto"});
  probe.say("show 0");
  REQUIRE(probe.shown());
  std::vector<std::string> pictures;
  CHECK(seenThat(probe, screen, [&](const Seen& seen) {
    if (pictures.empty() || pictures.back() != seen.middle) pictures.push_back(seen.middle);
    return pictures.size() == 4;
  }));
}

}  // namespace
}  // namespace diemcau::test
