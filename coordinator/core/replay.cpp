// See replay.hpp.
#include "coordinator/core/replay.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace diemcau::core {
namespace {

constexpr std::pair<std::string_view, v1::Phase::Name> kPhases[] = {
    {"session.created", v1::Phase::draft},
    {"session.scheduled", v1::Phase::scheduled},
    {"session.rehearsing", v1::Phase::rehearsing},
    {"rehearsal.finished", v1::Phase::scheduled},
    {"session.armed", v1::Phase::armed},
    {"session.disarmed", v1::Phase::scheduled},
    {"session.live", v1::Phase::live},
    {"session.paused", v1::Phase::paused},
    {"session.resumed", v1::Phase::live},
    {"session.ended", v1::Phase::ended},
    {"session.closed", v1::Phase::closed},
    {"session.cancelled", v1::Phase::cancelled},
};

}  // namespace

ReplayState replay(const ReplayRows& rows, const SharedRecords& records, Micros at) {
  ReplayState out;
  out.at = at;
  for (const auto& row : rows.trace) {
    v1::TraceBatch batch;
    if (!batch.ParseFromString(row)) continue;
    if (batch.at_us() > at) break;
    for (auto& site : *batch.mutable_sites()) {
      const std::string id = site.site_id();
      out.sites[id] = std::move(site);
    }
  }
  for (const auto& entry : rows.timeline) {
    if (entry.at_us() > at) break;
    for (const auto& [kind, phase] : kPhases)
      if (entry.kind() == kind) out.phase = phase;
    if (entry.kind() == "alarm.shelved" || entry.kind() == "alarm.unshelved")
      out.shelves[entry.alarm_id()] = entry;
    out.timeline.push_back(entry);
  }
  for (const auto& record : records)
    if (record->received_us() <= at) out.attendance.add(*record);
  return out;
}

v1::ReplaySpan replaySpan(const ReplayRows& rows) {
  v1::ReplaySpan out;
  const auto reach = [&](Micros at) {
    out.set_first_us(out.first_us() == 0 ? at : std::min<Micros>(out.first_us(), at));
    out.set_last_us(std::max<Micros>(out.last_us(), at));
  };
  for (const auto& entry : rows.timeline) reach(entry.at_us());
  out.set_traced(!rows.trace.empty());
  for (const auto* row : {rows.trace.empty() ? nullptr : &rows.trace.front(),
                          rows.trace.empty() ? nullptr : &rows.trace.back()}) {
    v1::TraceBatch batch;
    if (row != nullptr && batch.ParseFromString(*row)) reach(batch.at_us());
  }
  return out;
}

}  // namespace diemcau::core
