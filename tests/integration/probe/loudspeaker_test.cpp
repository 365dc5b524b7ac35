// What the hall hears when the feed changes: loudspeakers that are a sound server of the test's own.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/integration/probe/child.hpp"
#include "tests/integration/probe/sound_server.hpp"
#include "tests/integration/probe/studio.hpp"
#include "tests/integration/probe/x_screen.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;

// A tone of 1 kHz at -20 dBFS changes by 0.013 from sample to sample, two of them at once by twice that; one
// that breaks off, by up to 0.1.
constexpr float kClick = 0.04F, kLoud = 0.05F;

std::vector<float> samplesIn(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  std::vector<float> out(bytes.size() / sizeof(float));
  std::memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
  return out;
}

TEST_CASE("from one feed to the other and back without a click") {
  const SoundServer server;
  XScreen screen(1280, 720);
  Studio studio({"--feed", "main=" + srtAddress(freeUdpPort())});
  const TempDir dir;
  const std::string path = dir.path() + "/heard.f32";
  Process recorder({"/usr/bin/gst-launch-1.0", "-q", "pulsesrc", "device=hall.monitor", "!",
                    "audio/x-raw,format=F32LE,rate=48000,channels=1", "!", "filesink", "location=" + path});

  const auto feed = [&](const char* id) {
    return std::make_unique<ProbeChild>(Json{{"feed", {{"id", id}, {"uri", studio.srt()}}}},
                                        std::vector<std::string>{"--show", "auto"});
  };
  const auto main = feed("main"), backup = feed("backup");
  const auto anySample = [](const Json&) { return true; };
  const auto flows = [](const Json& s) {
    return s.contains("audio") && s.contains("video") && s["video"].value("fps", 0.0) > 20;
  };
  REQUIRE(main->sampleThat(flows));
  REQUIRE(backup->sampleThat(flows));
  constexpr int kTurns = 6;
  for (int turn = 0; turn < kTurns; ++turn) {
    ProbeChild& on = turn % 2 == 0 ? *main : *backup;
    ProbeChild& off = turn % 2 == 0 ? *backup : *main;
    on.say("show 0");
    if (turn > 0) off.say("hide");
    REQUIRE(on.shown());
    for (int seconds = 0; seconds < 2; ++seconds) REQUIRE(on.sampleThat(anySample));
  }
  backup->say("hide");
  for (int seconds = 0; seconds < 2; ++seconds) REQUIRE(backup->sampleThat(anySample));
  recorder.signal(SIGINT);
  REQUIRE(recorder.wait());

  const auto heard = samplesIn(path);
  std::size_t loud = 0, clicks = 0;
  for (std::size_t i = 1; i < heard.size(); ++i) {
    loud += std::abs(heard[i]) > kLoud ? 1U : 0U;
    clicks += std::abs(heard[i] - heard[i - 1]) > kClick ? 1U : 0U;
  }
  CHECK(loud > 5 * 48'000U);
  // Most of a dozen edges would click; a machine that is too busy may starve the sound server once.
  CHECK(clicks <= 2);
  std::printf("figure: clicks in %d changes of the feed: %zu\n", kTurns, clicks);
}

}  // namespace
}  // namespace diemcau::test
