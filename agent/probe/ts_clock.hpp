// The times that an MPEG transport stream carries (ISO/IEC 13818-1): clock references against their arrival,
// and the timestamps of picture and sound. Read from the packets themselves, because a demultiplexer mends
// them. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace diemcau::probe {

// By how much the sound's timestamps have moved against the picture's since the start. A multiplexer keeps
// the two a steady way apart, or varies it slowly with the picture's size; what counts is a leap of one that
// the other does not make, and that lasts: after packets that were lost the two lie as before.
class SkewMeter {
 public:
  // In the order of the stream; times in seconds.
  void picture(double t_s);
  void sound(double t_s);
  double skew_ms() const { return skew_ms_; }
  // From one piece of sound to the next, in s; 0: not known.
  double soundStep() const;

 private:
  struct Stream {
    std::deque<double> steps;  // the last ones
    double last = 0;
    bool seen = false;
  };
  std::optional<double> leap(Stream& stream, double t_s);
  void leapt(double expected_change);
  void settle(double sound_s);

  Stream picture_, sound_;
  double fresh_ = 0;               // the sound's time when the last picture came
  std::deque<double> lead_;        // sound's time minus the picture's, at the last pieces of sound
  double before_ = 0;              // of them, when the leap came
  double expected_ = 0;            // change of the lead, if the leap parts the two
  bool settling_ = false;          // a leap is to be looked at
  std::optional<double> settled_;  // the sound's time when the lead is known again
  double skew_ms_ = 0;
};

// What one transport packet says of times; none where it says nothing, or is too damaged to.
unsigned tsPid(const std::uint8_t* packet);
std::optional<std::uint64_t> tsReference(const std::uint8_t* packet);
struct TsUnit {
  unsigned pid = 0;
  bool picture = false;     // or sound
  std::uint64_t ticks = 0;  // when it is decoded
  std::uint64_t shown = 0;  // when it is shown, or heard
};
std::optional<TsUnit> tsUnit(const std::uint8_t* packet);

// 33 bits at 90 kHz, which come round after 26.5 hours, as seconds that go on.
class TsTime {
 public:
  double add(std::uint64_t ticks);
  bool seen() const { return seen_; }

 private:
  bool seen_ = false;
  std::uint64_t last_ = 0;
  std::int64_t sum_ = 0;
};

class TsClock {
 public:
  // A packet that begins a unit or carries a clock reference. `arrival_s`: of a steady clock.
  void add(const std::uint8_t* packet, double arrival_s);

  // How late the newest clock reference came, in seconds against the first of its run; taken once.
  struct Late {
    double s;
    bool fresh;  // the first of a run: those before cannot be compared with it
    // Of the stream, what a sender may hold back and then send at once: a piece of sound, or pictures behind
    // one that is shown after them.
    double bunch_s;
  };
  std::optional<Late> takeLate();
  // The newest decoding time of the picture, in seconds from the first; taken once.
  std::optional<double> takePictureTime();
  double skew_ms() const { return skew_.skew_ms(); }

 private:
  void reference(unsigned pid, std::uint64_t ticks, double arrival_s);
  void unit(const TsUnit& unit);
  void noteOrder(std::uint64_t shown);

  std::optional<unsigned> clock_pid_, picture_pid_, sound_pid_;
  TsTime clock_, picture_, sound_;
  std::optional<std::uint64_t> latest_shown_;  // ticks, of the pictures so far
  double turned_ = 0;                          // s: the furthest that one was shown before an earlier one
  double last_clock_ = 0, base_ = 0;
  bool running_ = false;
  std::optional<Late> late_;
  std::optional<double> picture_time_;
  SkewMeter skew_;
};

}  // namespace diemcau::probe
