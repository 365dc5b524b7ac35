// One site for the integration tests: the real agent in a directory of its own, and what it is asked.
#pragma once

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "net/client.hpp"
#include "tests/integration/agent/hub.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {

using Json = nlohmann::json;

inline std::vector<pid_t> childrenOf(pid_t parent) {
  std::vector<pid_t> pids;
  std::ifstream in("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  for (pid_t pid = 0; in >> pid;) pids.push_back(pid);
  return pids;
}

// Its exit code; standard output, then standard error in `output`.
inline int runToEnd(std::vector<std::string> argv, std::string& output) {
  Process process(std::move(argv));
  while (const auto line = process.line()) output += *line + "\n";
  const auto code = process.wait();
  output += process.errors();
  return code.value_or(-1);
}

// One site: a directory and, most of the time, a running agent.
class SiteUnderTest {
 public:
  explicit SiteUnderTest(Hub& hub, std::string listen = "127.0.0.1:0")
      : hub_(hub), listen_(std::move(listen)) {}

  std::vector<std::string> argv() const {
    return {DIEMCAU_AGENT,         "run",    "--site", "T01",    "--coordinator", hub_.url(), "--data",
            dir_.path() + "/data", "--desk", listen_,  "--show", "none"};
  }
  void start() {
    process_ = std::make_unique<Process>(argv());
    const auto ready = process_->lineThatBegins("ready desk=");
    INFO(process_->errors());
    REQUIRE(ready);
    desk_ = "http://127.0.0.1:" + fields(*ready)["desk"];
  }
  void stop() {
    process_->signal(SIGTERM);
    REQUIRE(process_->wait() == 0);
  }
  // What is on the disk now, and back to it.
  void copyDisk() const {
    std::filesystem::copy(dir_.path() + "/data", dir_.path() + "/copy",
                          std::filesystem::copy_options::recursive);
  }
  void copyBack() const {
    std::filesystem::remove_all(dir_.path() + "/data");
    std::filesystem::rename(dir_.path() + "/copy", dir_.path() + "/data");
  }
  Process& process() { return *process_; }
  std::vector<pid_t> probes() const { return childrenOf(process_->pid()); }
  const std::string& desk() const { return desk_; }

  Json state() const {
    const auto answer = net::httpRequest("GET", desk_ + "/api/desk", "", {}, 10);
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
    return Json::parse(answer->body);
  }
  // Asks the desk until it says so.
  bool becomes(const std::function<bool(const Json&)>& holds) const {
    const auto until = systemClock().steady() + 30 * kSecond;
    while (systemClock().steady() < until)
      if (holds(state())) return true;
    return false;
  }
  // The id of the record.
  std::string post(const std::string& act, const Json& body) const {
    const auto answer = net::httpRequest("POST", desk_ + "/api/desk/" + act, body.dump(),
                                         {{"Content-Type", "application/json"}}, 10);
    REQUIRE(answer);
    INFO(answer->body);
    REQUIRE(answer->status == 200);
    return Json::parse(answer->body)["id"];
  }
  std::string headcount(int present) const {
    return post("headcount", {{"by", "Phạm Thị Dung"}, {"headcount", {{"present", present}}}});
  }
  int command(std::vector<std::string> words, std::string& output) const {
    words.insert(words.begin(), {DIEMCAU_AGENT, "desk"});
    words.insert(words.end(), {"--url", desk_});
    return runToEnd(words, output);
  }

 private:
  Hub& hub_;
  std::string listen_;
  TempDir dir_;
  std::string desk_;
  std::unique_ptr<Process> process_;
};

inline v1::Plan plan(v1::Phase::Name phase, const std::string& main = "test://") {
  v1::Plan plan;
  plan.set_session_id("s1");
  plan.set_title("Giao ban tháng Ba");
  plan.set_phase(phase);
  plan.set_scheduled_start_us(wallNow() + kHour);
  plan.add_sittings()->set_id("sang");
  plan.add_feeds()->set_id("main");
  plan.mutable_feeds(0)->set_uri(main);
  plan.add_feeds()->set_id("backup");
  plan.mutable_feeds(1)->set_uri("test://");
  return plan;
}

inline void assign(Hub& hub, const v1::Plan& plan) {
  hub.assign([&](v1::Assignment& assignment) {
    assignment.clear_plans();
    auto numbered = plan;
    numbered.set_revision(assignment.revision() + 1);
    assignment.add_plans(numbered.SerializeAsString());
  });
}

inline auto phaseIs(v1::SitePhase::Name phase) {
  return [phase](const Hub::State& state) { return state.status.phase() == phase; };
}

// Starts the session now and waits until the site has.
inline v1::Plan goLive(Hub& hub, v1::Plan plan) {
  plan.set_phase(v1::Phase::live);
  plan.set_start_at_us(wallNow() + 2 * kSecond);
  assign(hub, plan);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::started)));
  return plan;
}

}  // namespace diemcau::test
