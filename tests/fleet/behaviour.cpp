// See behaviour.hpp.
#include "tests/fleet/behaviour.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "tests/fleet/dice.hpp"

namespace diemcau::fleet {
namespace {

constexpr Micros kDeadline = 3 * kSecond;  // the coordinator's: later than this after start_at is late
constexpr double kSmallTroublePercent = 3, kSignsOffPercent = 92, kCorrectsPercent = 15;

std::size_t shareOf(std::size_t sites, double percent) {
  if (percent <= 0) return 0;
  const auto count = static_cast<std::size_t>(std::lround(static_cast<double>(sites) * percent / 100));
  return std::clamp<std::size_t>(count, 1, sites);
}

Behaviour plain(std::uint64_t seed, const std::string& id) {
  Dice dice(seed, id, "behaviour");
  Behaviour out;
  out.seed = seed;
  out.start_jitter = dice.between(0, 30) * kMillisecond;
  out.detect_delay = dice.between(1000, 2000) * kMillisecond;
  out.checks_take = dice.between(3000, 9000) * kMillisecond;
  out.signs_off = dice.chance(kSignsOffPercent);
  out.steady_offset = dice.between(0, 1'000'000) * kSecond;
  out.wall_offset = dice.between(-2000, 2000) * kMillisecond;
  out.drift_ppm = (dice.unit() - 0.5) * 80;
  out.headcount_after = dice.between(20'000, 180'000) * kMillisecond;
  out.corrects = dice.chance(kCorrectsPercent);
  out.corrects_after = dice.between(1000, 4000) * kMillisecond;
  if (dice.chance(kSmallTroublePercent)) out.trouble = &smallTroubles()[dice.next() % smallTroubles().size()];
  return out;
}

}  // namespace

const std::vector<Trouble>& startTroubles() {
  static const std::vector<Trouble> all = {
      {v1::Check::main_feed, text("Máy thiếu bộ giải mã H.264: cài lại phần mềm điểm cầu",
                                  "This computer has no H.264 decoder: install the site's program again")},
      {v1::Check::screen, text("Không tìm thấy màn hình hay máy chiếu: kiểm tra cáp HDMI",
                               "No screen or projector was found: check the HDMI cable")},
      {v1::Check::main_feed, text("Không kết nối được máy phát: tường lửa chặn cổng SRT",
                                  "The sender cannot be reached: a firewall blocks the SRT port")},
  };
  return all;
}

const std::vector<Trouble>& smallTroubles() {
  static const std::vector<Trouble> all = {
      {v1::Check::backup_feed,
       text("Luồng dự phòng không có tín hiệu", "Nothing is received on the backup feed")},
      {v1::Check::disk, text("Ổ đĩa gần đầy: còn 120 MB", "The disk is nearly full: 120 MB are left")},
      {v1::Check::microphone, text("Micro không có tiếng", "The microphone is silent")},
  };
  return all;
}

std::vector<Behaviour> castRoles(std::uint64_t seed, const std::vector<std::string>& ids,
                                 const Shares& shares) {
  std::vector<Behaviour> cast;
  cast.reserve(ids.size());
  for (const std::string& id : ids) cast.push_back(plain(seed, id));

  // A shuffled order by seed, from whose front the roles are given.
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::uint64_t> lot;
  lot.reserve(ids.size());
  for (const std::string& id : ids) lot.push_back(Dice(seed, id, "lot").next());
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lot[a] < lot[b]; });

  std::size_t at = 0;
  const auto give = [&](Role role, double percent) {
    for (std::size_t n = shareOf(ids.size(), percent); n > 0 && at < order.size(); --n, ++at) {
      Behaviour& site = cast[order[at]];
      Dice dice(seed, ids[order[at]], "role");
      site.role = role;
      site.trouble = nullptr;
      if (role == Role::kFailing) site.trouble = &startTroubles()[dice.next() % startTroubles().size()];
      if (role == Role::kLate) site.late_by = kDeadline + dice.between(1000, 6000) * kMillisecond;
    }
  };
  give(Role::kFailing, shares.failing);
  give(Role::kLate, shares.late);
  give(Role::kDropping, shares.dropping);
  return cast;
}

}  // namespace diemcau::fleet
