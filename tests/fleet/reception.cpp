// See reception.hpp.
#include "tests/fleet/reception.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "tests/fleet/dice.hpp"

namespace diemcau::fleet {
namespace {

constexpr double kTau = 6.283185307179586;

}  // namespace

Reception::Reception(const Behaviour& behaviour, const std::string& site_id) : behaviour_(&behaviour) {
  Dice dice(behaviour.seed, site_id, "reception");
  wobble_ = dice.unit();
  rtt_ms_ = 2 + dice.unit() * 40;
}

void Reception::feeds(const v1::Plan& plan) {
  order_.clear();
  for (const auto& feed : plan.feeds()) {
    order_.push_back(feed.id());
    feeds_[feed.id()];
  }
  profile_ = plan.profile();
  if (std::find(order_.begin(), order_.end(), active_) == order_.end()) {
    active_ = order_.empty() ? "" : order_.front();
  }
}

void Reception::sent(const std::string& feed_id, v1::Condition::Name condition, Micros steady) {
  Feed& feed = feeds_[feed_id];
  feed.sent = condition;
  feed.sent_at = steady;
}

void Reception::forget() {
  active_ = order_.empty() ? "" : order_.front();
  failovers_ = 0;
  since_ = 0;
}

bool Reception::follow(const SiteNow& now) {
  if (since_ == 0) since_ = now.steady;
  const std::string before = active_;
  bool changed = false;
  for (auto& [id, feed] : feeds_) {
    if (feed.seen == feed.sent || now.steady < feed.sent_at + behaviour_->detect_delay) continue;
    // From one fault into another the feed was never good.
    if (feed.seen == v1::Condition::none || feed.sent == v1::Condition::none) feed.seen_at = now.steady;
    feed.seen = feed.sent;
    changed = true;
  }
  decide(now.steady);
  return changed || active_ != before;
}

void Reception::decide(Micros steady) {
  if (order_.empty()) return;
  std::string wanted = active_;
  const bool pinned = std::find(order_.begin(), order_.end(), pinned_) != order_.end();
  const auto good = [&](const std::string& id) { return feeds_[id].seen == v1::Condition::none; };
  const auto lasted = [&](const std::string& id, Micros span) { return steady - feeds_[id].seen_at >= span; };
  if (pinned) {
    wanted = pinned_;
  } else if (active_ != order_.front() && good(order_.front()) && lasted(order_.front(), kGoodFor)) {
    wanted = order_.front();
  } else if (!good(active_) && lasted(active_, kBadFor)) {
    const auto other = std::find_if(order_.begin(), order_.end(), good);
    if (other != order_.end()) wanted = *other;
  }
  if (wanted == active_) return;
  active_ = wanted;
  ++failovers_;
}

void Reception::sample(v1::Status& status, const SiteNow& now) {
  status.clear_health();
  for (const std::string& id : order_) fill(*status.add_health(), id, feeds_[id], now);
}

void Reception::fill(v1::HealthSample& sample, const std::string& id, const Feed& feed, const SiteNow& now) {
  using C = v1::Condition;
  const double t = static_cast<double>(now.steady - since_) / 1e6;
  const double wave = std::sin(kTau * (t / 37 + wobble_)), ripple = std::sin(kTau * (t / 2.3 + wobble_));
  sample.set_feed_id(id);
  sample.set_t_s(t);
  sample.set_at_us(now.wall);
  sample.set_rtt_ms(rtt_ms_ * (1 + 0.1 * ripple));
  if (feed.seen != C::none) sample.add_conditions(feed.seen);
  if (feed.seen == C::no_signal) {
    *sample.mutable_problem() = text("Không nhận được gì từ máy phát", "Nothing is received from the sender");
    return;
  }
  sample.set_connected(true);
  const double least = profile_.min_bitrate_kbps(), most = profile_.max_bitrate_kbps();
  const double usual =
      most > 0 ? std::min(least + (most - least) * 0.25, std::max(least, 2000.0)) : std::max(least, 2000.0);
  const double rate = feed.seen == C::low_bitrate ? usual * 0.1 : usual * (1 + 0.04 * ripple);
  sample.set_bitrate_kbps(static_cast<std::uint32_t>(rate));
  if (feed.seen != C::no_video) {
    auto* video = sample.mutable_video();
    const double fps = profile_.fps() > 0 ? profile_.fps() : 25;
    video->set_codec(profile_.video_codec().empty() ? "h264" : profile_.video_codec());
    video->set_width(profile_.width() != 0 ? profile_.width() : 1280);
    video->set_height(profile_.height() != 0 ? profile_.height() : 720);
    video->set_fps(feed.seen == C::low_fps ? fps * 0.3 : fps);
    video->set_black(feed.seen == C::black);
    video->set_luma(video->black() ? 16 : 110 + 25 * wave);
    video->set_still(feed.seen == C::frozen);
    video->set_was_alive(feed.seen == C::frozen);
    video->set_bitrate_kbps(static_cast<std::uint32_t>(std::max(0.0, rate - 160)));
  }
  if (feed.seen != C::no_audio) {
    auto* audio = sample.mutable_audio();
    const bool silent = feed.seen == C::silence;
    audio->set_codec(profile_.audio_codec().empty() ? "aac" : profile_.audio_codec());
    audio->set_channels(2);
    audio->set_sample_rate(48'000);
    audio->set_rms_dbfs(silent ? -120 : -24 + 3 * ripple);
    audio->set_lufs(silent ? -120 : -23 + 2 * wave);
    audio->set_peak_dbfs(silent ? -120 : -9 + 2 * ripple);
  }
  if (feed.seen == C::packet_loss) sample.set_lost_packets(static_cast<std::uint32_t>(t * 5));
  if (feed.seen == C::corrupted) sample.set_decode_errors(static_cast<std::uint32_t>(t * 3));
}

}  // namespace diemcau::fleet
