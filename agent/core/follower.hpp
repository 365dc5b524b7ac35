// The site's side of an assignment: which session matters, which probes should run, what is shown and when,
// and what the status says of it. Pure: the owner hands in events with the time, then makes the world equal
// to probes().
//
// Everything is a level, nothing is an edge: applying the same assignment twice, or restarting in the middle,
// leads to the same probes and the same status.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/checks.hpp"
#include "agent/core/failover.hpp"
#include "agent/core/now.hpp"
#include "base/result.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/health.pb.h"
#include "diemcau/v1/record.pb.h"
#include "diemcau/v1/status.pb.h"

namespace diemcau::agent {

// A probe that should run now.
struct WantedProbe {
  v1::ProbeSetup setup;
  std::optional<Micros> show_at;  // site's wall clock, may be past; nothing: hidden and muted
  bool prepare = false;           // hidden, but the screen is opened already: that can take seconds
};

class Follower {
 public:
  // How long before an automatic start a site that is on its own makes up its mind.
  static constexpr Micros kOwnStartLead = 5 * kSecond;
  // A session that nobody started is not started by itself this long after its time, if it has no end.
  static constexpr Micros kOwnStartLatest = 6 * kHour;
  // Shown later than this after the start: the status says failed and why, until the picture is there.
  static constexpr Micros kShowPatience = 2 * kSecond;
  // A site that was just started, or has just got a link, waits so long for its first clock exchange before
  // it shows: what it kept of the clock may be wrong by an hour, and the exchange is one round trip behind
  // the order. Likewise it looks so long for the coordinator before it starts a session alone.
  static constexpr Micros kFirstExchange = 2 * kSecond;
  static constexpr Micros kTestFor = 10 * kMinute;
  static constexpr const char* kTestFeed = "hall.test";  // the id of what it shows

  // Before the first apply(): what the site said last before it was restarted.
  void restore(const v1::Status& last);

  // True: it was news. False: not newer than what is held. An error: it cannot be read; nothing changed.
  Result<bool> apply(const v1::Assignment& assignment, const Now& now);
  void link(LinkInfo link, const Now& now);
  void clockHeard(const Now& now);  // an exchange with the coordinator: `now` knows of it
  void sample(v1::HealthSample sample, const Now& now);  // of sample.feed_id, conditions already judged
  void shown(const std::string& feed_id, Micros at_wall, const Now& now);
  void lost(const std::string& feed_id, v1::Text problem,
            const Now& now);  // its probe died, hangs or cannot start
  void machine(const Machine& machine) { machine_ = machine; }
  const Machine& machine() const { return machine_; }
  void signOff(const std::string& session_id, const v1::SignOff& sign_off, const std::string& by, Micros at);
  Done received(const std::string& text_id);  // a person has read it
  void tick(const Now& now);

  // Colour bars and a tone on the hall's screen and loudspeakers, for a while. Not while a session is armed
  // or live, and over as soon as one is.
  Done testPicture(bool on, const Now& now);
  struct Test {
    bool on = false;
    Micros until = 0;  // steady
    bool shown = false;
    v1::Text problem;                        // why not
    std::optional<v1::HealthSample> sample;  // what goes out
  };
  const Test& test() const { return test_; }
  bool testAllowed() const { return !busy(); }

  const std::vector<WantedProbe>& probes() const { return probes_; }
  v1::Status status(const Now& now) const;
  // True once after something changed that the centre should hear at once and that the disk should keep.
  bool takeNews(const Now& now);

  const v1::Assignment& assignment() const { return assignment_; }  // with the newest roster; for the disk
  const std::vector<v1::Plan>& plans() const { return plans_; }
  const v1::Plan* plan() const;  // of the session that matters, or null
  v1::SitePhase::Name phase() const { return phase_; }
  const LinkInfo& linkInfo() const { return link_; }
  const std::map<std::string, v1::HealthSample>& samples() const { return samples_; }
  bool waived() const;

 private:
  // A plan as the site must act on it now: its own, or the automatic start that nobody else can give.
  struct Acting {
    const v1::Plan* plan = nullptr;
    v1::Phase::Name phase = v1::Phase::draft;
    Micros start_at = 0;
  };
  Acting acting(const v1::Plan& plan, const Now& now);
  Acting choose(const Now& now);
  void evaluate(const Now& now);
  void enter(const Acting& next, const Now& now);
  void followChecks(const Now& now);
  void followFeeds(const Now& now);
  void wantProbes(const Now& now);
  void correctStart(const Now& now);
  v1::SitePhase::Name sitePhase(const Now& now) const;
  v1::Text startTrouble() const;
  bool probing() const;
  bool showing() const;
  bool rechecks(const v1::Plan& plan, const Now& now) const;  // the centre wants it measured anew
  bool awaitsClock(const Now& now) const;
  bool busy() const;  // armed or live: the screen is not for tests

  v1::Assignment assignment_;
  std::vector<v1::Plan> plans_;
  LinkInfo link_;
  Micros linked_at_ = 0, born_ = 0;  // steady
  Machine machine_;
  std::vector<std::string> received_;

  // The automatic start that this site made alone, until a newer plan of that session says otherwise.
  struct OwnStart {
    std::string session_id;
    std::uint64_t revision = 0;
    Micros start_at = 0;
  };
  OwnStart own_start_;

  // Of the session that matters.
  std::string session_id_;
  Acting acting_;
  v1::SitePhase::Name phase_ = v1::SitePhase::idle;
  v1::Text problem_;
  Micros started_ = 0, start_error_ = 0;
  Micros started_steady_ = 0;  // the same instant, of this run of the program; 0: of an earlier one
  Checks checks_;
  Micros rechecked_ = 0;  // the newest request to measure anew that was begun
  Failover failover_;
  std::map<std::string, v1::HealthSample> samples_;
  std::string show_feed_;
  Micros show_at_ = 0;        // wall
  bool clock_heard_ = false;  // over the present connection
  bool clock_awaited_ = false;
  Micros showing_since_ = 0;  // steady: when this run of the program first meant to show
  Test test_;
  std::vector<WantedProbe> probes_;
  std::string news_;  // what the last takeNews() saw
};

}  // namespace diemcau::agent
