// What happened, with who and why: append-only. The store keeps all; this keeps the newest of each session.
// Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/timeline.pb.h"

namespace diemcau::core {

constexpr const char* kSystem = "system";

class Timeline {
 public:
  static constexpr std::size_t kKeptPerSession = 2'000;
  static constexpr std::size_t kKeptForViews = 500;

  // Where and who; the text says what and why.
  struct Event {
    std::string_view kind;  // stable word for programs
    std::string_view session_id = {};
    std::string_view site_id = {};
    std::string_view actor = kSystem;
    std::string_view alarm_id = {};
  };
  const v1::TimelineEntry& add(const Event& event, v1::Text text, Micros now, StoreBatch& batch);
  void restore(const v1::TimelineEntry& entry);

  std::uint64_t newest() const { return seq_; }
  // Entries of one session, oldest first; empty id: those outside of any session.
  std::vector<v1::TimelineEntry> of(std::string_view session_id) const;
  // What happened to one alarm, oldest first: all of it, as long as the alarm is known.
  const std::vector<v1::TimelineEntry>& ofAlarm(std::string_view alarm_id) const;
  // The newest `most` after `seq`, oldest first; of all sessions when the id is empty.
  std::vector<const v1::TimelineEntry*> after(std::uint64_t seq, std::string_view session_id,
                                              std::size_t most) const;

 private:
  void keep(const v1::TimelineEntry& entry);
  std::uint64_t seq_ = 0;
  std::map<std::string, std::deque<v1::TimelineEntry>, std::less<>> by_session_;
  std::map<std::string, std::vector<v1::TimelineEntry>, std::less<>> by_alarm_;
  std::deque<v1::TimelineEntry> newest_;
};

}  // namespace diemcau::core
