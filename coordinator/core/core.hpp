// The coordinator's decisions: everything between what arrives and what is stored, sent and shown. Pure: no
// socket, no file, no thread, no clock, no randomness; the same inputs at the same times give the same
// effects, which is what lets a whole city run in one deterministic test.
//
// The owner calls one function per event, commits `effects.store`, and only then carries out the rest.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "coordinator/core/attendance.hpp"
#include "coordinator/core/effects.hpp"
#include "coordinator/core/replay.hpp"
#include "coordinator/core/roster.hpp"
#include "diemcau/v1/command.pb.h"
#include "diemcau/v1/history.pb.h"
#include "diemcau/v1/link.pb.h"
#include "diemcau/v1/report.pb.h"
#include "diemcau/v1/view.pb.h"
#include "wire/hub_link.hpp"

namespace diemcau::core {

struct CoreSettings {
  std::string version = "0";
  Micros stale_after = 15 * kSecond;  // G4
  Micros offline_after = 30 * kSecond;
  Micros start_grace = 3 * kSecond;             // after start_at; later is late
  Micros start_tolerance = 500 * kMillisecond;  // a start_us this much after start_at is late
  Micros least_lead = 2 * kSecond;              // GO to start_at
  Micros most_lead = 30 * kSecond;
  Micros rehearsal_length = 45 * kSecond;     // then it ends by itself
  Micros alarm_gather = 1500 * kMillisecond;  // how long a narrow alarm waits for a common cause (G7)
  Micros alarm_clear = 3 * kSecond;           // well for this long: cleared
  Micros link_grace = 5 * kSecond;        // a link that is gone for longer is an alarm in a running session
  Micros loop_delay = 50 * kMillisecond;  // a longer round of the owner's loop is an alarm
  std::uint32_t heartbeat_ms = 5000;
  std::uint32_t status_interval_ms = 1000;
  std::uint32_t reconnect_window_ms = 2000;
};

class Core {
 public:
  explicit Core(CoreSettings settings);
  ~Core();

  // At start, in this order: all objects, all records by order of the ledger, the timeline's entries, then
  // restored(). False: the bytes are not what `kind` says; the store is damaged.
  bool restoreObject(std::string_view kind, std::string_view id, std::string_view body);
  void restoreRecord(const v1::LedgerRecord& record);
  void restoreTimeline(const v1::TimelineEntry& entry);
  void restored(Micros now);

  // A person's act. On an error nothing changed and `effects` is empty.
  Result<v1::CommandReply> command(const v1::Command& command, Micros now, Effects& effects);

  // The sites that a command concerns, sorted; none for one that concerns the whole roster. Fails where the
  // command would, on what it names and does not exist.
  Result<std::vector<std::string>> reach(const v1::Command& command, Micros now) const;
  // Those that take part in a session, or would if the draft were scheduled now; sorted.
  std::vector<std::string> sitesOf(std::string_view session_id, Micros now) const;

  // Events of a site's link. hello: the answer, or why it is refused (kDenied: unknown site, or the name is
  // in use by another agent that is alive; kInvalid: malformed; kConflict with "too old" for a protocol that
  // is not spoken). The caller closes an older link of the same agent with 4409.
  Result<v1::Welcome> siteHello(const v1::Hello& hello, Micros now, Effects& effects);
  void siteHeard(std::string_view site_id, Micros now);  // any frame
  // What is kept of the status is taken out of it. `readiness`: the number of the readiness that it came with
  // (wire/readiness_part.hpp), 0: not known. Where that is readinessTold(), the status may have been read
  // without it: the site says the same as before.
  void siteStatus(std::string_view site_id, v1::Status&& status, Micros now, Effects& effects,
                  std::uint64_t readiness = 0);
  std::uint64_t readinessTold(std::string_view site_id) const;  // 0: none
  // Acknowledge what effects.acks says after the commit. Fails on a gap in the numbers or a malformed record:
  // close 1008.
  Result<void> siteRecords(std::string_view site_id, std::uint64_t epoch, const v1::RecordBatch& batch,
                           Micros now, Effects& effects);
  void siteGone(std::string_view site_id, Micros now, Effects& effects);

  // Time passes: schedules, rehearsals, deadlines, stale links, alarms. Call every 100-500 ms.
  void tick(Micros now, Effects& effects);
  // The longest round of the owner's loop since the last call; looked at in the next tick.
  void loopDelay(Micros longest, Micros now);

  // The newest assignment of a site; empty bytes for an unknown one. Shared bytes are encoded once per
  // revision.
  wire::AssignmentBytes assignment(std::string_view site_id) const;

  // What changed after `since` (0: everything). session_id empty: all sessions and sites.
  v1::ViewUpdate view(std::uint64_t since, std::string_view session_id, Micros now) const;
  // The same into an empty message, which may lie in an arena: an update holds a thousand small ones.
  void view(std::uint64_t since, std::string_view session_id, Micros now, v1::ViewUpdate& out) const;
  std::uint64_t viewVersion() const;

  // Sites are watched in some session: its time must not jump.
  bool watches() const;
  const Roster& roster() const;
  Result<v1::SessionView> session(std::string_view session_id, Micros now) const;
  v1::SessionList sessions() const;  // newest first, without passphrases
  v1::SiteList sites(std::string_view session_id, Micros now) const;
  Result<v1::SiteView> site(std::string_view site_id, Micros now) const;
  v1::AlarmList alarms(std::string_view session_id, bool raised_only) const;  // newest first
  // The feed as it is in the session, secrets too, where `shown` is what people see of it; else `shown`
  // itself. For a test of the feed, and for nothing that is told to anybody.
  v1::Feed wholeFeed(std::string_view session_id, const v1::Feed& shown) const;
  // A session at a moment of its past: fold its records and what the store has with replay(), then this.
  SharedRecords recordsOf(std::string_view session_id) const;
  Result<v1::ViewUpdate> viewThen(std::string_view session_id, const ReplayState& then) const;
  v1::SiteHistory siteHistory(std::string_view site_id, Micros now) const;
  const v1::SiteThumbnail* thumbnail(std::string_view site_id) const;  // null: none
  v1::ThumbnailList thumbnails(Micros after, const std::function<bool(const std::string&)>& shows) const;
  v1::SessionTemplateList templates() const;
  // Newest first; of all sessions when the id is empty, and as far as they concern sites that `shows` admits.
  v1::SentTextList texts(std::string_view session_id, bool with_receipts,
                         const std::function<bool(const std::string&)>& shows) const;
  v1::AlarmHistory alarmHistory(std::string_view session_id) const;  // newest first
  v1::Timeline timeline(std::string_view session_id) const;
  Result<v1::SittingAttendance> attendance(std::string_view session_id, std::string_view sitting_id) const;
  Result<v1::DelegateAttendanceList> delegates(std::string_view session_id, std::string_view sitting_id,
                                               const DelegateQuery& query) const;
  // kind: "sites" or "checkins".
  Result<std::string> attendanceCsv(std::string_view session_id, std::string_view kind) const;
  Result<v1::SessionReport> report(std::string_view session_id, Micros now) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau::core
