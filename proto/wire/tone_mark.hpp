// A studio's mark under a rehearsal's test tone: the briefing's number in a quiet tone of two pitches, 2,100
// Hz for a zero and 2,500 Hz for a one, twenty bits a second, again and again: 11 bits to find the beginning,
// 30 of the number (wire/picture_mark), CRC-16/CCITT of these. It goes where a picture's marks do not:
// through loudspeakers and a sound card. Never under speech, which is louder there than it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace diemcau::wire {

class ToneMarkSource {
 public:
  ToneMarkSource(std::uint32_t briefing, unsigned rate);
  // The next sample, -1 to 1.
  double next();

 private:
  std::uint64_t bits_;
  double rate_;
  double phase_ = 0;
  std::uint64_t sample_ = 0;
};

class ToneMarkReader {
 public:
  // Interleaved samples, in order. The number of a briefing that was heard to its end; a change of the layout
  // starts anew.
  std::optional<std::uint32_t> add(const float* samples, std::size_t frames, unsigned channels,
                                   unsigned rate);

 private:
  static constexpr std::size_t kPhases = 4;  // a bit is looked at that often: somewhere in it is its middle
  void layout(unsigned channels, unsigned rate);
  std::optional<bool> bit() const;
  std::optional<std::uint32_t> step();

  unsigned channels_ = 0, rate_ = 0;
  std::size_t window_ = 0, hop_ = 0;
  std::vector<float> tables_[4];  // cosine and sine of both pitches, under a Hann window
  std::vector<float> last_;       // samples of a bit's length, a ring
  std::size_t at_ = 0, since_ = 0, phase_ = 0;
  std::uint64_t bits_[kPhases] = {};
  unsigned known_[kPhases] = {};  // bits without a doubtful one
};

}  // namespace diemcau::wire
