// See weather.hpp.
#include "tests/sim/weather.hpp"

#include <algorithm>

namespace diemcau::sim {

void Weather::forecast(Micros from, Micros until, Micros live, bool quiet, bool auto_start) {
  auto_start_ = auto_start;
  from_ = from;
  until_ = until;
  live_ = live;
  clocks(quiet);
  feedFaults(quiet);
  if (quiet) return;
  if (dice_.percent(60)) centreFaults();
  if (dice_.percent(70)) hallFaults();
  if (dice_.percent(70)) pathFaults();
}

// Ends at the latest when the run is to calm down.
void Weather::fault(Micros at, Micros length, std::string kind, std::string where,
                    std::function<void()> begin, std::function<void()> end) {
  const Micros over = std::min(at + length, until_);
  city_.calendar.at(at, [this, kind, where, begin = std::move(begin)] {
    city_.history.add(What::kFault, {}, kind, where, 1);
    begin();
  });
  city_.calendar.at(over, [this, kind, where, end = std::move(end)] {
    city_.history.add(What::kFault, {}, kind, where, 0);
    end();
  });
}

Hall& Weather::anyHall() {
  return *city_.halls[dice_.below(city_.halls.size())];
}

std::string Weather::anyArea() {
  return anyHall().area();
}

void Weather::clocks(bool quiet) {
  for (auto& hall : city_.halls) {
    const Micros offset = dice_.percent(10) ? dice_.between(-5 * kMinute, 5 * kMinute)
                                            : dice_.between(-2 * kSecond, 2 * kSecond);
    hall->setClock(offset, dice_.between(-80, 80));
  }
  if (quiet || !dice_.percent(40)) return;
  for (auto left = 1 + dice_.below(4); left > 0; --left) {
    auto& hall = anyHall();
    const Micros by = dice_.percent(50) ? kHour : -kHour;
    city_.calendar.at(when(), [this, &hall, by] {
      city_.history.add(What::kFault, hall.site(), "clock-jump", hall.site(), by);
      hall.jumpClock(by);
    });
  }
}

// Of the centre: only where it is not restarted too, because a process that starts has no other clock to
// believe; and where the start is by the clock, only after it was armed, because before that it is the clock
// that counts.
void Weather::centreClock() {
  const Micros by = dice_.percent(50) ? kHour : -kHour;
  const Micros least = auto_start_ ? live_ - 12 * kSecond : from_ + 4 * kSecond;
  fault(
      dice_.between(least, until_ - kSecond), dice_.between(5 * kSecond, 60 * kSecond), "centre-clock", "",
      [this, by] { city_.centre.jumpClock(by); }, [this, by] { city_.centre.jumpClock(-by); });
}

void Weather::centreFaults() {
  if (dice_.percent(30)) return centreClock();
  for (auto left = 1 + dice_.below(3); left > 0; --left) {
    const bool power = dice_.percent(20);
    fault(
        when(), dice_.between(300 * kMillisecond, 20 * kSecond), power ? "centre-power" : "centre-kill", "",
        [this, power] { city_.centre.die(power); }, [this] { city_.centre.boot(); });
  }
  if (dice_.percent(40))
    fault(
        when(), dice_.between(kSecond, 12 * kSecond), "store-fails", "",
        [this] { city_.centre.store().failing(true); }, [this] { city_.centre.store().failing(false); });
  if (dice_.percent(30))
    fault(
        when(), dice_.between(kSecond, 30 * kSecond), "store-slow", "",
        [this] { city_.centre.store().slow(1500 * kMillisecond); },
        [this] { city_.centre.store().slow(8 * kMillisecond); });
}

void Weather::hallFaults() {
  for (auto left = 1 + dice_.below(1 + city_.halls.size() / 8); left > 0; --left) {
    auto& hall = anyHall();
    const bool power = dice_.percent(50);
    fault(
        when(), dice_.between(500 * kMillisecond, 15 * kSecond), power ? "hall-power" : "hall-kill",
        hall.site(), [&hall, power] { hall.die(power); }, [&hall] { hall.boot(); });
  }
  // In the middle of a write.
  for (auto left = dice_.below(1 + city_.halls.size() / 6); left > 0; --left) {
    auto& hall = anyHall();
    const bool power = dice_.percent(70);
    const auto operations = static_cast<unsigned>(1 + dice_.below(8));
    fault(
        when(), dice_.between(5 * kSecond, 20 * kSecond), "hall-crash-in-write", hall.site(),
        [&hall, power, operations] { hall.disk().crashAt(operations, power); },
        [&hall] {
          hall.disk().crashAt(0, false);
          hall.boot();
        });
  }
  for (auto left = dice_.below(1 + city_.halls.size() / 10); left > 0; --left) {
    auto& hall = anyHall();
    fault(
        when(), dice_.between(2 * kSecond, 25 * kSecond), "disk-full", hall.site(),
        [&hall] { hall.disk().full(true); }, [&hall] { hall.disk().full(false); });
  }
  for (auto left = dice_.below(1 + city_.halls.size() / 12); left > 0; --left) {
    auto& hall = anyHall();
    fault(
        dice_.between(live_ - 10 * kSecond, live_), dice_.between(5 * kSecond, 40 * kSecond), "screen",
        hall.site(), [this, &hall] { city_.air.screen_broken[hall.site()] = true; },
        [this, &hall] { city_.air.screen_broken[hall.site()] = false; });
  }
}

void Weather::pathFaults() {
  for (auto left = dice_.below(1 + city_.halls.size() / 4); left > 0; --left) {
    auto& hall = anyHall();
    city_.calendar.at(when(), [this, &hall] {
      city_.history.add(What::kFault, {}, "link-break", hall.site());
      city_.network.breakLinks(hall.site());
    });
  }
  for (auto left = dice_.below(1 + city_.halls.size() / 8); left > 0; --left) {
    auto& hall = anyHall();
    fault(
        when(), dice_.between(kSecond, 40 * kSecond), "path-stall", hall.site(),
        [this, &hall] { city_.network.stall(hall.site(), true); },
        [this, &hall] { city_.network.stall(hall.site(), false); });
  }
  if (!dice_.percent(50)) return;
  const auto area = anyArea();
  const auto each = [this, area](bool stalled) {
    for (auto& hall : city_.halls)
      if (hall->area() == area) city_.network.stall(hall->site(), stalled);
  };
  fault(
      dice_.between(live_ - 20 * kSecond, until_ - 5 * kSecond), dice_.between(8 * kSecond, 45 * kSecond),
      "area-cut", area, [each] { each(true); }, [each] { each(false); });
}

void Weather::feedFaults(bool quiet) {
  const auto condition = dice_.percent(50) ? v1::Condition::black : v1::Condition::no_signal;
  const auto source = [this](const std::string& feed, v1::Condition::Name now) {
    city_.air.source[feed] = now;
    city_.history.add(What::kSource, {}, feed, {}, now);
  };
  // One after another, so that a cause can be told from the next.
  const Micros first = live_ + dice_.between(4 * kSecond, 12 * kSecond);
  fault(
      first, dice_.between(8 * kSecond, 16 * kSecond), "source", "main", [=] { source("main", condition); },
      [=] { source("main", v1::Condition::none); });
  if (quiet) return;
  for (auto left = dice_.below(1 + city_.halls.size() / 10); left > 0; --left) {
    auto& hall = anyHall();
    const std::string feed = dice_.percent(70) ? "main" : "backup";
    fault(
        when(), dice_.between(4 * kSecond, 20 * kSecond), "local-feed", hall.site() + "/" + feed,
        [this, &hall, feed] {
          city_.air.local[{hall.site(), feed}] = v1::Condition::packet_loss;
        },
        [this, &hall, feed] {
          city_.air.local.erase({hall.site(), feed});
        });
  }
}

}  // namespace diemcau::sim
