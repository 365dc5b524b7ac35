// Which objects of one kind changed since a reader's version: one entry an object, so that a view costs what
// changed and nothing is ever queued. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace diemcau::core {

class Versions {
 public:
  void touch(const std::string& id, std::uint64_t version) {
    auto& known = by_id_[id];
    if (known != 0) by_version_.erase(known);
    known = version;
    by_version_.emplace(version, id);
  }
  // Calls `each(id)` for what changed after `since`, oldest change first.
  template <class Each>
  void changed(std::uint64_t since, Each each) const {
    for (auto entry = by_version_.upper_bound(since); entry != by_version_.end(); ++entry)
      each(entry->second);
  }
  std::uint64_t of(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<std::string, std::uint64_t> by_id_;
  std::map<std::uint64_t, std::string> by_version_;
};

}  // namespace diemcau::core
