// Times as people write and read them.
#include "base/time.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;

namespace {
constexpr Micros k2026March1 = 1772326800 * kSecond;  // 2026-03-01T01:00:00Z, 08:00 in Ho Chi Minh City
}

TEST_CASE("parseTime reads instants") {
  struct Row {
    const char *text, *zone;
    Micros at;
  };
  const Row rows[] = {
      {"2026-03-01T01:00:00Z", "UTC", k2026March1},
      {"2026-03-01T08:00:00+07:00", "UTC", k2026March1},
      {"2026-03-01T08:00:00+0700", "UTC", k2026March1},
      {"2026-02-28T20:00:00-05:00", "UTC", k2026March1},
      {"2026-03-01T01:00:00.250Z", "UTC", k2026March1 + 250 * kMillisecond},
      {"2026-03-01T01:00:00.000001Z", "UTC", k2026March1 + 1},
      {"2026-03-01 08:00", "Asia/Ho_Chi_Minh", k2026March1},
      {"2026-03-01 08:00:00", "Asia/Ho_Chi_Minh", k2026March1},
      {"2026-03-01T08:00", "Asia/Ho_Chi_Minh", k2026March1},
      {"2026-03-01 01:00", "UTC", k2026March1},
      {"1970-01-01T00:00:00Z", "UTC", 0},
      {"2024-02-29T00:00:00Z", "UTC", 1709164800 * kSecond},
  };
  for (const Row& row : rows) {
    INFO(row.text << " in " << row.zone);
    const auto got = parseTime(row.text, row.zone);
    REQUIRE(got);
    CHECK(*got == row.at);
  }
}

TEST_CASE("an hour that the zone skips or repeats still means one instant") {
  CHECK(parseTime("2026-10-25 02:30", "Europe/Berlin").value() ==
        parseTime("2026-10-25T02:30:00+02:00").value());
  CHECK(parseTime("2026-03-29 02:30", "Europe/Berlin").value() == parseTime("2026-03-29T01:00:00Z").value());
}

TEST_CASE("parseTime refuses what is not a time, with an example") {
  for (const char* bad :
       {"", "tomorrow", "2026-03-01", "2026-13-01 08:00", "2026-02-30 08:00", "2026-03-01 24:00",
        "2026-03-01 08:60", "2026-03-01T08:00:00+15:00", "2026-03-01T08:00:00Zx", "2026-03-01T08:00:00.Z",
        "26-03-01 08:00", "2026-03-01 8:00", "1969-12-31T23:59:59Z", "2026-03-01  08:00", "2026-3-1 08:00"}) {
    INFO(bad);
    const auto got = parseTime(bad);
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find("2026-03-01T08:00:00+07:00") != std::string::npos);
    CHECK_FALSE(got.error().vi.empty());
  }
  const auto zone = parseTime("2026-03-01 08:00", "Asia/Hanoi2");
  REQUIRE_FALSE(zone);
  CHECK(zone.error().text.find("Asia/Hanoi2") != std::string::npos);
}

TEST_CASE("formats for people and programs") {
  CHECK(formatUtc(k2026March1) == "2026-03-01T01:00:00.000Z");
  CHECK(formatUtc(k2026March1 + 1999) == "2026-03-01T01:00:00.001Z");
  CHECK(formatLocal(k2026March1, "Asia/Ho_Chi_Minh") == "01/03/2026 08:00:00");
  CHECK(formatLocalTime(k2026March1, "Asia/Ho_Chi_Minh") == "08:00:00");
  CHECK(formatLocal(k2026March1, "No/Where") == "01/03/2026 01:00:00 UTC");
  CHECK(knownZone("Asia/Ho_Chi_Minh"));
  CHECK(knownZone("UTC"));
  CHECK_FALSE(knownZone("No/Where"));
  CHECK_FALSE(knownZone(""));
  CHECK_FALSE(knownZone("../../etc/passwd"));
}

TEST_CASE("formatSpan counts down") {
  CHECK(formatSpan(3909 * kSecond) == "1:05:09");
  CHECK(formatSpan(309 * kSecond) == "5:09");
  CHECK(formatSpan(-7 * kSecond) == "-0:07");
  CHECK(formatSpan(0) == "0:00");
  CHECK(formatSpan(-kMillisecond) == "0:00");
  CHECK(formatSpan(100 * kHour) == "100:00:00");
}

TEST_CASE("the system's clocks advance") {
  const Clock& clock = systemClock();
  const Micros before = clock.steady();
  CHECK(clock.steady() >= before);
  CHECK(clock.wall() > k2026March1 - 100000 * kHour);
}
