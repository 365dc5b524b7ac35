// When the packets of a file came, by the times that they carry.
#include "agent/probe/ts_pace.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/agent/probe/ts_packets.hpp"

namespace diemcau::probe {
namespace {

// A recording: a reference every 40 ms and a picture with it, sound every 20 ms.
class Recording {
 public:
  double play(double seconds, bool picture = true, bool sound = true) {
    for (const int until = step_ + static_cast<int>(seconds * 50 + 0.5); step_ < until; ++step_) {
      const double t = at(step_);
      if (picture && step_ % 2 == 0) {
        if (!clock_stands) clock = t + clock_shift;
        read(reference(clock, 256));
        if (!stamps_stand) stamp = t + shift + 0.5;
        read(numbered(unit(256, 0xE0, stamp, stamp), picture_count_++));
      }
      if (sound) read(numbered(unit(257, 0xC0, t + shift + 0.4, t + shift + 0.4), sound_count_++));
    }
    return now;
  }
  // Time passes for which nothing is in the file.
  void skip(double seconds, bool torn) {
    step_ += static_cast<int>(seconds * 50);
    if (torn) picture_count_ += 3, sound_count_ += 3;
  }
  // A piece of sound that should have come so long ago.
  void lateSound(double ago) {
    const double t = at(step_) - ago + shift + 0.4;
    read(numbered(unit(257, 0xC0, t, t), sound_count_++));
  }
  double now = 0, clock = 0;
  double stamp = 0;
  bool clock_stands = false, stamps_stand = false;
  double shift = 0, clock_shift = 0;  // of the stamps, of the references

 private:
  static double at(int step) { return 100 + step * 0.02; }
  static Packet188 numbered(Packet188 packet, int count) {
    packet[3] = static_cast<std::uint8_t>(packet[3] | (count & 15));
    return packet;
  }
  void read(const Packet188& packet) { now = pace_.add(packet.data(), packet.size()); }

  TsPace pace_;
  int step_ = 0, picture_count_ = 0, sound_count_ = 0;
};

TEST_CASE("a recording takes as long as it lasts") {
  Recording file;
  CHECK(file.play(10) == Approx(10).margin(0.05));
  SECTION("what is missing from it is a pause") {
    file.skip(3, true);
    CHECK(file.play(2) == Approx(15).margin(0.05));
  }
  SECTION("so is a sender that was held up for long, and lost nothing") {
    file.skip(9, false);
    CHECK(file.play(2) == Approx(21).margin(0.05));
  }
  SECTION("a clock that leaps is none, forth or back, short or far") {
    for (const double by : {5.0, -8.0, 3600.0}) {
      file.shift += by;
      file.clock_shift += by;
      file.play(1);
    }
    CHECK(file.now == Approx(13).margin(0.2));
  }
  SECTION("a hole may begin with a unit that no reference goes before") {
    file.skip(3, true);
    CHECK(file.play(0.02, false, true) == Approx(13).margin(0.1));
    CHECK(file.play(2) == Approx(15).margin(0.1));
  }
  SECTION("a clock that stands goes on, from where it stood or where it should be") {
    file.clock_stands = true;
    CHECK(file.play(3) == Approx(13).margin(0.1));
    file.clock_stands = false;
    SECTION("") {
      file.clock_shift = -3;
    }
    SECTION("made up for") {}
    CHECK(file.play(2) == Approx(15).margin(0.15));
  }
  SECTION("nor do stamps that stand, and leap to where they should be") {
    file.stamps_stand = true;
    CHECK(file.play(9) == Approx(19).margin(0.05));
    file.stamps_stand = false;
    CHECK(file.play(2) == Approx(21).margin(0.05));
  }
  SECTION("stamps that leap do not move the clock") {
    file.shift = 2;
    CHECK(file.play(3) == Approx(13).margin(0.05));
  }
  SECTION("without pictures, which carried the references, the sound's own times go on") {
    file.play(6, false, true);
    CHECK(file.now == Approx(16).margin(0.6));
    CHECK(file.play(2) == Approx(18).margin(0.6));
  }
  SECTION("without sound nothing changes") {
    CHECK(file.play(5, true, false) == Approx(15).margin(0.05));
  }
  SECTION(
      "and the last of it, kept back until there is sound again, does not make that a hole in everything") {
    file.play(8, true, false);
    file.lateSound(8);
    CHECK(file.play(2) == Approx(20).margin(0.05));
  }
}

TEST_CASE("a recording without references is paced by the times of what it holds") {
  TsPace pace;
  double now = 0;
  for (int i = 0; i < 250; ++i) {
    const double t = 100 + i * 0.04;
    now = pace.add(unit(256, 0xE0, t, t).data(), 188);
  }
  CHECK(now == Approx(10).margin(0.6));
}

}  // namespace
}  // namespace diemcau::probe
