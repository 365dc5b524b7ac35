// See site_history.hpp.
#include "coordinator/core/site_history.hpp"

#include <algorithm>
#include <cmath>

namespace diemcau::core {
namespace {

constexpr std::uint8_t kOnBackup = 1, kBad = 2;
constexpr std::uint32_t kRateUnit = 4;

std::uint16_t narrow(double value, double most) {
  return static_cast<std::uint16_t>(std::clamp(std::isfinite(value) ? value : 0.0, 0.0, most));
}

}  // namespace

void SiteHistories::add(const std::string& site_id, const v1::HealthSample& sample, bool on_backup,
                        Micros now) {
  auto& ring = sites_[site_id];
  const std::int64_t step = now / kStep;
  if (step != ring.step) {
    if (ring.step != 0) close(ring);
    // Steps in which nothing was said; a clock that went back begins anew.
    const std::int64_t silent = ring.step == 0 ? 0 : step - ring.step - 1;
    if (silent < 0 || silent >= static_cast<std::int64_t>(points_)) ring.points.clear(), ring.next = 0;
    for (std::int64_t i = 0; i < silent && silent < static_cast<std::int64_t>(points_); ++i) push(ring, {});
    ring.step = step;
    ring.now = {};
    ring.kbps = ring.samples = 0;
  }
  ring.kbps += sample.bitrate_kbps();
  ++ring.samples;
  // The probe counts since its start: a smaller number is a new probe.
  const std::uint32_t lost = sample.lost_packets();
  const std::uint32_t more = !ring.counted ? 0 : lost >= ring.lost_before ? lost - ring.lost_before : lost;
  ring.lost_before = lost;
  ring.counted = true;
  auto& point = ring.now;
  point.lost = narrow(double(point.lost) + more, 0xffff);
  point.rtt = std::max(point.rtt, narrow(sample.rtt_ms() * 10, 0xffff));
  if (sample.has_audio())
    point.lufs =
        std::max(point.lufs, static_cast<std::int8_t>(std::clamp(sample.audio().lufs(), -120.0, 10.0)));
  if (on_backup) point.flags |= kOnBackup;
  if (!sample.conditions().empty()) point.flags |= kBad;
}

void SiteHistories::close(Ring& ring) const {
  if (ring.samples != 0) ring.now.rate = narrow(double(ring.kbps) / ring.samples / kRateUnit, kNone - 1);
  push(ring, ring.now);
}

void SiteHistories::push(Ring& ring, const Point& point) const {
  if (ring.points.size() > points_) {  // there are more sites now: the newest that fit stay
    std::rotate(ring.points.begin(), ring.points.begin() + static_cast<std::ptrdiff_t>(ring.next),
                ring.points.end());
    ring.points.erase(ring.points.begin(), ring.points.end() - static_cast<std::ptrdiff_t>(points_));
    ring.points.shrink_to_fit();
    ring.next = 0;
  }
  if (ring.points.size() < points_) {
    // A longer ring than before begins where the shorter one was.
    std::rotate(ring.points.begin(), ring.points.begin() + static_cast<std::ptrdiff_t>(ring.next),
                ring.points.end());
    ring.next = 0;
    ring.points.push_back(point);
    return;
  }
  ring.points[ring.next] = point;
  ring.next = (ring.next + 1) % ring.points.size();
}

v1::SiteHistory SiteHistories::of(std::string_view site_id, Micros now) const {
  v1::SiteHistory out;
  out.set_site_id(std::string(site_id));
  out.set_step_ms(static_cast<std::uint32_t>(kStep / kMillisecond));
  const auto found = sites_.find(site_id);
  if (found == sites_.end()) return out;
  // Closed as it would be now: what the newest step has so far is told too.
  Ring ring = found->second;
  close(ring);
  const std::int64_t silent = now / kStep - ring.step;
  if (silent >= static_cast<std::int64_t>(points_)) return out;
  for (std::int64_t i = 0; i < silent; ++i) push(ring, {});
  const auto size = static_cast<std::int64_t>(ring.points.size());
  out.set_first_us((std::max(ring.step, now / kStep) - size + 1) * kStep);
  for (std::size_t i = 0; i < ring.points.size(); ++i) {
    const auto& point = ring.points[(ring.next + i) % ring.points.size()];
    out.add_kbps(point.rate == kNone ? -1 : std::int32_t{point.rate} * static_cast<std::int32_t>(kRateUnit));
    out.add_lost(point.lost);
    out.add_rtt_ms(static_cast<float>(point.rtt) / 10);
    out.add_lufs(point.lufs);
    out.add_on_backup((point.flags & kOnBackup) != 0);
    out.add_bad((point.flags & kBad) != 0);
  }
  return out;
}

}  // namespace diemcau::core
