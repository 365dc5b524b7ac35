// The supervisor with real children: small scripts that do what probes do, or fail as they may.
#include "agent/app/probes.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using diemcau::test::TempDir;

namespace {

// Writes what it was told to `heard`, and a sample each 100 ms while its input is open.
constexpr const char* kProbe = R"(#!/bin/sh
read -r setup; echo "$setup" >> "$HEARD"
echo '{"sample":{"t_s":1,"connected":true,"video":{"codec":"h264"}}}'
while read -r line; do
  echo "$line" >> "$HEARD"
  case "$line" in
    show*) echo '{"shown":{"at_us":"77"}}' ;;
    quit) exit 0 ;;
  esac
done
)";

struct Stage {
  TempDir dir;
  Loop loop;
  int samples = 0, lost = 0;
  std::vector<Micros> shown;
  v1::Text problem;
  std::unique_ptr<ProbeSupervisor> probes;
  Timer ticker;

  explicit Stage(const std::string& script, bool there = true) {
    const auto path = dir.write("probe", script);
    ::chmod(path.c_str(), 0700);
    ::setenv("HEARD", (dir.path() + "/heard").c_str(), 1);
    probes = std::make_unique<ProbeSupervisor>(
        loop, systemClock(), std::vector<std::string>{there ? path : path + "-not-there"},
        ProbePorts{.sample = [this](v1::HealthSample sample) { samples += sample.feed_id() == "main"; },
                   .shown = [this](const std::string&, Micros at) { shown.push_back(at); },
                   .lost =
                       [this](const std::string&, v1::Text why) {
                         ++lost;
                         problem = std::move(why);
                       }});
    ticker = loop.every(20 * kMillisecond, [this] { probes->tick(); });
  }
  ~Stage() { probes.reset(); }

  // Runs the loop until it holds, at most 30 s.
  bool until(const std::function<bool()>& holds) {
    bool held = false;
    const auto limit = loop.after(30 * kSecond, [this] { loop.stop(); });
    const auto look = loop.every(10 * kMillisecond, [&] {
      held = holds();
      if (held) loop.stop();
    });
    loop.run();
    return held;
  }
  std::string heard() const {
    std::ifstream in(dir.path() + "/heard");
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

std::vector<WantedProbe> mainFeed(std::optional<Micros> show_at = {}, const std::string& uri = "test://") {
  WantedProbe probe;
  probe.setup.mutable_feed()->set_id("main");
  probe.setup.mutable_feed()->set_uri(uri);
  probe.show_at = show_at;
  return {probe};
}

}  // namespace

TEST_CASE("a probe is told its feed once, when to show, and to hide again") {
  Stage stage(kProbe);
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.samples > 0; }));
  const auto pids = stage.probes->pids();
  auto armed = mainFeed();
  armed[0].prepare = true;
  stage.probes->want(armed);
  REQUIRE(stage.until([&] { return stage.heard().ends_with("prepare\n"); }));
  stage.probes->want(mainFeed(1234));
  stage.probes->want(mainFeed(1234));
  REQUIRE(stage.until([&] { return stage.shown == std::vector<Micros>{77}; }));
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.heard().ends_with("hide\n"); }));
  const auto heard = stage.heard();
  CHECK(heard.find("\"uri\":\"test://\"") != std::string::npos);
  CHECK(heard.find("show 1234\n") != std::string::npos);
  CHECK(heard.find("show 1234\n") == heard.rfind("show 1234\n"));
  CHECK(stage.probes->pids() == pids);
  CHECK(stage.lost == 0);
}

TEST_CASE("how closely to look is said while it runs, and again to a probe that is started anew") {
  Stage stage(kProbe);
  auto feed = mainFeed();
  stage.probes->want(feed);
  REQUIRE(stage.until([&] { return stage.samples > 0; }));
  const auto pids = stage.probes->pids();
  feed[0].setup.mutable_feed()->set_depth(v1::Depth::full);
  stage.probes->want(feed);
  REQUIRE(stage.until([&] { return stage.heard().ends_with("full\n"); }));
  CHECK(stage.probes->pids() == pids);
  CHECK(stage.heard().find("\"full\"") == std::string::npos);  // not in the setup
  ::kill(pids.at(0), SIGKILL);
  REQUIRE(stage.until([&] { return stage.heard().find("full\n") != stage.heard().rfind("full\n"); }));
}

// The backup shows its first picture only when somebody writes into "heard.let".
constexpr const char* kPatient = R"(#!/bin/sh
read -r setup
echo '{"sample":{"t_s":1,"connected":true}}'
while read -r line; do
  echo "$line" >> "$HEARD"
  case "$line" in
    show*) case "$setup" in *backup*) read -r let < "$HEARD.let" ;; esac; echo '{"shown":{"at_us":"77"}}' ;;
    quit) exit 0 ;;
  esac
done
)";

std::vector<WantedProbe> twoFeeds(std::optional<Micros> main, std::optional<Micros> backup) {
  auto feeds = mainFeed(main);
  feeds.push_back(mainFeed(backup).front());
  feeds[1].setup.mutable_feed()->set_id("backup");
  return feeds;
}

