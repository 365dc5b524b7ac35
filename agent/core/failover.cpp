// See failover.hpp.
#include "agent/core/failover.hpp"

#include <algorithm>
#include <array>

namespace diemcau::agent {
namespace {

struct Row {
  v1::Condition::Name condition;
  bool leaves;
};
// Of pictures that get through where packets are lost: fewer cannot be followed.
constexpr double kSeenFps = 5;

constexpr std::array kTable{
    Row{v1::Condition::none, false},         Row{v1::Condition::no_signal, true},
    Row{v1::Condition::no_video, true},      Row{v1::Condition::no_audio, true},
    Row{v1::Condition::black, true},         Row{v1::Condition::frozen, true},
    Row{v1::Condition::silence, false},      Row{v1::Condition::low_bitrate, false},
    Row{v1::Condition::low_fps, false},      Row{v1::Condition::wrong_format, false},
    Row{v1::Condition::corrupted, true},     Row{v1::Condition::packet_loss, false},
    Row{v1::Condition::line_too_slow, true}, Row{v1::Condition::stutter, false},
    Row{v1::Condition::high_delay, false},   Row{v1::Condition::jitter, false},
    Row{v1::Condition::too_quiet, false},    Row{v1::Condition::clipping, false},
    Row{v1::Condition::av_skew, false},      Row{v1::Condition::timestamps, false},
    Row{v1::Condition::wrong_feed, true},
};

}  // namespace

bool leavesFeed(v1::Condition::Name condition) {
  const auto row =
      std::find_if(kTable.begin(), kTable.end(), [&](const Row& r) { return r.condition == condition; });
  return row != kTable.end() && row->leaves;
}

bool hasWhatCounts(const v1::HealthSample& sample) {
  return sample.sound_alone() ? sample.has_audio() : sample.has_video();
}

bool goodFeed(const v1::HealthSample& sample) {
  if (!sample.connected() || !hasWhatCounts(sample) || sample.picture_awaited()) return false;
  const bool lossy = std::find(sample.conditions().begin(), sample.conditions().end(),
                               v1::Condition::packet_loss) != sample.conditions().end();
  if (lossy && !sample.sound_alone() && sample.video().fps() < kSeenFps) return false;
  return std::none_of(sample.conditions().begin(), sample.conditions().end(),
                      [](int name) { return leavesFeed(static_cast<v1::Condition::Name>(name)); });
}

void Failover::feeds(const std::vector<std::string>& ids, Micros steady) {
  std::vector<Feed> kept;
  for (const auto& id : ids) {
    if (const auto* old = find(id)) {
      kept.push_back(*old);
    } else {
      Feed feed;
      feed.id = id;
      feed.since = steady;
      kept.push_back(std::move(feed));
    }
  }
  feeds_ = std::move(kept);
  if (find(active_) == nullptr) active_ = feeds_.empty() ? std::string() : feeds_.front().id;
}

void Failover::pin(std::string_view feed_id) {
  pinned_ = feed_id;
}

void Failover::judge(std::string_view feed_id, bool good, Micros steady) {
  auto* feed = find(feed_id);
  if (feed == nullptr || (feed->known && feed->good == good)) return;
  feed->known = true;
  feed->good = good;
  feed->since = steady;
  if (!good && feed->returned != 0 && steady - feed->returned < kSettle)
    feed->wait = std::min(feed->wait * 2, kMostWait);
}

bool Failover::decide(Micros steady) {
  if (feeds_.empty()) return false;
  for (auto& feed : feeds_)
    if (feed.good && feed.id == active_ && steady - feed.since >= kForget) feed.wait = kGoodFor;

  if (auto* pinned = find(pinned_); !pinned_.empty() && pinned != nullptr) {
    if (pinned->id == active_) return false;
    change(*pinned, steady);
    return true;
  }
  auto* active = find(active_);
  const bool bad = active->known && !active->good && steady - active->since >= kBadFor;
  for (auto& feed : feeds_) {
    if (&feed == active || !feed.known || !feed.good) continue;
    const bool preferred = &feed < active;
    const bool settled = steady - feed.since >= feed.wait;
    if (bad || (preferred && settled)) {
      change(feed, steady);
      return true;
    }
  }
  return false;
}

void Failover::change(Feed& to, Micros steady) {
  to.returned = steady;
  active_ = to.id;
  ++changes_;
}

void Failover::restore(const std::string& active, std::uint32_t changes) {
  active_ = active;
  changes_ = changes;
}

void Failover::forget() {
  for (auto& feed : feeds_) feed.known = feed.good = false;
}

void Failover::reset() {
  *this = Failover();
}

Failover::Feed* Failover::find(std::string_view id) {
  const auto found =
      std::find_if(feeds_.begin(), feeds_.end(), [&](const Feed& feed) { return feed.id == id; });
  return found == feeds_.end() ? nullptr : &*found;
}

}  // namespace diemcau::agent
