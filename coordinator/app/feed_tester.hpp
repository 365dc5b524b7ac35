// Runs diemcau-probe on a feed for some seconds: a child process that is told everything on its standard
// input, so that no passphrase is on a command line, and that is killed when its time is over. Belongs to the
// loop's thread.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "base/result.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::app {

class FeedTester {
 public:
  static constexpr std::size_t kMost = 2;            // at a time
  static constexpr Micros kStarting = 12 * kSecond;  // GStreamer looks at its plugins for the first time
  using Done = std::function<void(Result<v1::FeedTestReport>)>;

  FeedTester(Loop& loop, std::string program) : loop_(loop), program_(std::move(program)) {}

  // `test` is checked. kUnavailable: others are being tested, or the program does not run.
  void run(const v1::FeedTest& test, Done done);
  std::size_t running() const { return running_.size(); }

 private:
  struct Running {
    std::unique_ptr<Child> child;
    Timer limit;
    std::size_t seconds = 0;
    std::vector<v1::HealthSample> samples;  // one a second
    v1::Thumbnail picture;
    Done done;
    int status = 0;
    bool over = false;
  };
  using Place = std::list<Running>::iterator;
  void line(Place test, std::string_view text);
  void finish(Place test);

  Loop& loop_;
  const std::string program_;
  std::list<Running> running_;
};

// The probe that is installed beside this program, or the one that is named; empty: there is none.
std::string probeProgram(const std::string& named);

}  // namespace diemcau::app
