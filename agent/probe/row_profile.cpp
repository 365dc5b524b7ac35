#include "agent/probe/row_profile.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace diemcau::probe {
namespace {

constexpr float kDiffers = 1.5;      // levels, of a row's mean
constexpr double kStripDiffers = 1;  // levels, mean of its rows
constexpr double kLeastHigh = 0.5;   // of the picture, as a page is and a speaker is not
constexpr std::size_t kLeastStrips = 5;
constexpr double kLeastOverlap = 0.35;  // of the rows that differ
constexpr double kSame = 0.35;  // of the difference as they stand: rows lie between samples, and coders blur

}  // namespace

RowProfile::RowProfile(const std::vector<std::uint8_t>& samples, std::size_t wide)
    : high_(wide == 0 ? 0 : samples.size() / wide), rows_(kStrips * high_) {
  const std::size_t strip = wide / kStrips;
  if (strip == 0) return;
  for (std::size_t y = 0; y < high_; ++y) {
    for (std::size_t s = 0; s < kStrips; ++s) {
      const auto from = samples.begin() + static_cast<std::ptrdiff_t>(y * wide + s * strip);
      const unsigned sum = std::accumulate(from, from + static_cast<std::ptrdiff_t>(strip), 0U);
      rows_[s * high_ + y] = static_cast<float>(sum) / static_cast<float>(strip);
    }
  }
}

// Mean over those rows of `later` from `from` to `to` that were in it before.
double RowProfile::difference(const RowProfile& later, std::size_t strip, std::size_t from, std::size_t to,
                              std::ptrdiff_t shift) const {
  const std::size_t begin = shift < 0 ? from + static_cast<std::size_t>(-shift) : from;
  const std::size_t end = shift > 0 ? to - static_cast<std::size_t>(shift) : to;
  double sum = 0;
  for (std::size_t y = begin; y < end; ++y)
    sum += std::abs(later.at(strip, y) -
                    at(strip, static_cast<std::size_t>(static_cast<std::ptrdiff_t>(y) + shift)));
  return sum / static_cast<double>(end - begin);
}

bool RowProfile::scrolledTo(const RowProfile& later) const {
  if (high_ == 0 || later.high_ != high_) return false;
  std::size_t top = high_, bottom = 0;
  for (std::size_t s = 0; s < kStrips; ++s) {
    for (std::size_t y = 0; y < high_; ++y) {
      if (std::abs(later.at(s, y) - at(s, y)) < kDiffers) continue;
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  }
  if (bottom <= top || static_cast<double>(bottom - top) < kLeastHigh * static_cast<double>(high_))
    return false;
  std::vector<std::size_t> strips;
  double standing = 0;
  for (std::size_t s = 0; s < kStrips; ++s) {
    const double as_it_is = difference(later, s, top, bottom, 0);
    if (as_it_is < kStripDiffers) continue;
    strips.push_back(s);
    standing += as_it_is;
  }
  if (strips.size() < kLeastStrips) return false;
  const auto most = static_cast<std::ptrdiff_t>((1 - kLeastOverlap) * static_cast<double>(bottom - top));
  for (std::ptrdiff_t shift = -most; shift <= most; ++shift) {
    double moved = 0;
    for (const std::size_t s : strips) {
      moved += difference(later, s, top, bottom, shift);
      if (moved > kSame * standing) break;
    }
    if (moved <= kSame * standing) return true;
  }
  return false;
}

}  // namespace diemcau::probe
