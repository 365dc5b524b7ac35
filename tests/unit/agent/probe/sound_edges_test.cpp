// What begins and ends in the middle of a wave does not click.
#include "agent/probe/sound_edges.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

constexpr unsigned kChannels = 2, kRate = 48'000;
constexpr std::size_t kFrames = 1024;  // of a piece, as AAC has them

// A tone of 1 kHz whose first sample is its peak, `piece` after `piece`.
std::vector<float> tone(std::size_t piece, std::size_t frames = kFrames) {
  std::vector<float> out;
  for (std::size_t i = piece * frames; i < (piece + 1) * frames; ++i)
    for (unsigned c = 0; c < kChannels; ++c)
      out.push_back(0.5F * static_cast<float>(std::cos(2 * M_PI * 1000 * static_cast<double>(i) / kRate)));
  return out;
}
const float kSteepest = static_cast<float>(0.5 * 2 * M_PI * 1000 / kRate);  // of that tone, per sample

float steepest(const std::vector<float>& heard) {
  float out = std::abs(heard.front());
  for (std::size_t i = kChannels; i < heard.size(); ++i)
    out = std::max(out, std::abs(heard[i] - heard[i - kChannels]));
  return std::max(out, std::abs(heard.back()));
}

void append(std::vector<float>& heard, const std::vector<float>& more) {
  heard.insert(heard.end(), more.begin(), more.end());
}

TEST_CASE("sound rises, goes on unchanged, dies away and may begin again") {
  SoundEdges edges;
  CHECK_FALSE(edges.sounds());
  CHECK(edges.end().empty());
  std::vector<float> heard;
  for (int turn = 0; turn < 2; ++turn) {
    for (std::size_t piece = 0; piece < 3; ++piece) {
      auto samples = tone(piece);
      edges.next(samples, kChannels, kRate);
      if (piece > 0) CHECK(samples == tone(piece));
      append(heard, samples);
    }
    CHECK(edges.sounds());
    append(heard, edges.end());
    CHECK_FALSE(edges.sounds());
  }
  CHECK(steepest(heard) < 1.1F * kSteepest);
  CHECK(steepest(tone(0)) > 5 * kSteepest);  // as it is without
}

TEST_CASE("pieces shorter than an edge, and a rate that changes") {
  SoundEdges edges;
  std::vector<float> heard;
  for (std::size_t piece = 0; piece < 20; ++piece) {
    auto samples = tone(piece, 120);
    edges.next(samples, kChannels, kRate);
    append(heard, samples);
  }
  append(heard, edges.end());
  CHECK(steepest(heard) < 1.1F * kSteepest);

  auto samples = tone(0);
  edges.next(samples, kChannels, kRate);
  std::vector<float> mono(480, 0.5F);
  edges.next(mono, 1, 44'100);
  CHECK(mono.front() == 0);
  CHECK(edges.end().size() == 441);
}

}  // namespace
}  // namespace diemcau::probe
