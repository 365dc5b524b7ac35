// Sound in which a studio's mark is listened for: a byte a sample. The first byte says the rate and the
// channels.
#include <vector>

#include "tests/fuzz/fuzz.hpp"
#include "wire/tone_mark.hpp"

using namespace diemcau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr unsigned kRates[] = {8000, 16'000, 44'100, 48'000};
  const unsigned rate = kRates[data[0] & 3], channels = 1 + (data[0] >> 2 & 1);
  std::vector<float> samples;
  for (std::size_t i = 1; i < size; ++i)
    samples.push_back(static_cast<float>(static_cast<std::int8_t>(data[i])) / 128);
  wire::ToneMarkReader whole, pieces;
  const std::size_t frames = samples.size() / channels, first = frames / 3;
  const auto heard = whole.add(samples.data(), frames, channels, rate);
  if (heard) MUST(*heard < 1U << 30);
  // However it comes.
  const auto one = pieces.add(samples.data(), first, channels, rate);
  const auto two = pieces.add(samples.data() + first * channels, frames - first, channels, rate);
  MUST((two ? two : one) == heard);
  return 0;
}
