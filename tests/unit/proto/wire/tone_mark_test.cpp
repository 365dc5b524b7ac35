// A mark under a test tone: through noise, other rates and a start anywhere; and nothing else is heard as
// one.
#include "wire/tone_mark.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::wire {
namespace {

// A tone of 440 Hz with the mark 28 dB below it, stereo; noise of a plain kind.
std::vector<float> sound(std::uint32_t briefing, unsigned rate, double seconds, double noise,
                         double mark = 0.004, std::size_t skip = 0) {
  ToneMarkSource source(briefing, rate);
  for (std::size_t i = 0; i < skip; ++i) source.next();
  std::vector<float> out;
  unsigned state = briefing + 1;
  for (std::size_t i = 0; i < static_cast<std::size_t>(seconds * rate); ++i) {
    state = state * 1664525U + 1013904223U;
    const double t = static_cast<double>(i) / rate;
    const double value = 0.1 * std::sin(2 * std::numbers::pi * 440 * t) + mark * source.next() +
                         noise * (static_cast<double>(state >> 8) / (1 << 23) - 1);
    out.push_back(static_cast<float>(value));
    out.push_back(static_cast<float>(value));
  }
  return out;
}

std::optional<std::uint32_t> heard(const std::vector<float>& samples, unsigned rate) {
  ToneMarkReader reader;
  std::optional<std::uint32_t> out;
  constexpr std::size_t kPiece = 1024;
  for (std::size_t at = 0; at < samples.size() / 2; at += kPiece) {
    const auto number =
        reader.add(samples.data() + 2 * at, std::min(kPiece, samples.size() / 2 - at), 2, rate);
    if (number) out = number;
  }
  return out;
}

TEST_CASE("a briefing's number is heard under the tone, from wherever one begins to listen") {
  for (const unsigned rate : {48'000U, 44'100U, 32'000U}) {
    for (const std::uint32_t briefing : {0U, 1U, 0x3fffffffU, 0x12345678U}) {
      for (const double noise : {0.0, 0.01}) {
        CAPTURE(rate, briefing, noise);
        // Two rounds and a bit more: one is whole wherever the first began.
        CHECK(heard(sound(briefing, rate, 6, noise, 0.004, (briefing * 977) % (2 * rate)), rate) == briefing);
      }
    }
  }
}

TEST_CASE("no mark, one that drowns, one that is cut off, silence: nothing is heard") {
  CHECK_FALSE(heard(sound(5, 48'000, 20, 0.05, 0), 48'000));
  CHECK_FALSE(heard(sound(5, 48'000, 20, 0, 0), 48'000));
  CHECK_FALSE(heard(sound(5, 48'000, 20, 0.8), 48'000));
  CHECK_FALSE(heard(sound(5, 48'000, 2.5, 0), 48'000));
  CHECK_FALSE(heard(std::vector<float>(48'000 * 20), 48'000));
  CHECK_FALSE(heard(std::vector<float>(48'000, NAN), 48'000));
}

TEST_CASE("a change of the layout begins anew") {
  ToneMarkReader reader;
  const auto stereo = sound(77, 48'000, 6, 0), other = sound(78, 44'100, 6, 0);
  CHECK(reader.add(stereo.data(), stereo.size() / 2, 2, 48'000) == 77U);
  CHECK(reader.add(other.data(), other.size() / 2, 2, 44'100) == 78U);
  CHECK_FALSE(reader.add(stereo.data(), 100, 0, 48'000));
  CHECK_FALSE(reader.add(stereo.data(), 100, 2, 10));
}

}  // namespace
}  // namespace diemcau::wire
