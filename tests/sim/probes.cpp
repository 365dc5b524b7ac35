// See probes.hpp.
#include "tests/sim/probes.hpp"

#include "base/text.hpp"

namespace diemcau::sim {
namespace {
constexpr Micros kSampleEvery = 2 * kSecond;
constexpr Micros kOnDelay = kSecond;  // a condition is told once it has lasted
}  // namespace

void SimProbes::want(const std::vector<agent::WantedProbe>& probes) {
  const auto wanted = [&](const std::string& feed) {
    for (const auto& probe : probes)
      if (probe.setup.feed().id() == feed) return true;
    return false;
  };
  std::erase_if(running_, [&](const auto& entry) { return !wanted(entry.first); });
  std::string on_screen;
  for (const auto& probe : probes) {
    const auto& feed = probe.setup.feed().id();
    const auto [at, fresh] = running_.try_emplace(feed);
    auto& running = at->second;
    if (fresh)
      running.next_sample = hall_.clock.steady() + dice_.between(400 * kMillisecond, 1200 * kMillisecond);
    if (running.show_at != probe.show_at) {
      const bool other = running.show_at.has_value() != probe.show_at.has_value();
      running.show_at = probe.show_at;
      if (other) running.shown = false;
      if (running.show_at)
        running.show_steady = hall_.clock.steady() + (*running.show_at - hall_.clock.wall());
      if (!running.shown && running.show_at) arm(feed, running);
      if (!running.show_at) running.due.reset();
    }
    if (running.shown) on_screen = feed;
  }
  // While the next feed opens, the one before stays: the hall is dark only when nothing is to be shown.
  bool showing = false;
  for (const auto& [feed, running] : running_) showing = showing || running.show_at.has_value();
  if (!showing) screen({});
}

void SimProbes::arm(const std::string& feed, Running& running) {
  const Micros wait = mutation_ == Mutation::kShowsAtOnce ? 0 : running.show_steady - hall_.clock.steady();
  running.due =
      hall_.tasks.after(std::max<Micros>(wait, 0) + dice_.between(200, 4000), [this, feed] { show(feed); });
}

void SimProbes::show(const std::string& feed) {
  const auto found = running_.find(feed);
  if (found == running_.end() || !found->second.show_at || found->second.shown) return;
  if (hall_.air.broken(hall_.site)) {
    found->second.due = hall_.tasks.after(kSecond, [this, feed] { show(feed); });
    return;
  }
  if (hall_.clock.steady() < found->second.show_steady && mutation_ != Mutation::kShowsAtOnce)
    return arm(feed, found->second);
  found->second.shown = true;
  found->second.due.reset();
  screen(feed);
  ports_.shown(feed, hall_.clock.wall());
}

void SimProbes::screen(const std::string& feed) {
  if (hall_.screen == feed) return;
  hall_.screen = feed;
  hall_.history.add(What::kScreen, hall_.site, feed);
}

v1::HealthSample SimProbes::sampleOf(const std::string& feed, v1::Condition::Name condition) const {
  v1::HealthSample sample;
  sample.set_feed_id(feed);
  sample.set_at_us(hall_.clock.wall());
  if (condition != v1::Condition::none) sample.add_conditions(condition);
  if (condition == v1::Condition::no_signal) {
    *sample.mutable_problem() = text("không có tín hiệu", "no signal");
    return sample;
  }
  sample.set_connected(true);
  sample.set_bitrate_kbps(2000);
  auto& video = *sample.mutable_video();
  video.set_codec("h264");
  video.set_width(1280);
  video.set_height(720);
  video.set_fps(25);
  sample.mutable_audio()->set_codec("aac");
  return sample;
}

void SimProbes::tick() {
  if (mutation_ == Mutation::kHidesWithoutLink && !hall_.linked()) screen({});
  const Micros now = hall_.clock.steady();
  std::vector<v1::HealthSample> samples;
  for (auto& [feed, running] : running_) {
    const auto condition = hall_.air.at(hall_.site, feed);
    if (condition == running.told)
      running.changed = 0;
    else if (running.changed == 0)
      running.changed = now;
    const bool news = running.changed != 0 && now - running.changed >= kOnDelay;
    if (now < running.next_sample || (running.next_sample == 0)) {
      if (!news) continue;
    }
    if (news) running.told = condition, running.changed = 0;
    running.next_sample = now + kSampleEvery;
    samples.push_back(sampleOf(feed, running.told));
  }
  for (auto& sample : samples) ports_.sample(std::move(sample));
}

void SimProbes::stop(std::function<void()> gone) {
  running_.clear();
  screen({});
  gone();
}

}  // namespace diemcau::sim
