// See recorder.hpp.
#include "coordinator/core/recorder.hpp"

#include <algorithm>

namespace diemcau::core {

std::vector<std::string> Recorder::take() {
  std::vector<std::string> out;
  for (auto count = std::min(kLooks, waiting_.size()); count > 0; --count) {
    const auto [site_id, mark] = waiting_.front();
    out.push_back(*site_id);
    mark->waits = false;
    waiting_.pop_front();
  }
  return out;
}

void Recorder::note(const std::string& session_id, v1::SiteTrace now) {
  auto& tape = tapes_[session_id];
  if (tape.ended) return;
  auto encoded = now.SerializeAsString();
  auto& last = tape.last[now.site_id()];
  if (last == encoded) return;
  last = std::move(encoded);
  const auto [place, added] = tape.place.emplace(now.site_id(), tape.pending.sites_size());
  if (added)
    *tape.pending.add_sites() = std::move(now);
  else
    *tape.pending.mutable_sites(place->second) = std::move(now);
}

void Recorder::end(std::string_view session_id) {
  const auto found = tapes_.find(session_id);
  if (found != tapes_.end()) found->second.ended = true;
}

void Recorder::flush(Micros now, StoreBatch& batch) {
  for (auto entry = tapes_.begin(); entry != tapes_.end();) {
    auto& [id, tape] = *entry;
    if (!tape.pending.sites().empty()) {
      if (tape.since == 0) tape.since = now;
      if (tape.ended || now - tape.since >= kRow || now < tape.since) {
        tape.pending.set_session_id(id);
        tape.pending.set_at_us(now);
        batch.trace.push_back({id, now, tape.pending.SerializeAsString()});
        tape.pending.Clear();
        tape.place.clear();
        tape.since = 0;
      }
    }
    entry = tape.ended && tape.pending.sites().empty() ? tapes_.erase(entry) : std::next(entry);
  }
}

}  // namespace diemcau::core
