#include "agent/probe/session.hpp"

#include <algorithm>

#include "base/resident.hpp"

namespace diemcau::probe {
namespace {

constexpr Micros kLook = 100 * kMillisecond;
constexpr int kStuckLooks = 15;
constexpr Micros kLeastWait = 10 * kMillisecond;
constexpr Micros kLeastBetween = 200 * kMillisecond;  // at most five samples a second
constexpr Micros kWorthASample = 400 * kMillisecond;  // of the last, begun second of a file

}  // namespace

Session::Session(MainLoop& loop, Options options, Output* output)
    : loop_(loop),
      options_(std::move(options)),
      clock_(systemClock()),
      own_(clock_),
      started_(own_.steady()),
      alive_(std::make_shared<bool>(true)),
      meter_(started_, paced(options_.address)),
      conditions_(agent::expectedOf(options_.address.kind, options_.profile)),
      supervisor_({options_.address, options_.passphrase, options_.end_at_end,
                   [this, alive = std::weak_ptr<bool>(alive_)](const v1::Text& problem) {
                     loop_.post([this, alive, problem] {
                       if (!alive.expired()) finish(problem);
                     });
                   },
                   pictures(), options_.profile.mark()},
                  meter_, output, own_) {
  meter_.onFlip([this, alive = std::weak_ptr<bool>(alive_)] {
    loop_.post([this, alive] {
      if (!alive.expired()) onFlip();
    });
  });
}

ThumbnailMaker::Made Session::pictures() {
  if (!options_.thumbnail) return {};
  return [this, alive = std::weak_ptr<bool>(alive_)](std::string jpeg) {
    v1::Thumbnail made;
    made.set_feed_id(options_.feed_id);
    made.set_at_us(clock_.wall());
    made.set_jpeg(std::move(jpeg));
    loop_.post([this, alive, made = std::move(made)] {
      if (!alive.expired()) options_.thumbnail(made);
    });
  };
}

Session::~Session() {
  alive_.reset();
  supervisor_.stop();
}

void Session::start() {
  setDepth(options_.depth);
  next_tick_ = started_ + kSecond;
  tick();
  settled_ = loop_.at(started_ + kStarted, [] { forgetStart(); });
  look_ = loop_.every(kLook, [this] { look(); });
  supervisor_.start();
}

// Looks are counted, not time: after a machine slept the first look finds a decoder where it was.
void Session::look() {
  const auto work = supervisor_.work();
  bool behind = false;
  for (std::size_t i = 0; i < work.size(); ++i) {
    const bool same = work[i] % 2 == 1 && work[i] == at_work_[i].work;
    behind |= same;
    at_work_[i] = {work[i], same ? at_work_[i].looks + 1 : 0};
    if (at_work_[i].looks == kStuckLooks && options_.stuck) options_.stuck();
  }
  own_.look(behind);
  meter_.lookAtTime(own_.steady());
}

// At this instant of its own time, or sooner, if it is not let run meanwhile.
MainLoop::Handle Session::at(Micros own, MainLoop::Task task) {
  return loop_.at(clock_.steady() + own - own_.steady(), std::move(task));
}

void Session::tick() {
  const Micros now = own_.steady();
  if (now < next_tick_) {
    tick_ = at(std::max(next_tick_, now + kLeastWait), [this] { tick(); });
    return;
  }
  tell(meter_.sample(now), true);
  next_tick_ += ((now - next_tick_) / kSecond + 1) * kSecond;
  tick_ = at(next_tick_, [this] { tick(); });
}

void Session::onFlip() {
  if (between_) return;
  const Micros when = std::max(own_.steady(), last_told_ + kLeastBetween);
  if (when >= next_tick_) return;  // the tick will tell
  between_ = at(when, [this] { between(); });
}

void Session::between() {
  const MainLoop::Handle done = std::move(between_);
  tell(meter_.glance(own_.steady()), false);
}

void Session::tell(v1::HealthSample sample, bool whole) {
  last_told_ = own_.steady();
  sample.set_feed_id(options_.feed_id);
  sample.set_at_us(clock_.wall());
  conditions_.judge(sample);
  options_.sample(sample, whole);
}

void Session::finish(const v1::Text& problem) {
  const Micros now = own_.steady();
  if (next_tick_ - now < kSecond - kWorthASample) tell(meter_.sample(now), true);
  tick_.reset();
  look_.reset();
  between_.reset();
  if (options_.finished) options_.finished(problem);
}

}  // namespace diemcau::probe
