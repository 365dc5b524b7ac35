// Sound that begins and ends in the middle of a wave clicks. Here it rises from nothing, and dies away where
// no more of it comes. Samples are interleaved. Pure.
#pragma once

#include <cstddef>
#include <vector>

namespace diemcau::probe {

class SoundEdges {
 public:
  static constexpr double kEdge = 0.01;  // s that sound takes to rise, and to die away

  // A piece that follows the one before: raised where it is the first.
  void next(std::vector<float>& samples, unsigned channels, unsigned rate);
  // What is to be heard behind the last piece; the next one is a first one. Empty where nothing sounds.
  std::vector<float> end();
  bool sounds() const { return !last_.empty(); }

 private:
  unsigned channels_ = 0, rate_ = 0;
  std::size_t risen_ = 0;    // frames since it began, up to the edge's
  std::vector<float> last_;  // the newest frames, as many as an edge has
};

}  // namespace diemcau::probe
