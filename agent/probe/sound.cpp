#include "agent/probe/sound.hpp"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace diemcau::probe {
namespace {

// 0.6 dB below: a coder makes ripples of what was cut off flat, and AAC leaves most of them below the stop.
// What a limiter holds at -1 dBTP (EBU R 128) ripples past this in less than half a per cent of the samples.
constexpr float kFullScale = 0.935F;
constexpr double kQuiet = -60;  // dBFS rms: hum perhaps, no word
// Mains hum that is louder is no word either, as long as there is next to nothing above it.
constexpr double kHum = -50, kVoice = -66;  // dBFS rms: of everything, and of what is higher than hum
constexpr double kVoiceFrom = 250;          // Hz: five times 50
constexpr double kZero = -90;               // dBFS peak

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

// A second-order high pass (Butterworth), for what is higher than hum.
class SoundMeter::Voice {
 public:
  Voice(unsigned channels, unsigned rate) : states_(channels) {
    const double k = std::tan(M_PI * std::min(kVoiceFrom / rate, 0.45));
    gain_ = 1 / (1 + std::sqrt(2.0) * k + k * k);
    a1_ = 2 * gain_ * (k * k - 1);
    a2_ = gain_ * (1 - std::sqrt(2.0) * k + k * k);
  }
  void begin() { std::fill(states_.begin(), states_.end(), State{}); }
  // The sum of squares of what goes through.
  double add(const float* samples, std::size_t frames) {
    double squares = 0;
    for (std::size_t i = 0; i < frames; ++i) {
      for (State& state : states_) {
        const double in = std::isfinite(*samples) ? gain_ * static_cast<double>(*samples) : 0;
        const double out = in + state.first;
        state.first = state.second - 2 * in - a1_ * out;
        state.second = in - a2_ * out;
        squares += out * out;
        ++samples;
      }
    }
    return squares / static_cast<double>(states_.size());
  }

 private:
  struct State {
    double first = 0, second = 0;
  };
  std::vector<State> states_;
  double gain_ = 1, a1_ = 0, a2_ = 0;
};

SoundMeter::SoundMeter() = default;
SoundMeter::~SoundMeter() = default;

void SoundMeter::add(const float* samples, std::size_t frames, unsigned channels, unsigned rate) {
  if (channels == 0 || rate == 0) return;
  if (channels != channels_ || rate != rate_) {
    loudness_ = std::make_unique<Loudness>(channels, rate);
    voice_ = std::make_unique<Voice>(channels, rate);
    channels_ = channels;
    rate_ = rate;
    squares_ = peak_ = 0;
    frames_ = clipped_ = since_momentary_ = 0;
    loudest_ = -120;
    block_squares_ = block_peak_ = voice_squares_ = 0;
    block_frames_ = 0;
    low_ = false;
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
  if (low_) voice_squares_ += voice_->add(samples, frames);
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
  const auto level = [this](double sum) {
    return decibel(std::sqrt(sum / static_cast<double>(block_frames_)));
  };
  const double all = level(block_squares_);
  const bool hum = low_ && all < kHum && level(voice_squares_) < kVoice;
  const bool quiet = all < kQuiet || hum;
  quiet_s_ = quiet ? quiet_s_ + span : 0;
  zero_s_ = quiet && decibel(block_peak_) <= kZero ? zero_s_ + span : 0;
  block_squares_ = block_peak_ = voice_squares_ = 0;
  block_frames_ = 0;
  // Only after a block that may have been hum the next one is listened to so closely.
  if (!low_) voice_->begin();
  low_ = all < kHum;
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
