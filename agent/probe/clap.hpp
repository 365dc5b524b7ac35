// How far the sound is from the picture by what is in them: a test signal that flashes and beeps together,
// again and again, as for a clapperboard. Both must be regular, alike and alone; where anything else is
// bright or loud beside them nothing is known. So applause, photographers' flashes, cuts on a beat and speech
// tell nothing: a signal that is missed is better than a feed that is wrongly blamed. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "agent/probe/leaps.hpp"

namespace diemcau::probe {

class Clap {
 public:
  // Each in order, in the stream's time; see FlashFinder and BeepFinder.
  void picture(double t_s, double luma);
  void sound(double t_s, double level_db);
  // What was seen and heard so far says nothing of what comes.
  void restart();

  // Above 0 the sound comes late. None while there is no such signal. Of a signal with a period below 1.6 s
  // no more than 0.45 of that: the rest would be taken for the next flash's.
  std::optional<double> skew_ms() const { return skew_ms_; }
  // Beeps come that may be such a signal's: worth decoding every picture. Seldom true for long where no
  // flashes are found.
  bool wantsPictures() const { return sound_s_ < look_until_; }

 private:
  struct Pairs {
    double period_s, level_db, skew_s;
  };
  void forgetAll();
  void judge();
  std::optional<Pairs> pairs(std::size_t count) const;
  std::optional<Pairs> certain() const;
  std::optional<Pairs> moved() const;
  void lookForPictures(double t_s);

  FlashFinder flash_finder_;
  BeepFinder beep_finder_;
  std::deque<Leap> flashes_, beeps_;                      // the last ones, without strays
  double stray_picture_s_ = -1e9, stray_sound_s_ = -1e9;  // the last of each
  double picture_s_ = -1e9, sound_s_ = -1e9;              // the newest
  double judged_s_ = -1e9;                                // the last flash that was
  std::optional<Pairs> signal_;                           // while there is one
  double signal_s_ = -1e9;                                // its last flash
  std::optional<double> skew_ms_;
  double look_until_ = -1e9, next_look_ = -1e9, pause_s_ = 0;
};

}  // namespace diemcau::probe
