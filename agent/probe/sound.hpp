// Level and loudness of decoded sound. Loudness follows EBU R128 (libebur128).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace diemcau::probe {

struct SoundLevels {
  double rms_dbfs = -120;
  double peak_dbfs = -120;
  double lufs = -120;          // momentary: the last 400 ms
  double loudest_lufs = -120;  // of the momentary ones since the last take
  double clipped = 0;          // 0-100: % of samples at full scale or past it
  std::size_t frames = 0;
  double quiet_s = 0, zero_s = 0;  // until now, however many takes: see AudioHealth
};

class SoundMeter {
 public:
  SoundMeter();
  ~SoundMeter();

  // Interleaved samples, -1 to 1. A change of the layout starts anew.
  void add(const float* samples, std::size_t frames, unsigned channels, unsigned rate);
  // Of everything since the last take; the loudness of now.
  SoundLevels take();
  double quietSeconds() const { return quiet_s_; }
  double zeroSeconds() const { return zero_s_; }

 private:
  struct Loudness;
  class Voice;
  void weighBlock(double squares, double peak, std::size_t frames);
  double momentary() const;
  std::unique_ptr<Loudness> loudness_;
  std::unique_ptr<Voice> voice_;
  unsigned channels_ = 0, rate_ = 0;
  double squares_ = 0, peak_ = 0;
  double loudest_ = -120;
  std::size_t frames_ = 0, clipped_ = 0;
  std::size_t since_momentary_ = 0;  // frames
  double block_squares_ = 0, block_peak_ = 0, quiet_s_ = 0, zero_s_ = 0;
  double voice_squares_ = 0;  // of the block, if it is listened to
  bool low_ = false;          // the block before was no louder than hum may be
  std::size_t block_frames_ = 0;
};

// Decibels relative to full scale, not below -120.
double decibel(double amplitude);

// The level of each short stretch of sound.
class LevelBlocks {
 public:
  using Block = std::function<void(double t_s, double level_db)>;

  explicit LevelBlocks(double block_s) : block_s_(block_s) {}
  // Interleaved samples; `t_s`: when they begin. `block`: for each that is full, in order.
  void add(const float* samples, std::size_t frames, unsigned channels, unsigned rate, double t_s,
           const Block& block);

 private:
  const double block_s_;
  double squares_ = 0;
  std::size_t frames_ = 0;
};

}  // namespace diemcau::probe
