// What happened in one run, in order, as a stranger with a perfect clock would have seen it: what people were
// told, what was committed, what passed on the network, what was on the screens, what the centre showed. The
// checker reads nothing else.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "tests/sim/calendar.hpp"

namespace diemcau::sim {

enum class What {
  kNote,           // a: words, for the reader
  kFault,          // a: which, b: where, x: 1 begins, 0 ends
  kCentreUp,       //
  kCentreDown,     //
  kCentreClock,    // x: how far its clock is ahead of true time
  kHallUp,         // site, a: agent id
  kHallDown,       // site, x: 1 by a power cut
  kRecordSaved,    // site, a: id: the person read "saved"; x: number
  kRecordRefused,  // site, a: id: the person read an error
  kRecordSent,     // site, a: id, x: number, y: epoch: it reached the centre
  kAckDelivered,   // site, x: number, y: epoch
  kHello,          // site, x: revision, y: epoch, z: acked
  kRevisionTold,   // site, x: revision: by a status that reached the centre
  kHeard,          // site: a frame of it reached the centre (the first of each second)
  kAssigned,       // site, a: session, b: hash of the content, x: revision, y: the plan's, z: start_at; text:
                   // phase
  kLinkOpened,     // site, x: connection
  kLinkEnded,      // site, x: connection
  kScreen,         // site, a: feed, or empty: dark; x: site's estimate of the centre's clock was known
  kSource,         // a: feed, x: a condition, 0 well: of the broadcast itself
  kSessionCommitted,  // a: session, x: revision, y: phase, z: start_at
  kRecordCommitted,   // site, a: id, x: number, y: epoch
  kEntryCommitted,    // site, a: kind, b: actor, x: seq, y: at; text
  kActTold,           // a: actor, b: kind of the entry, x: when it was asked; text: what was asked
  kShown,             // site, x: link state, y: heard_us: as a console has it
  kVerdict,           // site, x: outcome, y: started_us, z: acked_us: as a console has it
  kAlarmShown,        // a: id, b: kind/scope/condition/feed, x: raised 1, y: sites; text: sites
  kWaits,             // site, x: most bytes on their way on one connection
  kEnd,               // the run is over
};

struct Event {
  Micros at = 0;
  What what = What::kNote;
  std::string site, a, b, text;
  std::int64_t x = 0, y = 0, z = 0;
};

class History {
 public:
  explicit History(const Calendar& calendar) : calendar_(calendar) {}
  Event& add(What what, std::string site = {}, std::string a = {}, std::string b = {}, std::int64_t x = 0,
             std::int64_t y = 0, std::int64_t z = 0, std::string text = {});
  const std::vector<Event>& events() const { return events_; }
  void print(std::ostream& out) const;
  std::uint64_t hash() const;

 private:
  const Calendar& calendar_;
  std::vector<Event> events_;
};

const char* wordOf(What what);
std::string lineOf(const Event& event);

}  // namespace diemcau::sim
