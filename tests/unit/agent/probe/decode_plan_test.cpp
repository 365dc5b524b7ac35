// Which frames are decoded, on lists of frame sizes.
#include "agent/probe/decode_plan.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

struct Tally {
  int decoded = 0, skipped = 0, groups = 0;
};

class Encoder {
 public:
  explicit Encoder(int group = 50) : group_(group) {}
  Tally play(DecodePlan& plan, double seconds, std::size_t key, std::size_t predicted, bool dark = false) {
    Tally out;
    for (int i = 0; i < static_cast<int>(seconds * 25); ++i, ++frame_) {
      const bool is_key = frame_ % group_ == 0;
      switch (plan.next(frame_ / 25.0, is_key, is_key ? key : predicted, dark)) {
        case Decode::kSkip:
          ++out.skipped;
          break;
        case Decode::kGroup:
          ++out.groups;
          [[fallthrough]];
        case Decode::kThis:
          ++out.decoded;
          break;
      }
    }
    return out;
  }

 private:
  const int group_;
  int frame_ = 0;
};

TEST_CASE("moving pictures cost little more than their key frames") {
  DecodePlan plan;
  Encoder encoder;
  encoder.play(plan, 6, 60'000, 12'000);
  const Tally tally = encoder.play(plan, 30, 60'000, 12'000);
  CHECK(tally.skipped > 500);
  CHECK(tally.decoded >= 15);
}

// Key frames decoded of so many groups of a second, 25 frames each; `frame`: its size, by group and number.
template <class Size>
std::vector<int> keysDecoded(DecodePlan& plan, int from, int to, Size size) {
  std::vector<int> out;
  for (int i = from * 25; i < to * 25; ++i) {
    const bool key = i % 25 == 0;
    if (plan.next(i / 25.0, key, size(i / 25, i % 25), false) != Decode::kSkip && key) out.push_back(i / 25);
  }
  return out;
}

std::size_t usual(int /*group*/, int number) {
  return number == 0 ? 60'000 : 12'000 + static_cast<std::size_t>(number % 5) * 400;
}

TEST_CASE("of key frames a second apart whose groups are alike one in two is enough") {
  DecodePlan plan;
  keysDecoded(plan, 0, 10, usual);
  const auto decoded = keysDecoded(plan, 10, 40, usual);
  CHECK(decoded.size() <= 21);  // a few of them to look closer
  CHECK(decoded.size() >= 15);
  SECTION("but not where something is looked for in the pictures") {
    plan.setEveryKey(true);
    CHECK(keysDecoded(plan, 40, 50, usual).size() == 10);
  }
}

