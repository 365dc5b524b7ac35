// The test sound: a tone whose pitch and loudness swing gently, so that a held buffer is not taken for a
// living one. Pure.
#pragma once

#include <cstdint>
#include <span>

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

}  // namespace diemcau::studio
