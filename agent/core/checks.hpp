// The checks of one site for one session: what is measured here, and what only the technician can see. Pure.
//
// A measured check is `running` until it is ok, or until its patience is over: then it failed, with what is
// wrong at that moment. It goes on being measured while a rehearsal lasts or the session is armed, and
// changes when the facts do. The technician's checks are not_run until confirmed; they belong to the session
// and outlive a new rehearsal.
#pragma once

#include <map>
#include <string>

#include "agent/core/now.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/health.pb.h"
#include "diemcau/v1/readiness.pb.h"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

struct LinkInfo {
  bool connected = false;  // welcomed by the coordinator
  bool too_old = false;    // the coordinator refused our protocol
  v1::Text problem;        // why not connected
  bool quiet = false;      // connected, but it does not answer: it may be gone
};

struct Machine {
  bool known = false;
  std::uint64_t disk_free = 0;  // bytes, where the spool is
  Micros late = 0;              // mean delay of a timer over the last seconds: how long work waits for a core
};

class Checks {
 public:
  static constexpr Micros kMostClockError = 50 * kMillisecond;
  static constexpr Micros kFeedClearFor = 3 * kSecond;
  static constexpr Micros kFeedPatience =
      12 * kSecond;  // a probe needs some seconds to connect and see a key frame
  static constexpr Micros kOtherPatience = 8 * kSecond;    // link, clock: one reconnect and some pings
  static constexpr Micros kFeedBadFor = 2 * kSecond;       // an ok feed must be bad this long to fail
  static constexpr Micros kMostLate = 200 * kMillisecond;  // pictures stutter visibly beyond five frames
  static constexpr std::uint64_t kLeastDisk = 64ULL << 20;

  struct Facts {
    const LinkInfo& link;
    const Machine& machine;
    const v1::Plan& plan;
    const std::map<std::string, v1::HealthSample>& samples;  // newest of each feed
  };

  // Another session: everything anew. `rehearsal` 0: measured outside of a rehearsal.
  void begin(const v1::Plan& plan, std::uint32_t rehearsal, const Now& now);
  // The probes were started again: their verdicts stay until there are new ones.
  void resume(const Now& now);
  void restore(const v1::Readiness& readiness);
  void clear();
  void update(const Facts& facts, const Now& now);
  // The rehearsal is over: what has no verdict yet gets none.
  void finish(const Now& now);
  void signOff(const std::string& session_id, const v1::SignOff& sign_off, const std::string& by, Micros at);
  const v1::Readiness& readiness() const { return readiness_; }

 private:
  struct Feed {
    Micros clear_since = 0, bad_since = 0;
  };
  v1::Check& check(v1::Check::Kind kind);
  void set(v1::Check::Kind kind, v1::Check::Verdict verdict, v1::Text reason, Micros at);
  void feed(v1::Check::Kind kind, int index, const Facts& facts, const Now& now);
  void link(const Facts& facts, const Now& now);
  void clock(const Now& now);
  void machine(const Facts& facts, const Now& now);
  void judge();
  bool patient(const Now& now, Micros patience) const { return now.steady - began_ < patience; }

  v1::Readiness readiness_;
  Micros began_ = 0;
  std::map<int, Feed> feeds_;
};

}  // namespace diemcau::agent
