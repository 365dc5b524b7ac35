// The flight recorder: how each site of a running session is, written down when it changes and not otherwise,
// for a replay later. Pure.
//
// What is kept of a site: link, phase, verdict of its readiness, outcome, active feed, conditions of its
// feeds. Changes of about a second are one row. After a restart everything is written once anew.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/history.pb.h"

namespace diemcau::core {

class Recorder {
 public:
  static constexpr Micros kRow = kSecond;
  static constexpr std::size_t kLooks = 2'000;  // sites looked at in one step

  // What is marked holds one of these, and stays where it is.
  struct Mark {
    bool waits = false;
  };
  // Something about the site may have changed.
  void mark(const std::string& site_id, Mark& mark) {
    if (!std::exchange(mark.waits, true)) waiting_.emplace_back(&site_id, &mark);
  }
  // The marked ones, a few at a time.
  std::vector<std::string> take();

  // How it is now.
  void note(const std::string& session_id, v1::SiteTrace now);
  // Nothing is written of this session any more: what was last said is forgotten.
  void end(std::string_view session_id);
  // Rows that are due; all of them at the end of a session.
  void flush(Micros now, StoreBatch& batch);

 private:
  struct Tape {
    std::unordered_map<std::string, std::string> last;  // site -> encoded
    v1::TraceBatch pending;
    std::map<std::string, int, std::less<>> place;  // in `pending`
    Micros since = 0;
    bool ended = false;
  };
  std::deque<std::pair<const std::string*, Mark*>> waiting_;  // longest first, so that nobody waits for ever
  std::map<std::string, Tape, std::less<>> tapes_;
};

}  // namespace diemcau::core
