// See feed_test.hpp.
#include "coordinator/core/feed_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/feed_address.hpp"
#include "base/text.hpp"
#include "coordinator/core/alarm_book.hpp"
#include "coordinator/core/session_check.hpp"

namespace diemcau::core {
namespace {

constexpr std::uint32_t kDefault = 8, kLeast = 3, kMost = 30;
constexpr std::size_t kJoining = 2;  // seconds after the first data in which pictures may still be missing
constexpr std::size_t kEnd = 3;      // what holds in all of the last seconds is how the feed is

std::set<int> conditionsOf(const v1::HealthSample& sample) {
  return {sample.conditions().begin(), sample.conditions().end()};
}

}  // namespace

Result<v1::FeedTest> checkedFeedTest(const v1::FeedTest& wish) {
  v1::Session session;  // as a session's feed would be checked
  session.set_title("-");
  *session.add_feeds() = wish.feed();
  if (session.feeds(0).id().empty()) session.mutable_feeds(0)->set_id("test");
  *session.mutable_profile() = wish.profile();
  auto checked = checkedSession(session);
  if (!checked) return tl::unexpected(checked.error());
  if (const auto address = parseFeedAddress(checked->feeds(0).uri());
      !address || address->kind == FeedKind::kFile || capturesSound(address->kind) ||
      capturesPictures(address->kind))
    return fail(ErrorCode::kInvalid,
                "a feed on the network can be tested here, and no file or device of this machine",
                "chỉ kiểm tra được luồng trên mạng, không phải tệp hay thiết bị của máy này");
  v1::FeedTest out;
  *out.mutable_feed() = checked->feeds(0);
  *out.mutable_profile() = checked->profile();
  out.set_seconds(wish.seconds() == 0 ? kDefault : wish.seconds());
  if (out.seconds() < kLeast || out.seconds() > kMost)
    return fail(ErrorCode::kInvalid, fmt::format("seconds is {}; 3 to 30 is possible", wish.seconds()),
                fmt::format("seconds là {}; chỉ từ 3 đến 30", wish.seconds()));
  return out;
}

v1::FeedTestReport judgeFeedTest(const std::vector<v1::HealthSample>& samples) {
  v1::FeedTestReport out;
  const auto first =
      std::find_if(samples.begin(), samples.end(), [](const auto& one) { return one.connected(); });
  if (first == samples.end()) {
    v1::Text why = text("không nhận được gì từ địa chỉ này", "nothing was received from this address");
    if (!samples.empty()) {
      *out.mutable_last() = samples.back();
      if (!samples.back().problem().en().empty()) why = samples.back().problem();
      out.add_conditions(v1::Condition::no_signal);
    }
    *out.mutable_text() = why;
    return out;
  }
  const auto& last = samples.back();
  *out.mutable_last() = last;
  out.set_lost_packets(last.lost_packets());
  const std::size_t joined = static_cast<std::size_t>(first - samples.begin());
  const std::size_t from = std::min(joined + kJoining, samples.size() - 1);
  std::uint64_t kbps = 0;
  for (std::size_t i = from; i < samples.size(); ++i) {
    kbps += samples[i].bitrate_kbps();
    out.set_seconds(out.seconds() + 1);
    if (samples[i].connected() && samples[i].conditions().empty())
      out.set_good_seconds(out.good_seconds() + 1);
  }
  out.set_mean_kbps(static_cast<std::uint32_t>(kbps / out.seconds()));
  auto holds = conditionsOf(last);
  for (std::size_t i = samples.size() - std::min(kEnd, samples.size() - from); i < samples.size(); ++i) {
    const auto now = conditionsOf(samples[i]);
    std::erase_if(holds, [&](int condition) { return !now.contains(condition); });
  }
  if (!last.connected()) holds.insert(v1::Condition::no_signal);
  for (const int condition : holds) out.add_conditions(static_cast<v1::Condition::Name>(condition));
  if (!holds.empty()) {
    v1::Text said;
    for (const int condition : holds) {
      const auto word = conditionText(static_cast<v1::Condition::Name>(condition));
      said.set_vi(said.vi() + (said.vi().empty() ? "" : ", ") + word.vi());
      said.set_en(said.en() + (said.en().empty() ? "" : ", ") + word.en());
    }
    *out.mutable_text() = said;
  } else if (out.good_seconds() == out.seconds()) {
    out.set_verdict(v1::FeedTestReport::good);
    *out.mutable_text() = text("luồng tốt", "the feed is good");
  } else {
    out.set_verdict(v1::FeedTestReport::doubtful);
    *out.mutable_text() = text(
        fmt::format("luồng chưa ổn định: {}/{} giây tốt", out.good_seconds(), out.seconds()),
        fmt::format("the feed is not steady: good in {} of {} seconds", out.good_seconds(), out.seconds()));
  }
  return out;
}

}  // namespace diemcau::core
