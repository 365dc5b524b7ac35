// How unevenly a stream arrives, on lists of lateness as senders and lines make them.
#include "agent/probe/arrival.hpp"

#include <cmath>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

// The spread of each second, in s, of 25 references a second that come as late as `late` says of their time.
template <class Late>
std::vector<double> spreads(Arrival& meter, int seconds, double bunch_s, const Late& late) {
  std::vector<double> out;
  for (int second = 0; second < seconds; ++second) {
    for (int n = 0; n < 25; ++n) meter.add(late(second + n / 25.0), second == 0 && n == 0, bunch_s);
    out.push_back(meter.spread().value());
    meter.endSecond();
  }
  return out;
}

// Nothing for `piece` seconds, then all of them at once.
auto bunched(double piece) {
  return [piece](double t_s) { return piece * std::ceil(t_s / piece) - t_s; };
}

TEST_CASE("a sender that bunches its pictures while it waits for its sound is not an uneven line") {
  Arrival meter;
  for (const double spread : spreads(meter, 20, 0.34, bunched(0.3))) CHECK(spread < 0.05);
  // The line becomes uneven on top of it.
  for (const double late : {0.0, 0.6, 0.1}) meter.add(late, false, 0.34);
  CHECK(meter.spread().value() > 0.25);
}

TEST_CASE("an uneven line is one, whatever the pieces of sound") {
  Arrival meter;
  const auto uneven = [](double t_s) { return std::fmod(t_s * 7.77, 0.4); };
  SECTION("from the first second, with sound in small pieces") {
    for (const double spread : spreads(meter, 10, 0.021, uneven)) CHECK(spread > 0.25);
  }
  SECTION("from the first second, with sound in pieces that are long, but not so long") {
    for (const double spread : spreads(meter, 10, 0.17, uneven)) CHECK(spread > 0.12);
  }
  SECTION("after a sender that makes no use of its long pieces") {
    spreads(meter, 6, 0.34, [](double) { return 0.004; });
    for (const double late : {0.0, 0.2}) meter.add(late, false, 0.34);
    CHECK(meter.spread().value() == Approx(0.2));
  }
}

TEST_CASE("a new run has its own habit, and a second in which nothing came has no spread") {
  Arrival meter;
  CHECK_FALSE(meter.spread());
  spreads(meter, 6, 0.34, [](double) { return 0.0; });
  CHECK_FALSE(meter.spread());
  for (const double spread : spreads(meter, 6, 0.34, bunched(0.3))) CHECK(spread < 0.05);
}

}  // namespace
}  // namespace diemcau::probe
