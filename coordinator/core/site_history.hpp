// The last hour of each site's feed, for charts: one point every few seconds, in memory alone. Pure.
//
// A point is 8 bytes. Up to 10,000 sites have an hour of them, 5.8 kB a site (4.4 MB for 766); beyond that
// twenty minutes, 1.9 kB a site (60 MB for 31,000). A site that measures nothing costs nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/by_id.hpp"
#include "diemcau/v1/health.pb.h"
#include "diemcau/v1/history.pb.h"

namespace diemcau::core {

class SiteHistories {
 public:
  static constexpr Micros kStep = 5 * kSecond;
  static constexpr std::size_t kHour = 720, kShort = 240, kMany = 10'000;

  // How many sites share the memory; what is longer than it may be now is cut when it is next added to.
  void expect(std::size_t sites) { points_ = sites > kMany ? kShort : kHour; }

  // What a site said of the feed that it shows, or would.
  void add(const std::string& site_id, const v1::HealthSample& sample, bool on_backup, Micros now);
  v1::SiteHistory of(std::string_view site_id, Micros now) const;
  void forget(std::string_view site_id) { sites_.erase(std::string(site_id)); }

 private:
  struct Point {
    std::uint16_t rate = kNone;  // 4 kbit/s
    std::uint16_t lost = 0;      // packets
    std::uint16_t rtt = 0;       // 0.1 ms
    std::int8_t lufs = -120;
    std::uint8_t flags = 0;
  };
  static constexpr std::uint16_t kNone = 0xffff;
  struct Ring {
    std::vector<Point> points;  // of `points_` at most; `next` is the oldest once it is full
    std::size_t next = 0;
    std::int64_t step = 0;  // of the point that is being made
    Point now;
    std::uint64_t kbps = 0;
    std::uint32_t samples = 0, lost_before = 0;
    bool counted = false;  // lost_before is known
  };
  void close(Ring& ring) const;
  void push(Ring& ring, const Point& point) const;

  std::size_t points_ = kHour;
  ById<Ring> sites_;
};

}  // namespace diemcau::core
