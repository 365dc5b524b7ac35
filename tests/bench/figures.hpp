// What the bench makes of its numbers. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace diemcau::bench {

// Of an even number of values the mean of the two in the middle; of none, 0.
double median(std::vector<double> values);

// Nearest rank: the least value that at least `share` (0-1) of all do not exceed. Of none, 0.
double percentile(std::vector<double> values, double share);

struct Spread {
  double median = 0, least = 0, most = 0;
  std::size_t count = 0;
};
Spread spreadOf(const std::vector<double>& values);

// How often `base` goes into `value`; 0 where that says nothing.
double ratio(double value, double base);

// At least three significant digits without an exponent: "12,345", "123", "12.3", "0.0123".
std::string shortNumber(double value);

// How a cost grows: b of y = a x^b, fitted to the logarithms. 1: with the work and no faster. Points that are
// not above 0 are left out; with fewer than two different x, 0.
double growth(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace diemcau::bench
