// Levels of tones whose values are known.
#include "agent/probe/sound.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

std::vector<float> tone(double amplitude, unsigned channels, std::size_t frames, double hertz = 1000) {
  std::vector<float> out;
  for (std::size_t i = 0; i < frames; ++i) {
    const double value = amplitude * std::sin(2 * M_PI * hertz * static_cast<double>(i) / 48000);
    for (unsigned c = 0; c < channels; ++c) out.push_back(static_cast<float>(value));
  }
  return out;
}

TEST_CASE("a tone of known level") {
  struct Row {
    double amplitude, rms, peak;
  };
  for (const Row& row : {Row{1, -3.01, 0}, Row{0.1, -23.01, -20}, Row{0.001, -63.01, -60}}) {
    SoundMeter meter;
    const auto samples = tone(row.amplitude, 2, 48000);
    meter.add(samples.data(), 48000, 2, 48000);
    const SoundLevels levels = meter.take();
    CHECK(levels.rms_dbfs == Approx(row.rms).margin(0.05));
    CHECK(levels.peak_dbfs == Approx(row.peak).margin(0.05));
    CHECK(levels.frames == 48000);
    // EBU R128: a stereo tone of 1 kHz is 0.0 LU from its level in each channel, K-weighting adds about 0.7
    // at most.
    CHECK(levels.lufs == Approx(row.rms + 3).margin(0.8));
  }
}

TEST_CASE("the loudest stretch of a second, and sound that is cut off flat") {
  SoundMeter meter;
  const auto word = tone(0.1, 2, 19'200), pause = tone(0.0005, 2, 28'800);
  meter.add(word.data(), 19'200, 2, 48000);
  meter.add(pause.data(), 28'800, 2, 48000);
  const SoundLevels levels = meter.take();
  CHECK(levels.loudest_lufs == Approx(-20).margin(0.8));
  CHECK(levels.lufs < -40);  // of its end
  CHECK(levels.clipped == 0);

  auto shout = tone(4, 2, 48000);
  for (float& sample : shout) sample = std::clamp(sample, -1.0F, 1.0F);
  meter.add(shout.data(), 48000, 2, 48000);
  CHECK(meter.take().clipped > 50);
  for (float& sample : shout) sample *= 0.945F;  // as a coder gives back what was cut off
  meter.add(shout.data(), 48000, 2, 48000);
  CHECK(meter.take().clipped > 50);
  const auto loud = tone(0.89, 2, 48000);  // -1 dBFS: the loudest that EBU R 128 allows
  meter.add(loud.data(), 48000, 2, 48000);
  CHECK(meter.take().clipped == 0);
}

TEST_CASE("digital silence is at the bottom of the scale") {
  SoundMeter meter;
  const std::vector<float> zeros(96000, 0);
  meter.add(zeros.data(), 48000, 2, 48000);
  const SoundLevels levels = meter.take();
  CHECK(levels.rms_dbfs == -120);
  CHECK(levels.peak_dbfs == -120);
  CHECK(levels.lufs == -120);
}

TEST_CASE("how long it has been quiet, to a fifth of a second and through every take") {
  SoundMeter meter;
  const auto play = [&](double amplitude, double seconds) {
    for (const auto& samples = tone(amplitude, 2, 960); seconds > 0.01; seconds -= 0.02)
      meter.add(samples.data(), 960, 2, 48000);
    return meter.take();
  };
  CHECK(play(0.1, 2).quiet_s == 0);
  const SoundLevels hum = play(0.0008, 3);  // -65 dBFS rms
  CHECK(hum.quiet_s == Approx(3).margin(0.21));
  CHECK(hum.zero_s == 0);
  const SoundLevels nothing = play(0, 2.5);
  CHECK(nothing.quiet_s == Approx(5.5).margin(0.21));
  CHECK(nothing.zero_s == Approx(2.5).margin(0.21));
  CHECK(meter.quietSeconds() == nothing.quiet_s);
  CHECK(play(0.003, 0.4).quiet_s == 0);  // -53 dBFS: somebody far from the microphone
}

TEST_CASE("hum is quiet, and somebody far from the microphone is not") {
  struct Row {
    const char* name;
    double hertz, amplitude;  // beside hum of 50 Hz
    bool quiet;
  };
  for (const Row& row :
       {Row{"hum alone", 100, 0, true}, Row{"its overtone", 100, 0.0008, true},
        Row{"a microphone's own hiss", 3000, 0.0004, true}, Row{"a voice below it", 400, 0.002, false},
        Row{"a room that can be heard", 1500, 0.0012, false}}) {
    CAPTURE(row.name);
    auto samples = tone(0.0022, 2, 5 * 48000, 50);  // -56 dBFS rms
    const auto other = tone(row.amplitude, 2, 5 * 48000, row.hertz);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += other[i];
    SoundMeter meter;
    for (std::size_t at = 0; at < samples.size(); at += 2 * 960) meter.add(&samples[at], 960, 2, 48000);
    CHECK(meter.quietSeconds() == Approx(row.quiet ? 4.8 : 0).margin(0.21));
    CHECK(meter.zeroSeconds() == 0);
  }
  SoundMeter meter;
  const auto loud = tone(0.006, 2, 48000, 50);  // -47 dBFS: nobody would call it quiet
  meter.add(loud.data(), 48000, 2, 48000);
  CHECK(meter.quietSeconds() == 0);
}

TEST_CASE("each take begins anew, loudness goes on") {
  SoundMeter meter;
  const auto loud = tone(0.5, 1, 24000);
  meter.add(loud.data(), 24000, 1, 48000);
  CHECK(meter.take().rms_dbfs == Approx(-9.03).margin(0.1));
  const SoundLevels nothing = meter.take();
  CHECK(nothing.frames == 0);
  CHECK(nothing.rms_dbfs == -120);
}

TEST_CASE("a new layout, broken samples and no layout at all") {
  SoundMeter meter;
  const auto mono = tone(0.1, 1, 4800);
  meter.add(mono.data(), 4800, 1, 48000);
  const auto stereo = tone(0.5, 2, 4800);
  meter.add(stereo.data(), 4800, 2, 48000);
  CHECK(meter.take().rms_dbfs == Approx(-9.03).margin(0.1));
  const std::vector<float> broken = {NAN, 0.5F, INFINITY, 0.5F};
  meter.add(broken.data(), 2, 2, 48000);
  CHECK(meter.take().peak_dbfs == Approx(-6.02).margin(0.1));
  meter.add(broken.data(), 4, 0, 48000);
  CHECK(meter.take().frames == 0);
}

TEST_CASE("the level of each block, and when it begins, however the sound is cut") {
  const auto cut = GENERATE(std::size_t{1}, std::size_t{100}, std::size_t{1024}, std::size_t{4800});
  auto samples = tone(0.1, 2, 480);
  samples.resize(4800 * 2);  // 10 ms of a tone, then nothing
  std::vector<std::pair<double, double>> blocks;
  LevelBlocks meter(0.005);
  for (std::size_t at = 0; at < 4800; at += cut) {
    meter.add(samples.data() + 2 * at, std::min(cut, 4800 - at), 2, 48000, 7 + double(at) / 48000,
              [&](double t_s, double level_db) { blocks.emplace_back(t_s, level_db); });
  }
  REQUIRE(blocks.size() == 20);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(blocks[i].first == Approx(7 + 0.005 * double(i)).margin(1e-9));
    CHECK(blocks[i].second == Approx(i < 2 ? -23.01 : -120).margin(0.1));
  }
}

}  // namespace
}  // namespace diemcau::probe
