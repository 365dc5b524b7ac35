// What somebody sees whose roles hold in some areas only: nothing of sites outside, neither in lists nor in
// counts nor in sentences. Pure.
#pragma once

#include <map>
#include <string>

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

  void cut(v1::ViewUpdate& update) const;
  v1::SessionList sessions(v1::SessionList list) const;
  v1::SessionView session(v1::SessionView view) const;
  v1::SiteList sites(v1::SiteList list) const;
  v1::AlarmList alarms(v1::AlarmList list) const;
  // Of a session at a moment of its past: counted anew from what is in it.
  v1::ViewUpdate past(v1::ViewUpdate update) const;
  v1::SessionTemplateList templates(v1::SessionTemplateList list) const;  // those that they may use
  v1::AlarmHistory alarms(v1::AlarmHistory history) const;
  v1::Timeline timeline(v1::Timeline timeline) const;
  v1::SittingAttendance attendance(v1::SittingAttendance sitting) const;

 private:
  const Roster& roster() const { return core_.roster(); }
  // Each is asked for many times in one view of a large roster.
  struct Share {
    bool some = false, whole = false;
  };
  const Share& shareOf(const std::string& session_id) const;
  bool hasArea(const std::string& area_id) const;
  bool hasSite(const std::string& site_id) const;

  void strip(v1::Session& session) const;
  void count(v1::SessionView& view) const;
  void countSites(const google::protobuf::RepeatedPtrField<v1::SiteView>& sites,
                  v1::SessionView& counted) const;
  bool keep(v1::Alarm& alarm) const;
  bool keep(const v1::TimelineEntry& entry) const;

  const Core& core_;
  const Scope& scope_;
  const Micros now_;
  mutable std::map<std::string, Share> shares_;
  mutable std::map<std::string, bool> areas_;
};

}  // namespace diemcau::core
