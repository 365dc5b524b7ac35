// Continuity counters on packets made by hand.
#include "agent/probe/ts_continuity.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes packet(unsigned pid, unsigned counter, bool payload = true, bool announced = false,
             bool error = false) {
  Bytes out(188, 0xAA);
  out[0] = 0x47;
  out[1] = static_cast<std::uint8_t>(pid >> 8 | (error ? 0x80U : 0U));
  out[2] = static_cast<std::uint8_t>(pid);
  out[3] = static_cast<std::uint8_t>((payload ? 0x10U : 0U) | (announced || !payload ? 0x20U : 0U) |
                                     (counter & 15U));
  if (announced || !payload) {
    out[4] = payload ? 1 : 183;
    out[5] = announced ? 0x80 : 0;
  }
  return out;
}

void feed(TsContinuity& continuity, const Bytes& bytes) {
  continuity.add(bytes.data(), bytes.size());
}

void run(TsContinuity& continuity, unsigned pid, unsigned from, unsigned count) {
  for (unsigned i = 0; i < count; ++i) feed(continuity, packet(pid, from + i));
}

TEST_CASE("a whole stream has no gap, over the wrap of the counter too") {
  TsContinuity continuity;
  run(continuity, 256, 5, 100);
  CHECK(continuity.lost() == 0);
  CHECK(continuity.packets() == 100);
}

TEST_CASE("missing packets are counted") {
  struct Row {
    unsigned last, next, lost;
  };
  for (const Row& row : {Row{3, 5, 1}, Row{3, 10, 6}, Row{15, 1, 1}, Row{14, 2, 3}, Row{3, 3 + 16 - 1, 14}}) {
    DYNAMIC_SECTION(row.last << " then " << row.next) {
      TsContinuity continuity;
      feed(continuity, packet(256, row.last - 1));
      feed(continuity, packet(256, row.last));
      feed(continuity, packet(256, row.next));
      CHECK(continuity.lost() == row.lost);
      CHECK(continuity.gaps() == 1);
    }
  }
}

TEST_CASE("what is no loss") {
  TsContinuity continuity;
  run(continuity, 256, 0, 4);
  SECTION("another stream's counter") {
    run(continuity, 257, 9, 3);
  }
  SECTION("one repeat of a packet") {
    feed(continuity, packet(256, 3));
    feed(continuity, packet(256, 4));
  }
  SECTION("a packet without payload keeps the counter") {
    feed(continuity, packet(256, 3, false));
    feed(continuity, packet(256, 4));
  }
  SECTION("an announced break") {
    feed(continuity, packet(256, 11, true, true));
    feed(continuity, packet(256, 12));
  }
  SECTION("null packets") {
    feed(continuity, packet(8191, 3));
    feed(continuity, packet(8191, 9));
  }
  SECTION("a new connection") {
    continuity.restart();
    feed(continuity, packet(256, 12));
  }
  CHECK(continuity.lost() == 0);
}

TEST_CASE("two repeats are fifteen lost packets") {
  TsContinuity continuity;
  run(continuity, 256, 0, 2);
  feed(continuity, packet(256, 1));
  feed(continuity, packet(256, 1));
  CHECK(continuity.lost() == 15);
}

TEST_CASE("packets may be split anywhere") {
  Bytes all;
  for (unsigned i = 0; i < 40; ++i) {
    const Bytes one = packet(300, i);
    all.insert(all.end(), one.begin(), one.end());
  }
  for (const std::size_t step : {1, 7, 100, 187, 188, 189, 1316}) {
    TsContinuity continuity;
    for (std::size_t at = 0; at < all.size(); at += step) {
      continuity.add(all.data() + at, std::min(step, all.size() - at));
    }
    CHECK(continuity.packets() == 40);
    CHECK(continuity.lost() == 0);
  }
}

TEST_CASE("out of rhythm: found again, and counted as damage") {
  TsContinuity continuity;
  run(continuity, 256, 0, 3);
  feed(continuity, Bytes(50, 0x00));
  run(continuity, 256, 3, 3);
  CHECK(continuity.lost() == 0);
  CHECK(continuity.damaged() == 1);
  CHECK(continuity.packets() == 6);
  feed(continuity, packet(256, 9, true, false, true));
  CHECK(continuity.damaged() == 2);
  CHECK(continuity.lost() == 0);
}

TEST_CASE("bytes without any packet in them") {
  TsContinuity continuity;
  feed(continuity, Bytes(10'000, 0x11));
  CHECK(continuity.packets() == 0);
  CHECK(continuity.damaged() == 0);
}

}  // namespace
}  // namespace diemcau::probe
