// Roles by seed: the right number of each, never two for one site, and the same cast for the same seed.
#include "tests/fleet/behaviour.hpp"

#include <algorithm>

#include "tests/fleet/dice.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::fleet;

namespace {
std::vector<std::string> sites(int count) {
  std::vector<std::string> ids;
  for (int n = 0; n < count; ++n) ids.push_back("D" + std::to_string(n));
  return ids;
}
std::size_t with(const std::vector<Behaviour>& cast, Role role) {
  return static_cast<std::size_t>(
      std::count_if(cast.begin(), cast.end(), [&](const Behaviour& site) { return site.role == role; }));
}
}  // namespace

TEST_CASE("shares become numbers of sites") {
  struct Row {
    int sites;
    Shares shares;
    std::size_t late, failing, dropping;
  };
  for (const Row& row :
       {Row{200, {2, 1, 3}, 4, 2, 6}, Row{10, {1, 1, 1}, 1, 1, 1}, Row{10, {0, 0, 0}, 0, 0, 0},
        Row{4, {100, 0, 0}, 4, 0, 0}, Row{4, {100, 50, 100}, 2, 2, 0}, Row{0, {5, 5, 5}, 0, 0, 0}}) {
    INFO(row.sites << " sites");
    const auto cast = castRoles(1, sites(row.sites), row.shares);
    REQUIRE(cast.size() == static_cast<std::size_t>(row.sites));
    CHECK(with(cast, Role::kLate) == row.late);
    CHECK(with(cast, Role::kFailing) == row.failing);
    CHECK(with(cast, Role::kDropping) == row.dropping);
  }
}

TEST_CASE("a role brings what it needs") {
  for (const Behaviour& site : castRoles(3, sites(300), {20, 20, 20})) {
    CHECK((site.role != Role::kFailing || site.trouble != nullptr));
    CHECK((site.late_by > 3 * kSecond) == (site.role == Role::kLate));
    CHECK(site.detect_delay >= kSecond);
    CHECK(site.detect_delay <= 2 * kSecond);
    CHECK(std::abs(site.drift_ppm) <= 40);
  }
}

TEST_CASE("the seed decides") {
  const auto a = castRoles(1, sites(100), {10, 10, 10}), b = castRoles(1, sites(100), {10, 10, 10}),
             c = castRoles(2, sites(100), {10, 10, 10});
  const auto same = [](const auto& x, const auto& y) {
    return std::equal(x.begin(), x.end(), y.begin(), [](const Behaviour& one, const Behaviour& other) {
      return one.role == other.role && one.wall_offset == other.wall_offset && one.trouble == other.trouble;
    });
  };
  CHECK(same(a, b));
  CHECK_FALSE(same(a, c));
}

TEST_CASE("dice keep their bounds and tell sites and purposes apart") {
  Dice dice(1, "D1", "x");
  bool low = false, high = false;
  for (int i = 0; i < 1000; ++i) {
    const auto value = dice.between(-2, 2);
    REQUIRE(value >= -2);
    REQUIRE(value <= 2);
    low = low || value == -2;
    high = high || value == 2;
    const double unit = dice.unit();
    REQUIRE(unit >= 0);
    REQUIRE(unit < 1);
  }
  CHECK(low);
  CHECK(high);
  CHECK(Dice(1, "D1", "x").hex(32) == Dice(1, "D1", "x").hex(32));
  CHECK(Dice(1, "D1", "x").hex(32) != Dice(1, "D1", "y").hex(32));
  CHECK(Dice(1, "D1", "x").hex(32) != Dice(1, "D2", "x").hex(32));
  CHECK(Dice(1, "D1", "x").hex(32) != Dice(2, "D1", "x").hex(32));
  CHECK(Dice(1, "D1x", "").hex(32) != Dice(1, "D1", "x").hex(32));
  CHECK(Dice(1, "a", "b").hex(33).size() == 33);
}
