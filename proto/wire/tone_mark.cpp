#include "wire/tone_mark.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace diemcau::wire {
namespace {

constexpr double kPitches[] = {2100, 2500};  // Hz; a test tone is below
constexpr double kToneBitsASecond = 20;
constexpr unsigned kBeginBits = 11, kNumberBits = 30, kSumBits = 16;
constexpr unsigned kToneBits = kBeginBits + kNumberBits + kSumBits;
constexpr std::uint64_t kBegin = 0b11100010010;  // Barker's: shifted it is not like itself
constexpr double kClearer = 4;                   // of the louder pitch's energy to the other's
constexpr double kFaintest = 1e-5;               // amplitude

std::uint64_t sumOf(std::uint32_t number) {
  std::uint64_t crc = 0xffff;
  for (unsigned i = kNumberBits; i-- > 0;) {
    const bool top = (crc >> 15 & 1) != 0;
    crc = crc << 1 & 0xffff;
    if (top != ((number >> i & 1) != 0)) crc ^= 0x1021;
  }
  return crc;
}

std::optional<std::uint32_t> numberIn(std::uint64_t bits) {
  if ((bits >> (kNumberBits + kSumBits) & ((1U << kBeginBits) - 1)) != kBegin) return {};
  const auto number = static_cast<std::uint32_t>(bits >> kSumBits & ((1U << kNumberBits) - 1));
  if ((bits & 0xffff) != sumOf(number)) return {};
  return number;
}

}  // namespace

ToneMarkSource::ToneMarkSource(std::uint32_t briefing, unsigned rate)
    : bits_(kBegin << (kNumberBits + kSumBits) | std::uint64_t{briefing} << kSumBits | sumOf(briefing)),
      rate_(rate) {}

double ToneMarkSource::next() {
  const auto bit =
      static_cast<unsigned>(static_cast<double>(sample_++) * kToneBitsASecond / rate_) % kToneBits;
  const bool one = (bits_ >> (kToneBits - 1 - bit) & 1) != 0;
  phase_ = std::fmod(phase_ + 2 * std::numbers::pi * kPitches[one ? 1 : 0] / rate_, 2 * std::numbers::pi);
  return std::sin(phase_);
}

void ToneMarkReader::layout(unsigned channels, unsigned rate) {
  *this = ToneMarkReader();
  channels_ = channels;
  rate_ = rate;
  hop_ = static_cast<std::size_t>(rate / kToneBitsASecond / kPhases);
  window_ = hop_ * kPhases;
  last_.assign(window_, 0);
  for (std::size_t table = 0; table < 4; ++table) {
    tables_[table].resize(window_);
    for (std::size_t i = 0; i < window_; ++i) {
      const double turn = 2 * std::numbers::pi * static_cast<double>(i);
      const double hann = (1 - std::cos(turn / static_cast<double>(window_))) / static_cast<double>(window_);
      const double angle = turn * kPitches[table / 2] / rate;
      tables_[table][i] = static_cast<float>(hann * (table % 2 == 0 ? std::cos(angle) : std::sin(angle)));
    }
  }
}

std::optional<bool> ToneMarkReader::bit() const {
  float sums[4] = {};
  for (std::size_t table = 0; table < 4; ++table) {
    const float* wave = tables_[table].data();
    const std::size_t first = window_ - at_;
    for (std::size_t i = 0; i < first; ++i) sums[table] += last_[at_ + i] * wave[i];
    for (std::size_t i = 0; i < at_; ++i) sums[table] += last_[i] * wave[first + i];
  }
  const double zero = sums[0] * sums[0] + sums[1] * sums[1], one = sums[2] * sums[2] + sums[3] * sums[3];
  if (std::max(zero, one) < kFaintest * kFaintest || std::max(zero, one) < kClearer * std::min(zero, one))
    return {};
  return one > zero;
}

std::optional<std::uint32_t> ToneMarkReader::step() {
  phase_ = (phase_ + 1) % kPhases;
  const auto got = bit();
  known_[phase_] = got ? known_[phase_] + 1 : 0;
  bits_[phase_] = bits_[phase_] << 1 | static_cast<std::uint64_t>(got.value_or(false));
  return known_[phase_] >= kToneBits ? numberIn(bits_[phase_]) : std::nullopt;
}

std::optional<std::uint32_t> ToneMarkReader::add(const float* samples, std::size_t frames, unsigned channels,
                                                 unsigned rate) {
  if (channels == 0 || rate < 8000) return {};
  if (channels != channels_ || rate != rate_) layout(channels, rate);
  std::optional<std::uint32_t> out;
  for (std::size_t i = 0; i < frames; ++i) {
    float sum = 0;
    for (unsigned channel = 0; channel < channels; ++channel) sum += samples[i * channels + channel];
    last_[at_] = std::isfinite(sum) ? sum / static_cast<float>(channels) : 0;
    at_ = (at_ + 1) % window_;
    if (++since_ < hop_) continue;
    since_ = 0;
    if (const auto number = step()) out = number;
  }
  return out;
}

}  // namespace diemcau::wire
