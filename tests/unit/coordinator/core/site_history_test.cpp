// The last hour of a site, and its newest picture.
#include "coordinator/core/site_history.hpp"

#include "coordinator/core/thumbnails.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

constexpr Micros kNoon = 1'800'000'000 * kSecond;
constexpr Micros kOneStep = SiteHistories::kStep;

v1::HealthSample sample(std::uint32_t kbps, std::uint32_t lost = 0, double rtt = 0, double lufs = -23) {
  v1::HealthSample out;
  out.set_bitrate_kbps(kbps);
  out.set_lost_packets(lost);
  out.set_rtt_ms(rtt);
  out.mutable_audio()->set_lufs(lufs);
  return out;
}

TEST_CASE("a point is the mean rate, the loss, the worst delay and the loudest moment of its step") {
  SiteHistories histories;
  histories.add("s", sample(1'000, 10, 20.5, -30), false, kNoon);
  histories.add("s", sample(3'000, 14, 7, -18), true, kNoon + 2 * kSecond);
  auto bad = sample(800, 3);
  bad.add_conditions(v1::Condition::packet_loss);
  histories.add("s", bad, false, kNoon + kOneStep);
  const auto out = histories.of("s", kNoon + kOneStep + kSecond);
  REQUIRE(out.kbps_size() == 2);
  CHECK(out.first_us() == kNoon);
  CHECK(out.step_ms() == 5'000);
  CHECK(out.kbps(0) == 2'000);
  CHECK(out.lost(0) == 4);
  CHECK(out.rtt_ms(0) == 20.5F);
  CHECK(out.lufs(0) == -18);
  CHECK(out.on_backup(0));
  CHECK_FALSE(out.bad(0));
  // A smaller count is that of a new probe.
  CHECK(out.lost(1) == 3);
  CHECK(out.bad(1));
  CHECK_FALSE(out.on_backup(1));
}

TEST_CASE("silence is shown as such, at the end too") {
  SiteHistories histories;
  histories.add("s", sample(1'000), false, kNoon);
  histories.add("s", sample(1'000), false, kNoon + 4 * kOneStep);
  const auto out = histories.of("s", kNoon + 6 * kOneStep);
  REQUIRE(out.kbps_size() == 7);
  const std::vector<int> rates(out.kbps().begin(), out.kbps().end());
  CHECK(rates == std::vector<int>{1'000, -1, -1, -1, 1'000, -1, -1});
  CHECK(histories.of("s", kNoon + 2 * kHour).kbps().empty());
  CHECK(histories.of("nobody", kNoon).kbps().empty());
  // A long silence leaves nothing of before it, a clock that went back neither.
  histories.add("s", sample(2'000), false, kNoon + 3 * kHour);
  CHECK(histories.of("s", kNoon + 3 * kHour).kbps_size() == 1);
  histories.add("s", sample(3'000), false, kNoon);
  CHECK(histories.of("s", kNoon).kbps_size() == 1);
}

TEST_CASE("an hour is kept, and twenty minutes where there are very many sites") {
  SiteHistories histories;
  const auto fill = [&](int from, int to) {
    for (int i = from; i < to; ++i)
      histories.add("s", sample(static_cast<std::uint32_t>(4 * i)), false, kNoon + i * kOneStep);
    return histories.of("s", kNoon + (to - 1) * kOneStep);
  };
  auto out = fill(0, 1'000);
  REQUIRE(out.kbps_size() == 720);
  CHECK(out.kbps(719) == 4 * 999);
  CHECK(out.kbps(0) == 4 * 280);
  CHECK(out.first_us() == kNoon + 280 * kOneStep);
  histories.expect(31'000);
  out = fill(1'000, 1'003);
  REQUIRE(out.kbps_size() == 240);
  CHECK(out.kbps(239) == 4 * 1'002);
  CHECK(out.kbps(0) == 4 * 763);
  histories.expect(766);
  out = fill(1'003, 1'010);
  // Those that were there, and the new ones behind them.
  REQUIRE(out.kbps_size() == 248);
  CHECK(out.kbps(0) == 4 * 762);
  CHECK(out.kbps(247) == 4 * 1'009);
}

v1::Thumbnail picture(Micros at, std::size_t size = 100) {
  v1::Thumbnail out;
  out.set_feed_id("main");
  out.set_at_us(at);
  out.set_jpeg("\xff\xd8\xff" + std::string(size - 5, 'x') + "\xff\xd9");
  return out;
}

TEST_CASE("the newest picture of each site is kept within a limit") {
  Thumbnails thumbnails(250);
  CHECK(thumbnails.add("a", picture(1), kNoon));
  CHECK_FALSE(thumbnails.add("a", picture(1), kNoon + 1));
  CHECK(thumbnails.add("b", picture(2), kNoon));
  CHECK(thumbnails.find("a")->arrived_us() < thumbnails.find("b")->arrived_us());
  const auto everybody = [](const std::string&) { return true; };
  const auto all = thumbnails.after(0, everybody);
  REQUIRE(all.thumbnails_size() == 2);
  CHECK(thumbnails.after(all.newest_us(), everybody).thumbnails().empty());
  CHECK(thumbnails.add("a", picture(3), kNoon + kSecond));
  const auto more = thumbnails.after(all.newest_us(), everybody);
  REQUIRE(more.thumbnails_size() == 1);
  CHECK(more.thumbnails(0).thumbnail().at_us() == 3);
  // A third one takes the place of the oldest.
  CHECK(thumbnails.add("c", picture(4), kNoon + 2 * kSecond));
  CHECK(thumbnails.find("b") == nullptr);
  CHECK(thumbnails.find("a") != nullptr);
  CHECK(thumbnails.after(0, [](const std::string& site) { return site == "a"; }).thumbnails_size() == 1);
}

TEST_CASE("what is no picture is not kept") {
  Thumbnails thumbnails;
  CHECK_FALSE(thumbnails.add("a", picture(1, 16 * 1024 + 1), kNoon));
  auto odd = picture(1);
  odd.set_jpeg("<script>");
  CHECK_FALSE(thumbnails.add("a", odd, kNoon));
  odd = picture(1);
  odd.set_feed_id("../x");
  CHECK_FALSE(thumbnails.add("a", odd, kNoon));
  CHECK(thumbnails.add("a", picture(1, 16 * 1024), kNoon));
}

}  // namespace
}  // namespace diemcau::core
