// A broadcast in the test's own process: a loop, a director, and its events.
#pragma once

#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "tests/studio/director.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::studio::test {

inline Options optionsOf(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "diemcau-studio");
  auto parsed = parseOptions(static_cast<int>(arguments.size()), arguments.data());
  INFO(parsed.text);
  REQUIRE(parsed.options);
  return std::move(*parsed.options);
}

class Broadcast {
 public:
  explicit Broadcast(std::vector<const char*> arguments)
      : events_([this](const std::string& line) {
          const std::lock_guard lock(mutex_);
          lines_.push_back(nlohmann::json::parse(line));
        }),
        director_(loop_, optionsOf(std::move(arguments)), events_, shelf_) {}

  Loop& loop() { return loop_; }
  Director& director() { return director_; }
  HlsShelf& shelf() { return shelf_; }

  // Runs until the broadcast ends by itself.
  void run() {
    REQUIRE(director_.start());
    const Timer limit = loop_.after(kLimit, [this] { loop_.stop(); });
    loop_.run();
    CHECK(director_.failure().empty());
  }
  // Runs on until `done` says so; fails when it does not within the limit.
  void runUntil(const char* what, const std::function<bool()>& done) {
    bool reached = false;
    const Timer look = loop_.every(10 * kMillisecond, [&] {
      reached = done();
      if (reached) loop_.stop();
    });
    const Timer limit = loop_.after(kLimit, [this] { loop_.stop(); });
    loop_.run();
    INFO(what);
    REQUIRE(reached);
  }

  std::vector<nlohmann::json> events(const std::string& kind) {
    const std::lock_guard lock(mutex_);
    std::vector<nlohmann::json> out;
    for (const auto& line : lines_) {
      if (line["event"] == kind) out.push_back(line);
    }
    return out;
  }
  bool told(const char* feed, const char* cue, const char* state) {
    for (const auto& event : events("cue")) {
      if (event["feed"] == feed && event["cue"] == cue && event["state"] == state) return true;
    }
    return false;
  }

 private:
  static constexpr Micros kLimit = 60 * kSecond;

  Loop loop_;
  std::mutex mutex_;
  std::vector<nlohmann::json> lines_;  // guarded by mutex_
  Events events_;
  HlsShelf shelf_;
  Director director_;
};

}  // namespace diemcau::studio::test
