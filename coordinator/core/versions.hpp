// Which objects of one kind changed since a reader's version: one entry an object, so that a view costs what
// changed and nothing is ever queued. Pure.
//
// A status touches its site and its sessions, thousands of times a second: an object keeps one place for
// good, linked into the order of the last changes, and a touch moves links and allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace diemcau::core {

class Versions {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // `version` is greater than any before it.
  void touch(const std::string& id, std::uint64_t version) { touch(placeOf(id), version); }
  void touch(std::size_t place, std::uint64_t version) {
    unlink(place);
    chain_[place].version = version;
    chain_[place].before = newest_;
    chain_[place].after = kNone;
    if (newest_ != kNone) chain_[newest_].after = place;
    newest_ = place;
  }
  // For good: who touches often keeps it.
  std::size_t placeOf(const std::string& id) {
    const auto [entry, added] = places_.try_emplace(id, chain_.size());
    if (added) chain_.push_back({&entry->first, 0, kNone, kNone});
    return entry->second;
  }
  // Calls `each(id)` for what changed after `since`, oldest change first.
  template <class Each>
  void changed(std::uint64_t since, Each each) const {
    std::size_t first = kNone;
    for (std::size_t at = newest_; at != kNone && chain_[at].version > since; at = chain_[at].before)
      first = at;
    for (; first != kNone; first = chain_[first].after) each(*chain_[first].id);
  }
  std::uint64_t of(const std::string& id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? 0 : chain_[found->second].version;
  }

 private:
  struct Link {
    const std::string* id;  // the map's key, which stays where it is
    std::uint64_t version;
    std::size_t before, after;
  };

  void unlink(std::size_t place) {
    const Link& link = chain_[place];
    if (link.before != kNone) chain_[link.before].after = link.after;
    if (link.after != kNone) chain_[link.after].before = link.before;
    if (newest_ == place) newest_ = link.before;
  }

  std::unordered_map<std::string, std::size_t> places_;
  std::vector<Link> chain_;
  std::size_t newest_ = kNone;
};

}  // namespace diemcau::core
