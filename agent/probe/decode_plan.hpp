// Which frames are worth decoding. Every frame is parsed; decoding is what costs. Large predicted frames say
// by themselves that the picture moves, so key frames are enough then. When predicted frames collapse, the
// picture may have stopped or gone black: the group in memory is decoded from its start, and everything after
// it, until frames are large again. Where a key frame has emptied an encoder's buffer, small frames follow it
// in every group: those say nothing new. When most are empty, or they grow uneven, it may stand and leap.
// Small frames are cheap to decode. Where a group is as large as the one before in all that can be told from
// outside, the picture goes on as it did: of such key frames one in two seconds is enough. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <vector>

namespace diemcau::probe {

enum class Decode {
  kSkip,
  kThis,
  kGroup,  // the whole group so far, this frame included
};

class DecodePlan {
 public:
  void setPixels(std::size_t pixels) { pixels_ = pixels; }
  // The pictures are shown: all of them are needed.
  void setShown(bool shown) { shown_ = shown; }
  // All of them are to be measured.
  void setFull(bool full) { full_ = full; }
  // Something is looked for in the pictures themselves: no key frame is left out.
  void setEveryKey(bool every) { every_key_ = every; }

  // For each frame in order. `coded_size`: bytes without filler. `suspect`: the last pictures decoded were
  // black, or leapt.
  Decode next(double t_s, bool key, std::size_t coded_size, bool suspect);
  // Something was damaged or lost: look closely for a second.
  void disturbed();

  // Everything is decoded at present.
  bool watching() const { return watching_; }

 private:
  struct Sized {
    double t_s;
    std::size_t size;
    bool small_as_usual;
  };
  struct Group {
    std::size_t key = 0, sum = 0, largest = 0, frames = 0;  // bytes; the last three of predicted ones
  };
  void begin(double t_s, bool key);
  void note(double t_s, bool key, std::size_t coded_size);
  bool collapsed();
  static bool alike(const Group& a, const Group& b);
  bool leaveOut(double t_s) const;
  void countSmall(bool small);
  bool smallAsUsual() const;
  bool uneven(double t_s);
  bool saves(double t_s);
  bool shaken();
  bool steady() const;
  double watchFor(double t_s, bool suspect, bool small);  // s from here on; 0: no reason

  std::size_t pixels_ = 1280 * 720;
  bool shown_ = false, full_ = false, every_key_ = false;
  bool watching_ = true;
  bool disturbed_ = false;
  double started_at_ = -1, last_key_ = -1, group_s_ = 0, watch_until_ = 0, look_at_ = 0, look_until_ = 0;
  Group group_, group_before_;
  bool as_before_ = false;  // the groups before the newest key frame, and it itself
  double decoded_key_ = -1;
  double unevenness_ = 0, uneven_look_at_ = 0;  // usual one; when it may be a reason again
  int until_weighed_ = 0;                       // frames
  double median_ = 0;                           // bytes, of the predicted frames kept
  std::size_t since_dip_ = 1000;                // predicted frames
  double shaken_at_ = 0, steady_at_ = 0;        // when that was last so
  std::size_t since_key_ = 0;                   // predicted frames
  std::size_t small_run_ = 0;                   // until the last small one after the key frame
  std::array<std::size_t, 4> small_runs_{};     // of the last groups, newest first
  std::deque<Sized> sizes_;                     // predicted frames of the last seconds
  std::vector<std::size_t> sorted_;
};

}  // namespace diemcau::probe
