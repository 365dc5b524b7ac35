// The probe, light and full, on what the studio makes: faults that need weighing, and traps that are none.
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;

struct Cue {
  const char* word;
  double at, seconds;
};

std::string studioFile(const TempDir& dir, const std::string& name, const std::vector<Cue>& cues,
                       double seconds, const std::string& scene = "camera") {
  const std::string path = dir.path() + "/" + name;
  std::vector<std::string> words = {DIEMCAU_STUDIO,
                                    "--scene",
                                    scene,
                                    "--size",
                                    "640x360",
                                    "--kbps",
                                    "1500",
                                    "--file",
                                    path,
                                    "--seconds",
                                    std::to_string(seconds)};
  for (const Cue& cue : cues) {
    words.emplace_back("--cue");
    words.push_back(std::to_string(cue.at) + " main " + cue.word + " " + std::to_string(cue.seconds));
  }
  Process studio(words);
  while (studio.line()) {
  }
  REQUIRE(studio.wait() == 0);
  return path;
}

// The seconds at which each condition was told.
using Told = std::map<std::string, std::vector<double>>;

Told toldBy(Process& probe) {
  Told out;
  while (const auto line = probe.line()) {
    const Json sample = Json::parse(*line);
    for (const Json& name : sample["conditions"]) out[name].push_back(sample["t_s"]);
  }
  return out;
}

std::string inWords(const Told& told) {
  return Json(told).dump();
}

TEST_CASE("a program hears of a condition at once, and a panel's second goes on") {
  const TempDir dir;
  const std::string path =
      studioFile(dir, "black.ts", {{"black", 3.4, 2}, {"black", 7.1, 2}, {"black", 10.8, 2}}, 14);
  Process probe(std::vector<std::string>{DIEMCAU_PROBE, "--json", path});
  int between = 0, seconds = 0;
  double last_s = 0;
  Json before = Json::array();
  while (const auto line = probe.line()) {
    const Json sample = Json::parse(*line);
    const double t_s = sample["t_s"];
    if (sample["conditions"] == before) {
      ++seconds;
    } else if (t_s - last_s < 0.9) {
      ++between;
    }
    before = sample["conditions"];
    last_s = t_s;
  }
  // Six changes at six phases of a second: hardly one falls on it.
  CHECK(between >= 2);
  CHECK(seconds >= 7);
}

TEST_CASE("faults that need weighing are told, in light and in full, and nothing else; traps raise nothing") {
  struct Fault {
    Cue cue;
    const char* condition;
  };
  const std::vector<Fault> faults = {{{"stutter", 12, 7}, "stutter"},
                                     {{"clip", 24, 4}, "clipping"},
                                     {{"skew", 34, 5}, "av_skew"},
                                     {{"jump", 44, 3}, "timestamps"},
                                     {{"quiet", 60, 9}, "too_quiet"}};
  const std::vector<Cue> traps = {
      {"trap_still_noise", 12, 6}, {"trap_slide", 20, 5},     {"trap_window", 26, 6},
      {"trap_dark_slide", 33, 5},  {"trap_dark_room", 39, 6}, {"trap_fade", 46, 6},
      {"trap_cuts", 53, 6},        {"trap_pauses", 60, 10},   {"trap_clap", 72, 11}};
  const TempDir dir;
  std::vector<Cue> cues;
  for (const Fault& fault : faults) cues.push_back(fault.cue);
  const auto bad = studioFile(dir, "bad.ts", cues, 70);
  const auto odd = studioFile(dir, "odd.ts", traps, 85);
  const auto quiet = studioFile(dir, "quiet.ts", {{"trap_quiet_speaker", 12, 30}}, 45);
  // All at once: a file takes as long as it plays.
  std::map<std::string, std::unique_ptr<Process>> probes;
  for (const char* depth : {"--light", "--full"})
    for (const auto& path : {bad, odd, quiet})
      probes[path + depth] =
          std::make_unique<Process>(std::vector<std::string>{DIEMCAU_PROBE, "--json", depth, path});
  for (const std::string depth : {"--light", "--full"}) {
    CAPTURE(depth);
    const Told told = toldBy(*probes[bad + depth]);
    INFO(inWords(told));
    CHECK(told.size() == faults.size());
    for (const auto& [cue, condition] : faults) {
      CAPTURE(condition);
      REQUIRE(told.contains(condition));
      const auto& at = told.at(condition);
      // The probe's own time is behind by what a busy machine did not let it run.
      CHECK(at.front() > cue.at - 3);
      CHECK(at.front() < cue.at + cue.seconds + 1);
      CHECK(at.back() < cue.at + cue.seconds + 10);
    }
    for (const auto& path : {odd, quiet}) {
      const Told nothing = toldBy(*probes[path + depth]);
      INFO(path << inWords(nothing));
      CHECK(nothing.empty());
    }
  }
}

TEST_CASE("sound that is late under right timestamps is told while a test signal flashes and beeps") {
  const TempDir dir;
  const auto path = studioFile(dir, "clap.ts", {{"skew_content", 12.3, 7}}, 32, "clap");
  std::map<std::string, std::unique_ptr<Process>> probes;
  for (const char* depth : {"--light", "--full"})
    probes[depth] = std::make_unique<Process>(std::vector<std::string>{DIEMCAU_PROBE, "--json", depth, path});
  for (auto& [depth, probe] : probes) {
    CAPTURE(depth);
    const Told told = toldBy(*probe);
    INFO(inWords(told));
    REQUIRE(told.contains("av_skew"));
    CHECK(told.size() == 1);
    CHECK(told.at("av_skew").front() > 12.3);
    CHECK(told.at("av_skew").front() < 12.3 + 7 + 1);
    CHECK(told.at("av_skew").back() < 12.3 + 7 + 10);
  }
}

}  // namespace
}  // namespace diemcau::test
