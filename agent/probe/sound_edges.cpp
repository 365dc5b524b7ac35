#include "agent/probe/sound_edges.hpp"

#include <algorithm>

namespace diemcau::probe {

void SoundEdges::next(std::vector<float>& samples, unsigned channels, unsigned rate) {
  if (channels == 0 || rate == 0) return;
  if (channels != channels_ || rate != rate_) *this = SoundEdges();
  channels_ = channels;
  rate_ = rate;
  const auto edge = static_cast<std::size_t>(kEdge * rate);
  for (std::size_t i = 0; i < samples.size() / channels && risen_ < edge; ++i, ++risen_) {
    const float gain = static_cast<float>(risen_) / static_cast<float>(edge);
    for (unsigned c = 0; c < channels; ++c) samples[i * channels + c] *= gain;
  }
  const std::size_t kept = std::min(samples.size(), edge * channels);
  last_.insert(last_.end(), samples.end() - static_cast<std::ptrdiff_t>(kept), samples.end());
  if (last_.size() > edge * channels)
    last_.erase(last_.begin(), last_.end() - static_cast<std::ptrdiff_t>(edge * channels));
}

// The last frames backwards go on where the sound stopped.
std::vector<float> SoundEdges::end() {
  std::vector<float> out;
  const std::size_t frames = channels_ == 0 ? 0 : last_.size() / channels_;
  out.reserve(last_.size());
  for (std::size_t i = 0; i < frames; ++i) {
    const float gain = static_cast<float>(frames - i) / static_cast<float>(frames + 1);
    for (unsigned c = 0; c < channels_; ++c) out.push_back(last_[(frames - 1 - i) * channels_ + c] * gain);
  }
  *this = SoundEdges();
  return out;
}

}  // namespace diemcau::probe
