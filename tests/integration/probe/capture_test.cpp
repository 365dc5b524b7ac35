// The probe on what the machine itself picks up: a sound server of the test's own, devices that are not
// there.
#include <string>

#include "tests/integration/probe/child.hpp"
#include "tests/integration/probe/sound_server.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;

// The profile is a broadcast's, as that of any session.
Json setup(const std::string& uri) {
  return {{"feed", {{"id", "hall"}, {"uri", uri}}},
          {"profile",
           {{"width", 1280},
            {"height", 720},
            {"fps", 25},
            {"video_codec", "h264"},
            {"mark", "x"},
            {"min_bitrate_kbps", 3000},
            {"audio_codec", "aac"}}}};
}

bool heard(const Json& sample) {
  return sample.contains("audio") && sample["audio"]["rms_dbfs"].get<double>() > -40 &&
         sample["conditions"].empty();
}

std::string reason(ProbeChild& probe) {
  const auto told =
      probe.sampleThat([](const Json& s) { return tells(s, "no_signal") && s.contains("problem"); });
  REQUIRE(told);
  CHECK_FALSE((*told)["problem"]["vi"].get<std::string>().empty());
  return (*told)["problem"]["en"];
}

TEST_CASE("a hall's sound: its loudness, silence when it ends, and sound again") {
  const SoundServer server;
  auto tone = server.tone();
  const std::string uri = GENERATE("pulse://hall.monitor", "pulse://", "alsa://hall");
  INFO(uri);
  ProbeChild probe(setup(uri));
  const auto first = probe.sampleThat(heard);
  REQUIRE(first);
  // A device that was just opened begins with nothing for a part of a second.
  const double from = (*first)["t_s"].get<double>() + 1.5;
  const auto good = probe.sampleThat([from](const Json& s) { return s["t_s"] > from && heard(s); });
  REQUIRE(good);
  INFO(good->dump());
  CHECK((*good)["audio"]["rms_dbfs"].get<double>() == Approx(-23).margin(1));
  CHECK((*good)["audio"]["lufs"].get<double>() == Approx(-20).margin(1.5));
  CHECK((*good)["audio"]["channels"] == 2);
  CHECK((*good)["sound_alone"] == true);
  CHECK_FALSE(good->contains("video"));

  tone.reset();
  const auto quiet = probe.sampleThat([](const Json& s) { return tells(s, "silence"); });
  REQUIRE(quiet);
  INFO(quiet->dump());
  CHECK((*quiet)["conditions"].size() == 1);
  tone = server.tone();
  CHECK(probe.sampleThat(heard));
}

TEST_CASE("sound alone begins at the instant too") {
  const SoundServer server;
  const auto tone = server.tone();
  ProbeChild probe(setup("pulse://hall.monitor"));
  REQUIRE(probe.sampleThat(heard));
  const Micros instant = systemClock().wall() + 2 * kSecond;
  probe.say("show " + std::to_string(instant));
  const auto shown = probe.shown();
  REQUIRE(shown);
  CHECK(*shown >= instant);
  probe.say("hide");
  probe.say("show 0");
  CHECK(probe.shown());
}

TEST_CASE("a sound service that ends") {
  SoundServer server;
  const auto tone = server.tone();
  ProbeChild probe(setup("pulse://hall.monitor"));
  REQUIRE(probe.sampleThat(heard));
  server.end();
  CHECK(reason(probe).find("sound service, PulseAudio, is not running") != std::string::npos);
}

TEST_CASE("devices that are not there, and what is none") {
  struct Row {
    const char *uri, *says;
  };
  const SoundServer server;
  for (const Row& row : {Row{"pulse://nobody", "this computer has no device nobody"},
                         Row{"alsa://gone", "this computer has no device gone"},
                         Row{"alsa://hw:7", "this computer has no device hw:7"},
                         Row{"v4l2:///dev/video77", "this computer has no device /dev/video77"},
                         Row{"v4l2:///dev/null", "/dev/null is no camera and no capture card"}}) {
    DYNAMIC_SECTION(row.uri) {
      ProbeChild probe(setup(row.uri));
      CHECK(reason(probe).find(row.says) != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace diemcau::test
