// The test sound: a tone whose pitch and loudness swing gently, so that a held buffer is not taken for a
// living one. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace diemcau::studio {

constexpr int kSampleRate = 48'000;
constexpr int kChannels = 2;

class Tone {
 public:
  explicit Tone(double frequency) : frequency_(frequency) {}
  // Fills interleaved stereo; about -23 dBFS rms. The phase goes on from call to call.
  void fill(std::span<std::int16_t> samples);
  // The tone goes on unheard: its phase advances as if it had been filled.
  void skip(std::span<std::int16_t> samples);

 private:
  double frequency_;
  double phase_ = 0;
  std::uint64_t sample_ = 0;
};

// The sound of the scene `clap`: 60 ms of 1 kHz at the begin of each second, else nothing. `from`: number of
// the first sample.
void fillBeeps(std::span<std::int16_t> samples, std::uint64_t from);

// Sound that comes 300 ms later than it should, whenever that is asked for.
class LateSound {
 public:
  // In order, all of it. `late`: what was given 300 ms ago takes its place.
  void pass(std::span<std::int16_t> samples, bool late);

 private:
  std::vector<std::int16_t> past_ = std::vector<std::int16_t>(kSampleRate * 3 / 10 * kChannels);
};

}  // namespace diemcau::studio
