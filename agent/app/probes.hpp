// The supervisor of the probes: one child process for each feed that is wanted, whatever happens to it. A
// child that ends or is silent is killed and started again; meanwhile its feed counts as lost.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/follower.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::agent {

struct ProbePorts {
  std::function<void(v1::HealthSample)> sample;
  std::function<void(const std::string& feed_id, Micros at_wall)> shown;
  std::function<void(const std::string& feed_id, v1::Text problem)> lost;
  std::function<void(v1::Thumbnail)> thumbnail = {};
};

// The probes of a site as its agent sees them.
class Probes {
 public:
  virtual ~Probes() = default;
  virtual void want(const std::vector<WantedProbe>& probes) = 0;
  virtual void tick() = 0;                            // about ten times a second
  virtual void stop(std::function<void()> gone) = 0;  // asks all to quit; `gone` once, when none is left
};

class ProbeSupervisor final : public Probes {
 public:
  static constexpr Micros kSilence = 3 * kSecond;
  // Until the first line: a cold disk, and GStreamer looking at its plugins for the first time.
  static constexpr Micros kFirstSilence = 12 * kSecond;
  static constexpr Micros kFirstPause = 100 * kMillisecond, kMostPause = kSecond;
  static constexpr Micros kHeld = 10 * kSecond;  // lived this long: the next pause is short again
  static constexpr Micros kGoodbye = kSecond;    // after "quit", then SIGKILL
  static constexpr Micros kHandOver =
      kSecond;  // the longest that a feed stays on the screen for the next one

  ProbeSupervisor(Loop& loop, const Clock& clock, std::vector<std::string> argv, ProbePorts ports,
                  Micros hand_over = kHandOver);
  ~ProbeSupervisor() override;

  void want(const std::vector<WantedProbe>& probes) override;
  void tick() override;
  void stop(std::function<void()> gone) override;
  std::vector<int> pids() const;

 private:
  struct Running;
  void start(Running& running);
  void tell(Running& running);
  void tellAll();
  bool staysForNext(Running& running);
  void line(const std::string& feed_id, std::uint64_t life, std::string_view text);
  void exited(const std::string& feed_id, std::uint64_t life, int status, int signal);
  void fell(Running& running, v1::Text problem);
  void dismiss(Running& running);
  void checkLeaving();

  Loop& loop_;
  const Clock& clock_;
  std::vector<std::string> argv_;
  ProbePorts ports_;
  const Micros hand_over_;                                   // 0: a screen that one program alone can have
  std::map<std::string, std::unique_ptr<Running>> running_;  // by feed
  struct Leaving {
    std::unique_ptr<Child> child;
    std::uint64_t life;
    Micros until;
    bool ended = false;
  };
  std::vector<Leaving> leaving_;
  std::function<void()> gone_;
  std::uint64_t lives_ = 0;
};

}  // namespace diemcau::agent
