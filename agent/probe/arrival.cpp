#include "agent/probe/arrival.hpp"

#include <algorithm>

namespace diemcau::probe {
namespace {

constexpr std::size_t kHabit = 5;      // seconds
constexpr double kLongestBunch = 0.7;  // s
constexpr double kAround = 0.06;       // s: what comes around it, a picture and a half

}  // namespace

void Arrival::add(double late_s, bool fresh, double bunch_s) {
  if (fresh) first_.clear();
  if (fresh || !least_) least_ = most_ = late_s;
  least_ = std::min(*least_, late_s);
  most_ = std::max(*most_, late_s);
  bunch_ = bunch_s > 0 ? std::min(bunch_s + kAround, kLongestBunch) : 0;
}

double Arrival::habit() const {
  if (first_.size() < kHabit) return bunch_;
  std::vector<double> sorted = first_;
  std::nth_element(sorted.begin(), sorted.begin() + kHabit / 2, sorted.end());
  return std::min(bunch_, sorted[kHabit / 2]);
}

std::optional<double> Arrival::spread() const {
  if (!least_) return {};
  return std::max(0.0, *most_ - *least_ - habit());
}

void Arrival::endSecond() {
  if (least_ && first_.size() < kHabit) first_.push_back(*most_ - *least_);
  least_.reset();
  most_.reset();
}

}  // namespace diemcau::probe
