// Full jitter: a random instant within the window, so that many who lost the coordinator at once do not
// return at once.
#include "wire/backoff.hpp"

#include <algorithm>

namespace diemcau::wire {

Micros Backoff::next(std::uint32_t random) {
  const auto wait = static_cast<Micros>(static_cast<double>(window_) * (random / 4294967296.0));
  window_ = std::max(window_, std::min(window_ * 2, most_));
  return wait;
}

void Backoff::told(Micros window) {
  if (window <= 0) return;
  first_ = std::min(window, kHour);
  window_ = first_;
}

void Backoff::reset() {
  window_ = first_;
}

}  // namespace diemcau::wire
