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

void fillBeeps(std::span<std::int16_t> samples, std::uint64_t from) {
  constexpr std::uint64_t kBeep = kSampleRate * 60 / 1000;
  for (std::size_t at = 0; at < samples.size(); at += kChannels) {
    const std::uint64_t since = (from + at / kChannels) % kSampleRate;
    const double value =
        since < kBeep ? 4 * kPeak * std::sin(kTurn * 1000 * static_cast<double>(since) / kSampleRate) : 0;
    samples[at] = samples[at + 1] = static_cast<std::int16_t>(std::lround(value));
  }
}

void LateSound::pass(std::span<std::int16_t> samples, bool late) {
  const auto shift = static_cast<std::ptrdiff_t>(samples.size());
  past_.insert(past_.end(), samples.begin(), samples.end());
  if (late) std::copy_n(past_.begin(), shift, samples.begin());
  past_.erase(past_.begin(), past_.begin() + shift);
}

}  // namespace diemcau::studio
