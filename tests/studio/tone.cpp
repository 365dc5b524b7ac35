// See tone.hpp.
#include "tests/studio/tone.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace diemcau::studio {

namespace {
constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kPeak = 0.1 * 32767;  // -20 dBFS
constexpr std::size_t kBlock = 48;     // the swing is slow: once a millisecond is often enough
}  // namespace

void Tone::fill(std::span<std::int16_t> samples) {
  for (std::size_t at = 0; at < samples.size();) {
    const double t = static_cast<double>(sample_) / kSampleRate;
    const double step = kTurn * (frequency_ + 8 * std::sin(kTurn * 0.2 * t)) / kSampleRate;
    const double loud = kPeak * (1 + 0.25 * std::sin(kTurn * 0.5 * t));
    for (std::size_t i = 0; i < kBlock && at < samples.size(); ++i, at += kChannels, ++sample_) {
      const auto value = static_cast<std::int16_t>(std::lround(loud * std::sin(phase_)));
      samples[at] = value;
      samples[at + 1] = value;
      phase_ = std::fmod(phase_ + step, kTurn);
    }
  }
}

void Tone::skip(std::span<std::int16_t> samples) {
  fill(samples);
  std::fill(samples.begin(), samples.end(), std::int16_t{0});
}

}  // namespace diemcau::studio
