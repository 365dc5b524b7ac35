// A feed as a meter is told of it, on given time.
#pragma once

#include <vector>

#include "agent/probe/meter.hpp"

namespace diemcau::probe {

constexpr Micros kStart = 1000 * kSecond;

class Feed {
 public:
  explicit Feed(bool paced = false) : meter(kStart, paced) {
    meter.onFlip([this] { ++flips; });
    meter.videoFormat("h264", 1280, 720);
    meter.audioFormat("aac", 2, 48000);
  }
  // 25 pictures of 12,000 bytes and 50 pieces of sound a second, every 20 ms, until `until_s`.
  void receive(double until_s, bool picture = true, bool sound = true) {
    const Micros until = kStart + static_cast<Micros>(until_s * kSecond);
    for (; now < until; now += 20 * kMillisecond, ++step) {
      meter.received(now, 7'520);
      if (picture && step % 2 == 0) meter.videoFrame(now, 12'000, static_cast<double>(step) * 0.02, false);
      if (sound) {
        meter.audioFrame(now, 320);
        meter.sound(tone.data(), 960, 2, 48000);
      }
      meter.lookAtTime(now);
    }
  }
  void idle(double until_s) {
    const Micros until = kStart + static_cast<Micros>(until_s * kSecond);
    for (; now < until; now += 100 * kMillisecond) meter.lookAtTime(now);
  }
  v1::HealthSample sample() { return meter.sample(now); }

  Meter meter;
  Micros now = kStart;
  int step = 0, flips = 0;
  std::vector<float> tone = std::vector<float>(1920, 0.1F);
};

}  // namespace diemcau::probe
