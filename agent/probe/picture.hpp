// What a decoded picture shows: black, still, and whether a still picture was alive before. Works on a coarse
// grid of luma samples in cells of 8x8, so that it costs little. Knows nothing of GStreamer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "agent/probe/row_profile.hpp"

namespace diemcau::probe {

// One plane of luma. 10-bit planes have two bytes a sample, and `shift` 2; 8-bit luma packed with its colour
// has two bytes a sample, and `shift` 0.
struct LumaPlane {
  const std::uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  int stride = 0;  // bytes
  int sample_bytes = 1;
  int shift = 0;
};

struct PictureVerdict {
  double luma = 0;         // mean of the last picture, 0-255
  bool black = false;      // all pictures of the last 0.9 s were black
  bool still = false;      // nothing moved for a second of consecutive pictures
  bool was_alive = false;  // only with still: the picture stopped out of motion
  bool dark_now = false;   // the last picture alone is black
  bool moved_now = false;  // the last picture differs from the one before
  bool same_now = false;   // no part of it changed its level: noise, and a coder's last touch, do not count
  bool follows = false;    // nothing was left out between the two
  double share = 0;        // of the picture whose level changed between the two, 0-1
  double shift = 0;        // by how much, mean of the whole picture; 0-255
};

class PictureAnalyser {
 public:
  // Pictures in order. `t_s`: the picture's own time, which grows; after a jump of time call reset(). `key`:
  // first of a group. `follows`: nothing was left out since the picture given before.
  void add(const LumaPlane& plane, double t_s, bool key, bool follows);
  void reset();

  const PictureVerdict& verdict() const { return verdict_; }

 private:
  struct Snapshot {
    double t_s;
    std::vector<float> cells;
    RowProfile rows;
  };
  struct Difference {
    std::size_t moved = 0;      // cells that moved
    std::size_t strangers = 0;  // cells that moved and had not been alive
    double mean = 0;
    bool grain = false;
  };

  bool sameShape(const LumaPlane& plane);
  void sample(const LumaPlane& plane);
  bool dark() const;
  Difference compare(double t_s, bool key, bool follows);
  bool grainGoesOn(bool grain);
  void compareLevels(bool key, bool follows);
  void remember(double t_s);
  void advanceBuckets(double t_s);
  void judgeStill(const Difference& difference, double t_s, bool key, bool follows);
  bool touchedUp(const Difference& difference, bool follows) const;
  bool wasAlive() const;
  bool heldAgain() const;
  bool livesOn() const;
  bool resemblesEarlier() const;
  bool wasScrolled() const;

  int width_ = 0, height_ = 0, step_ = 1;
  std::size_t columns_ = 0, rows_ = 0;      // of cells
  std::vector<std::uint8_t> now_, before_;  // samples, columns_ * 8 a row
  std::vector<float> cells_, last_cells_;   // means of the newest picture, and of the one before
  std::vector<float> moves_;                // per cell: mean difference to the picture before
  std::vector<float> sorted_;               // scratch
  std::vector<std::uint32_t> alive_;        // per cell: half seconds in which it moved, newest in bit 0
  std::uint32_t flow_ = 0;   // the same for motion of a good part of the picture, wherever it was
  std::uint32_t grain_ = 0;  // the same for noise all over the picture
  float usual_grain_ = 0;    // of the pictures that had some
  float usual_share_ = 0, recent_share_ = 0;  // of pictures that had some
  unsigned grain_seen_ = 0;                   // pictures that were asked
  std::size_t bright_ = 0;
  bool have_before_ = false;

  double last_t_ = 0;  // of the picture before
  double bucket_ = 0;  // start of the newest half second
  double still_since_ = -1, watched_since_ = -1;
  std::vector<float> stopped_;  // cells of the picture with which it became still
  double dark_since_ = -1;
  bool jumped_ = false;  // the last motion looked like a cut
  struct Motion {
    double mean, moved;
  };
  Motion usualMotion() const;
  std::deque<Motion> motion_;       // the last moving pictures
  std::deque<Snapshot> snapshots_;  // every half second, while it moves
  Snapshot held_{-1e9, {}, {}};     // the last that was still, and when it moved
  bool held_alive_ = false;         // it had been alive
  PictureVerdict verdict_;
};

}  // namespace diemcau::probe
