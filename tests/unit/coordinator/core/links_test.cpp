// What a link is called, and when that can change by itself.
#include "coordinator/core/links.hpp"

#include <random>
#include <vector>

#include "coordinator/core/due_list.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

constexpr LinkTimes kTimes{.stale_after = 15, .offline_after = 30};

struct Seen {
  v1::LinkState::Name state;
  bool lost;
  bool operator==(const Seen&) const = default;
};

Seen seen(const Link& link, Micros now, Micros grace) {
  const Micros since = lostSince(link, now, kTimes);
  return {linkState(link, now, kTimes), since != 0 && now - since >= grace};
}

TEST_CASE("between two looks a link that says nothing does not change") {
  std::mt19937 random(11);
  const auto moment = [&] { return static_cast<Micros>(100 + random() % 100); };
  int later = 0, never = 0;
  for (int i = 0; i < 20'000; ++i) {
    Link link;
    if (random() % 8 != 0) link.connect(moment());
    if (random() % 2 != 0) link.disconnect(moment());
    const Micros grace = std::vector<Micros>{0, 5, 20, 50}[random() % 4], now = moment();
    const Micros next = nextChange(link, now, kTimes, grace);
    REQUIRE((next == 0 || next > now));
    ++(next == 0 ? never : later);
    const Micros end = next == 0 ? now + 500 : next;
    INFO("heard " << link.heard << " gone " << link.gone << " now " << now << " grace " << grace);
    Micros same = now;
    while (same < end && seen(link, same, grace) == seen(link, now, grace)) ++same;
    REQUIRE(same == end);
  }
  CHECK(later > 1'000);
  CHECK(never > 1'000);
}

struct One {
  int name;
  DueMark mark;
};

TEST_CASE("who is due is taken once, by the earliest moment that was asked for") {
  DueList<One, &One::mark> list;
  One a{1, {}}, b{2, {}}, c{3, {}};
  list.add(a, 30);
  list.add(b, 20);
  list.add(a, 10);
  list.add(a, 15);  // it is looked at before
  list.add(c, 99);
  CHECK(list.take(9).empty());
  CHECK(list.take(20) == std::vector<One*>{&a, &b});
  CHECK(list.take(40).empty());  // what was wanted later was done by the look before
  list.add(a, 50);
  CHECK(list.take(50) == std::vector<One*>{&a});
  CHECK(list.take(99) == std::vector<One*>{&c});
}

}  // namespace
}  // namespace diemcau::core
