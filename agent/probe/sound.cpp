#include "agent/probe/sound.hpp"

#include <ebur128.h>

#include <algorithm>
#include <cmath>

namespace diemcau::probe {

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
    frames_ = 0;
  }
  float peak = 0;
  double squares = 0;
  for (std::size_t i = 0; i < frames * channels; ++i) {
    const float sample = samples[i];
    if (!std::isfinite(sample)) continue;
    peak = std::max(peak, std::fabs(sample));
    squares += static_cast<double>(sample) * static_cast<double>(sample);
  }
  peak_ = std::max(peak_, static_cast<double>(peak));
  squares_ += squares / channels;
  frames_ += frames;
  if (loudness_->state != nullptr) ebur128_add_frames_float(loudness_->state, samples, frames);
}

SoundLevels SoundMeter::take() {
  SoundLevels out;
  out.frames = frames_;
  if (frames_ == 0) return out;
  out.rms_dbfs = std::min(0.0, decibel(std::sqrt(squares_ / static_cast<double>(frames_))));
  out.peak_dbfs = std::min(0.0, decibel(peak_));
  double momentary = 0;
  if (loudness_->state != nullptr &&
      ebur128_loudness_momentary(loudness_->state, &momentary) == EBUR128_SUCCESS &&
      std::isfinite(momentary)) {
    out.lufs = std::clamp(momentary, -120.0, 10.0);
  }
  squares_ = peak_ = 0;
  frames_ = 0;
  return out;
}

}  // namespace diemcau::probe