TEST_CASE("the key frame after a group that is not as before is decoded, and the one after it") {
  struct Row {
    const char* name;
    std::size_t (*size)(int group, int number);
  };
  const auto row = GENERATE(
      Row{"a larger picture somewhere in it",
          [](int group, int n) { return group % 4 == 3 && n == 9 ? std::size_t{30'000} : usual(group, n); }},
      Row{"larger all through it",
          [](int group, int n) {
            return group % 4 == 3 && n > 0 ? 3 * usual(group, n) / 2 : usual(group, n);
          }},
      Row{"another key frame",
          [](int group, int n) { return group % 4 == 3 && n == 0 ? std::size_t{20'000} : usual(group, n); }});
  DYNAMIC_SECTION(row.name) {
    DecodePlan plan;
    keysDecoded(plan, 0, 8, row.size);
    for (const int at : {11, 15, 19}) {
      const auto decoded = keysDecoded(plan, at - 3, at + 1, row.size);
      const auto has = [&](int group) {
        return std::find(decoded.begin(), decoded.end(), group) != decoded.end();
      };
      CHECK((row.size(11, 0) == 60'000 || has(at)));
      CHECK(has(at - 3));
      CHECK(has(at - 2));
    }
  }
}

TEST_CASE("when frames collapse the group is decoded, and all that follows") {
  DecodePlan plan;
  Encoder encoder;
  encoder.play(plan, 15.5, 60'000, 12'000);
  REQUIRE_FALSE(plan.watching());
  const Tally stopped = encoder.play(plan, 0.4, 60'000, 200);
  CHECK(stopped.groups == 1);
  const Tally held = encoder.play(plan, 10, 60'000, 200);
  CHECK(held.skipped == 0);
  CHECK(held.groups == 0);
  // It moves again: after a while key frames are enough again.
  encoder.play(plan, 4, 60'000, 12'000);
  CHECK(encoder.play(plan, 10, 60'000, 12'000).skipped > 100);
}

// An encoder that must keep its rate saves after each key frame.
TEST_CASE("small frames that follow every key frame are no reason to look, but one that goes on is") {
  DecodePlan plan;
  int frame = 0;
  const auto play = [&](double seconds, int small) {
    int decoded = 0;
    for (int i = 0; i < static_cast<int>(seconds * 25); ++i, ++frame) {
      const int at = frame % 50;
      const std::size_t size = at == 0 ? 60'000U : at < small ? 1'500U : 12'000U;
      decoded += plan.next(frame / 25.0, at == 0, size, false) != Decode::kSkip ? 1 : 0;
    }
    return decoded;
  };
  play(16, 8);
  // 15 groups: each its key frame; and a part of one every five seconds.
  CHECK(play(30, 8) <= 15 + 6 * 11);
  // It stops at a key frame: by the usual end of the small frames, and a little, it is looked at.
  play(0.4, 50);
  CHECK_FALSE(plan.watching());
  play(0.4, 50);
  CHECK(plan.watching());
}

TEST_CASE("small frames after a key frame are a reason to look as long as that is new") {
  DecodePlan plan;
  Encoder encoder(25);
  encoder.play(plan, 15, 60'000, 12'000);
  CHECK_FALSE(plan.watching());
  encoder.play(plan, 0.24, 60'000, 1'500);
  CHECK(plan.watching());
}

TEST_CASE("a picture that stands and leaps is decoded, though its leaps are large") {
  DecodePlan plan;
  int skipped = 0, frame = 0;
  const auto play = [&](double seconds, auto&& size) {
    for (int i = 0; i < static_cast<int>(seconds * 25); ++i, ++frame)
      skipped += plan.next(frame / 25.0, frame % 50 == 0, size(frame), false) == Decode::kSkip ? 1 : 0;
    return std::exchange(skipped, 0);
  };
  play(15, [](int) { return 12'000U; });
  play(4, [](int i) { return i % 5 == 0 ? 30'000U : 90U; });
  CHECK(play(6, [](int i) { return i % 5 == 0 ? 30'000U : 90U; }) == 0);
  // Bidirectional frames are small too, but not empty.
  play(6, [](int) { return 12'000U; });
  CHECK(play(10, [](int i) { return i % 3 == 0 ? 20'000U : 2'500U; }) > 100);
}

TEST_CASE(
    "sizes that grow uneven are a reason to look, once in a while, and not where they have always been so") {
  DecodePlan plan;
  int frame = 0;
  const auto even = [](int) { return std::size_t{12'000}; };
  const auto spiky = [](int i) { return std::size_t{i % 5 == 0 ? 30'000U : 7'000U}; };
  const auto play = [&](double seconds, auto&& size) {
    int out = 0;
    for (int i = 0; i < static_cast<int>(seconds * 25); ++i, ++frame) {
      const bool key = frame % 25 == 0;
      out += plan.next(frame / 25.0, key, key ? 60'000 : size(frame), false) != Decode::kSkip && !key ? 1 : 0;
    }
    return out;
  };
  play(15, even);
  const int usual = play(5, even);
  CHECK(play(2.4, spiky) > usual + 20);  // a look of a second and a half
  play(30, spiky);
  CHECK(play(5, spiky) <= usual + 2);
}

TEST_CASE("an encoder at a constant rate that has bits to spare is looked at") {
  DecodePlan plan;
  int frame = 0;
  const auto play = [&](const std::vector<std::size_t>& sizes) {
    for (const std::size_t size : sizes) {
      const bool key = frame % 50 == 0;
      plan.next(frame++ / 25.0, key, key ? 30'000 : size, false);
    }
  };
  const auto camera = [&](int frames, int stopping) {
    std::vector<std::size_t> out;
    for (int i = 0; i < frames; ++i) {
      const bool dips = stopping > 0 && i % stopping == stopping - 9,
                 spikes = stopping > 0 && i % stopping == stopping - 6;
      out.push_back(dips ? 3'000U : spikes ? 16'000U : 7'000U + static_cast<std::size_t>(i * 397 % 1200));
    }
    return out;
  };
  SECTION("a small frame, and soon large ones") {
    play(camera(25 * 15 + 20, 0));
    REQUIRE_FALSE(plan.watching());
    play({2'500, 6'000, 9'000, 15'000});
    CHECK(plan.watching());
  }
  SECTION("frames that are all the same") {
    play(camera(25 * 15 + 20, 0));
    play({3'010, 3'012, 3'010, 3'012, 3'010, 3'011});
    CHECK(plan.watching());
  }
  SECTION("but not one that always does so") {
    play(camera(25 * 16, 40));
    int watched = 0;
    for (int i = 0; i < 200; ++i) {
      play({camera(40, 40)[static_cast<std::size_t>(i % 40)]});
      watched += plan.watching() ? 1 : 0;
    }
    CHECK(watched <= 2 * 11);  // a part of a group every four seconds
  }
}

TEST_CASE("full: everything, and back") {
  DecodePlan plan;
  Encoder encoder;
  plan.setFull(true);
  CHECK(encoder.play(plan, 20, 60'000, 12'000).skipped == 0);
  plan.setFull(false);
  encoder.play(plan, 4, 60'000, 12'000);
  CHECK(encoder.play(plan, 10, 60'000, 12'000).skipped > 100);
}

TEST_CASE("reasons to decode everything") {
  struct Row {
    const char* name;
    int group;
    std::size_t predicted;
    bool dark, shown;
  };
  for (const Row& row : {Row{"it is shown", 50, 12'000, false, true},
                         Row{"the last picture was dark", 50, 12'000, true, false},
                         Row{"key frames are rare", 250, 12'000, false, false},
                         Row{"frames are small anyway", 50, 500, false, false}}) {
    DYNAMIC_SECTION(row.name) {
      DecodePlan plan;
      plan.setShown(row.shown);
      Encoder encoder(row.group);
      CHECK(encoder.play(plan, 25, 60'000, row.predicted, row.dark).skipped == 0);
    }
  }
}

TEST_CASE("damage makes it look closely for a while") {
  DecodePlan plan;
  Encoder encoder;
  encoder.play(plan, 15.5, 60'000, 12'000);
  REQUIRE_FALSE(plan.watching());
  plan.disturbed();
  CHECK(encoder.play(plan, 1, 60'000, 12'000).skipped == 0);
}

TEST_CASE("becoming shown in the middle of a group brings the whole group") {
  DecodePlan plan;
  Encoder encoder;
  encoder.play(plan, 15.5, 60'000, 12'000);
  REQUIRE_FALSE(plan.watching());
  plan.setShown(true);
  const Tally tally = encoder.play(plan, 0.5, 60'000, 12'000);
  CHECK(tally.groups == 1);
  CHECK(tally.skipped == 0);
}

TEST_CASE("small is relative to the picture's size") {
  DecodePlan hd;
  hd.setPixels(1920 * 1080);
  DecodePlan tiny;
  tiny.setPixels(320 * 180);
  Encoder one, two;
  one.play(hd, 8, 30'000, 4'000);
  two.play(tiny, 8, 30'000, 4'000);
  CHECK(one.play(hd, 8, 30'000, 4'000).skipped == 0);
  CHECK(two.play(tiny, 8, 30'000, 4'000).skipped > 50);
}

}  // namespace
}  // namespace diemcau::probe
