// What somebody sees whose roles hold in some areas only: nothing of sites outside, neither in lists nor in
// counts nor in sentences. Pure.
#pragma once

#include "coordinator/core/core.hpp"
#include "coordinator/core/scope.hpp"

namespace diemcau::core {

class ScopedView {
 public:
  ScopedView(const Core& core, const Scope& scope, Micros now) : core_(core), scope_(scope), now_(now) {}

  // A session is theirs to see when one of its sites is.
  bool session(const std::string& session_id) const;
  // All its sites are theirs: then they see it as everybody does.
  bool wholeSession(const std::string& session_id) const;

  v1::ViewUpdate update(v1::ViewUpdate update) const;
  v1::SessionList sessions(v1::SessionList list) const;
  v1::SessionView session(v1::SessionView view) const;
  v1::SiteList sites(v1::SiteList list) const;
  v1::AlarmList alarms(v1::AlarmList list) const;
  v1::Timeline timeline(v1::Timeline timeline) const;
  v1::SittingAttendance attendance(v1::SittingAttendance sitting) const;

 private:
  const Roster& roster() const { return core_.roster(); }
  void strip(v1::Session& session) const;
  void count(v1::SessionView& view) const;
  bool keep(v1::Alarm& alarm) const;
  bool keep(const v1::TimelineEntry& entry) const;

  const Core& core_;
  const Scope& scope_;
  const Micros now_;
};

}  // namespace diemcau::core
