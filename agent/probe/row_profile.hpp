// Means of a picture's rows, in a few strips from top to bottom: what a page is known by when it was
// scrolled. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace diemcau::probe {

class RowProfile {
 public:
  RowProfile() = default;
  // Samples row by row, `wide` of them in each.
  RowProfile(const std::vector<std::uint8_t>& samples, std::size_t wide);

  // Whether all that differs between the two is the same, moved up or down.
  bool scrolledTo(const RowProfile& later) const;

 private:
  static constexpr std::size_t kStrips = 8;
  float at(std::size_t strip, std::size_t row) const { return rows_[strip * high_ + row]; }
  double difference(const RowProfile& later, std::size_t strip, std::size_t from, std::size_t to,
                    std::ptrdiff_t shift) const;

  std::size_t high_ = 0;
  std::vector<float> rows_;  // of one strip after the other
};

}  // namespace diemcau::probe
