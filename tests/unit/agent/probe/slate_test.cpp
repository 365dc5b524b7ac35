// The words on a hall's screen before a briefing begins.
#include "agent/probe/slate.hpp"

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

constexpr const char* kZone = "Asia/Ho_Chi_Minh";

TEST_CASE("the slate counts whole seconds down, and says the hour") {
  const Micros eight = 1'772'326'800 * kSecond;  // 01/03/2026 08:00 in the zone
  CHECK(slateWords("Giao ban", 90 * kSecond, eight, kZone) ==
        SlateWords{"Giao ban", "1:30", "Bắt đầu lúc 08:00 · Begins at 08:00"});
  CHECK(slateWords("", 89 * kSecond + 1, eight, kZone).clock == "1:30");
  CHECK(slateWords("", 89 * kSecond, eight, kZone).clock == "1:29");
  CHECK(slateWords("", 2 * kHour, eight, kZone).clock == "2:00:00");
  CHECK(slateWords("", 1, eight, kZone).clock == "0:01");
}

TEST_CASE("as long as nobody has started the briefing there is no clock") {
  CHECK(slateUnknown("Giao ban") == SlateWords{"Giao ban", "", "Sắp bắt đầu · About to begin"});
  CHECK(slateLate("Giao ban").clock.empty());
}

}  // namespace
}  // namespace diemcau::probe