TEST_CASE("a feed stays on the screen until the next one is there, and no longer than a moment") {
  for (const bool comes : {true, false}) {
    CAPTURE(comes);
    Stage stage(kPatient);
    const std::string let = stage.dir.path() + "/heard.let";
    REQUIRE(::mkfifo(let.c_str(), 0600) == 0);
    stage.probes->want(twoFeeds(1, {}));
    REQUIRE(stage.until([&] { return stage.shown.size() == 1; }));
    stage.probes->want(twoFeeds({}, 2));
    REQUIRE(stage.until([&] { return stage.heard().find("show 2\n") != std::string::npos; }));
    if (comes) {
      CHECK(stage.heard().find("hide") == std::string::npos);
      std::ofstream(let) << "now\n";
    }
    REQUIRE(stage.until([&] { return stage.heard().find("hide\n") != std::string::npos; }));
    CHECK(stage.shown.size() == (comes ? 2U : 1U));
  }
}

TEST_CASE("the briefing's name is told at the start, and another name makes no other probe") {
  Stage stage(kProbe);
  auto feed = mainFeed();
  feed[0].setup.set_title("Giao ban");
  stage.probes->want(feed);
  REQUIRE(stage.until([&] { return stage.heard().find("Giao ban") != std::string::npos; }));
  REQUIRE(stage.until([&] { return stage.samples > 0; }));
  const auto pids = stage.probes->pids();
  feed[0].setup.set_title("Họp khẩn");
  stage.probes->want(feed);
  CHECK(stage.probes->pids() == pids);
  ::kill(pids.at(0), SIGKILL);
  REQUIRE(stage.until([&] { return stage.heard().find("Họp khẩn") != std::string::npos; }));
}

TEST_CASE("another address is another probe; a feed that is not wanted any more is asked to quit") {
  Stage stage(kProbe);
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.samples == 1; }));
  const auto first = stage.probes->pids();
  stage.probes->want(mainFeed({}, "test://black"));
  REQUIRE(stage.until([&] { return stage.samples == 2; }));
  CHECK(stage.probes->pids() != first);
  stage.probes->want({});
  CHECK(stage.probes->pids().empty());
  bool gone = false;
  stage.probes->stop([&] { gone = true; });
  REQUIRE(stage.until([&] { return gone; }));
  CHECK(stage.lost == 0);
}

TEST_CASE("a probe that is killed counts as lost, is started again and shows what it should") {
  Stage stage(kProbe);
  stage.probes->want(mainFeed(55));
  REQUIRE(stage.until([&] { return stage.shown.size() == 1; }));
  const auto first = stage.probes->pids();
  REQUIRE(first.size() == 1);
  ::kill(first[0], SIGKILL);
  REQUIRE(stage.until([&] { return stage.lost > 0 && stage.shown.size() == 2; }));
  CHECK(stage.problem.en().find("signal 9") != std::string::npos);
  CHECK_FALSE(stage.problem.vi().empty());
  CHECK(stage.probes->pids() != first);
}

TEST_CASE("a probe that ends again and again is tried at least once a second, and its reason told") {
  Stage stage("#!/bin/sh\necho x >> \"$HEARD\"\nexit 69\n");
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.heard().size() >= 2 * 5; }));
  CHECK(stage.lost >= 4);
  CHECK(stage.problem.en().find("GStreamer") != std::string::npos);
}

TEST_CASE("a probe whose decoder hung is started again, and that is told") {
  Stage stage("#!/bin/sh\necho x >> \"$HEARD\"\nexit 70\n");
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.heard().size() >= 2 * 2; }));
  CHECK(stage.problem.en().find("decoder hung") != std::string::npos);
}

TEST_CASE("a probe that is silent is killed and started again") {
  Stage stage(
      "#!/bin/sh\nread -r setup\necho '{\"sample\":{\"connected\":true}}'\necho x >> \"$HEARD\"\nexec sleep "
      "600\n");
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.samples == 2; }));
  CHECK(stage.problem.en().find("silent") != std::string::npos);
}

TEST_CASE("lines that are no reports are left out, the others count") {
  Stage stage(
      "#!/bin/sh\nread -r setup\necho 'GStreamer says hello'\necho '{\"weather\":1}'\n"
      "echo '{\"sample\":{\"connected\":true}}'\nread -r more\nread -r more\n");
  stage.probes->want(mainFeed());
  CHECK(stage.until([&] { return stage.samples == 1; }));
}

TEST_CASE("a program that is not there is a reason and not an end") {
  Stage stage(kProbe, false);
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.lost >= 2; }));
  CHECK_FALSE(stage.problem.vi().empty());
}

TEST_CASE("a probe that will not quit is killed") {
  Stage stage(
      "#!/bin/sh\ntrap '' TERM\nread -r setup\necho '{\"sample\":{\"connected\":true}}'\nexec sleep 600\n");
  stage.probes->want(mainFeed());
  REQUIRE(stage.until([&] { return stage.samples == 1; }));
  const auto pids = stage.probes->pids();
  bool gone = false;
  stage.probes->stop([&] { gone = true; });
  REQUIRE(stage.until([&] { return gone; }));
  REQUIRE(stage.until([&] { return ::kill(pids.at(0), 0) != 0; }));
}
