// How soon somebody may try to sign in again.
#include "coordinator/auth/throttle.hpp"

#include <algorithm>
#include <vector>

namespace diemcau::auth {
namespace {

constexpr Micros kForgetAfter = kHour;

}  // namespace

Micros Throttle::wait(const std::string& who, Micros now) const {
  const auto found = failures_.find(who);
  return found == failures_.end() ? 0 : std::max<Micros>(0, found->second.until - now);
}

void Throttle::failed(const std::string& who, Micros now) {
  if (failures_.size() >= kMost && !failures_.contains(who)) forget(now);
  Failures& of = failures_[who];
  if (now - of.last > kForgetAfter) of = {};
  ++of.count;
  of.last = now;
  if (of.count <= free_) return;
  const int doublings = std::min(of.count - free_ - 1, 20);
  of.until = now + std::min(longest_, kSecond << doublings);
}

void Throttle::forgive(const std::string& who) {
  const auto found = failures_.find(who);
  if (found == failures_.end()) return;
  found->second.until = 0;
  if (--found->second.count <= 0) failures_.erase(found);
}

// The oldest half goes: a flood of made-up names must not push out what it is about for free, and costs
// itself.
void Throttle::forget(Micros now) {
  std::erase_if(failures_, [now](const auto& entry) { return now - entry.second.last > kForgetAfter; });
  if (failures_.size() < kMost) return;
  std::vector<Micros> lasts;
  for (const auto& [who, of] : failures_) lasts.push_back(of.last);
  const auto middle = lasts.begin() + static_cast<std::ptrdiff_t>(lasts.size() / 2);
  std::nth_element(lasts.begin(), middle, lasts.end());
  const Micros limit = *middle;
  std::erase_if(failures_, [limit](const auto& entry) { return entry.second.last <= limit; });
}

}  // namespace diemcau::auth
