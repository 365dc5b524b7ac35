// Flashes and beeps: a picture that leaps up and is back at once, a sound that rises out of quiet and ends at
// once. Whatever else is bright or loud is a stray, for it shows that no test signal is on. Pure.
#pragma once

#include <deque>
#include <optional>

namespace diemcau::probe {

struct Leap {
  double t_s = 0;   // of its begin, in the stream's time
  double size = 0;  // of a flash: levels of mean luma by which it leaps; of a beep: its loudest block, dBFS
  bool stray = false;
};

class FlashFinder {
 public:
  // Every decoded picture in order, and its mean luma, 0-255. Pictures that were left out are a stray.
  std::optional<Leap> add(double t_s, double luma);

 private:
  double last_s_ = -1e9, base_ = 0;   // of the picture before the flash
  double since_ = -1e9, height_ = 0;  // of the last leap up
  bool bright_ = false;
};

class BeepFinder {
 public:
  static constexpr double kBlock = 0.005;  // s

  // Blocks of kBlock in order: when each begins, and its level, dBFS rms. A gap is a stray.
  std::optional<Leap> add(double t_s, double level_db);
  // Up to here it is known whether there are beeps.
  double settled_s() const { return loud_ ? burst_.front().t_s : last_s_; }

 private:
  struct Block {
    double t_s, level_db;
  };
  bool rises(double level_db) const;
  std::optional<Leap> goOn(const Block& block);

  std::deque<Block> before_;  // the last blocks
  std::deque<Block> burst_;   // from shortly before it rose
  double last_s_ = -1e9;
  double peak_ = 0, burst_s_ = -1e9;  // of the last burst
  bool loud_ = false;
};

}  // namespace diemcau::probe
