#include "agent/probe/sound.hpp"

#include <ebur128.h>

#include <algorithm>
#include <cmath>

namespace diemcau::probe {
namespace {

constexpr float kFullScale = 0.977F;  // 0.2 dB below: a coder's ripple on what was cut off flat
constexpr double kQuiet = -60;        // dBFS rms: hum perhaps, no word
constexpr double kZero = -90;         // dBFS peak

}  // namespace

struct SoundMeter::Loudness {
  ebur128_state* state = nullptr;
  Loudness(unsigned channels, unsigned rate) : state(ebur128_init(channels, rate, EBUR128_MODE_M)) {}
  ~Loudness() {
    if (state != nullptr) ebur128_destroy(&state);
  }
  Loudness(const Loudness&) = delete;
  Loudness& operator=(const Loudness&) = delete;
};

double decibel(double amplitude) {
  return amplitude > 1e-6 ? std::max(-120.0, 20 * std::log10(amplitude)) : -120.0;
}

SoundMeter::SoundMeter() = default;
SoundMeter::~SoundMeter() = default;

void SoundMeter::add(const float* samples, std::size_t frames, unsigned channels, unsigned rate) {
  if (channels == 0 || rate == 0) return;
  if (channels != channels_ || rate != rate_) {
    loudness_ = std::make_unique<Loudness>(channels, rate);
    channels_ = channels;
    rate_ = rate;
    squares_ = peak_ = 0;
    frames_ = clipped_ = since_momentary_ = 0;
    loudest_ = -120;
    block_squares_ = block_peak_ = 0;
    block_frames_ = 0;
  }
  float peak = 0;
  double squares = 0;
  for (std::size_t i = 0; i < frames * channels; ++i) {
    const float sample = samples[i];
    if (!std::isfinite(sample)) continue;
    const float size = std::fabs(sample);
    peak = std::max(peak, size);
    if (size >= kFullScale) ++clipped_;
    squares += static_cast<double>(sample) * static_cast<double>(sample);
  }
  peak_ = std::max(peak_, static_cast<double>(peak));
  squares_ += squares / channels;
  frames_ += frames;
  weighBlock(squares / channels, peak, frames);
  if (loudness_->state != nullptr) ebur128_add_frames_float(loudness_->state, samples, frames);
  // One for each stretch of 400 ms: no word of a talk is missed.
  since_momentary_ += frames;
  if (since_momentary_ * 5 >= std::size_t{rate} * 2) {
    since_momentary_ = 0;
    loudest_ = std::max(loudest_, momentary());
  }
}

// Pauses are measured here and not in whole seconds, of which a pause of three holds two or three.
void SoundMeter::weighBlock(double squares, double peak, std::size_t frames) {
  block_squares_ += squares;
  block_peak_ = std::max(block_peak_, peak);
  block_frames_ += frames;
  if (block_frames_ * 5 < rate_) return;
  const double span = static_cast<double>(block_frames_) / rate_;
  const bool quiet = decibel(std::sqrt(block_squares_ / static_cast<double>(block_frames_))) < kQuiet;
  quiet_s_ = quiet ? quiet_s_ + span : 0;
  zero_s_ = quiet && decibel(block_peak_) <= kZero ? zero_s_ + span : 0;
  block_squares_ = block_peak_ = 0;
  block_frames_ = 0;
}

double SoundMeter::momentary() const {
  double lufs = 0;
  const bool known = loudness_->state != nullptr &&
                     ebur128_loudness_momentary(loudness_->state, &lufs) == EBUR128_SUCCESS &&
                     std::isfinite(lufs);
  return known ? std::clamp(lufs, -120.0, 10.0) : -120;
}

SoundLevels SoundMeter::take() {
  SoundLevels out;
  out.frames = frames_;
  out.quiet_s = quiet_s_;
  out.zero_s = zero_s_;
  if (frames_ == 0) return out;
  out.rms_dbfs = std::min(0.0, decibel(std::sqrt(squares_ / static_cast<double>(frames_))));
  out.peak_dbfs = std::min(0.0, decibel(peak_));
  out.lufs = momentary();
  out.loudest_lufs = std::max(loudest_, out.lufs);
  out.clipped = 100.0 * static_cast<double>(clipped_) / static_cast<double>(frames_ * channels_);
  squares_ = peak_ = 0;
  loudest_ = -120;
  frames_ = clipped_ = 0;
  return out;
}

void LevelBlocks::add(const float* samples, std::size_t frames, unsigned channels, unsigned rate, double t_s,
                      const Block& block) {
  const auto whole = static_cast<std::size_t>(block_s_ * rate);
  for (std::size_t i = 0; i < frames; ++i) {
    for (unsigned c = 0; c < channels; ++c) {
      const double sample = samples[i * channels + c];
      squares_ += sample * sample;
    }
    if (++frames_ < whole) continue;
    const double begin = t_s + (static_cast<double>(i + 1) - static_cast<double>(frames_)) / rate;
    const double mean = squares_ / static_cast<double>(frames_ * channels);
    block(begin, std::isfinite(mean) ? decibel(std::sqrt(mean)) : -120);
    squares_ = 0;
    frames_ = 0;
  }
}

}  // namespace diemcau::probe
