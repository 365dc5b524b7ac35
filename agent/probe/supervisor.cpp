#include "agent/probe/supervisor.hpp"

#include <chrono>

#include "agent/probe/problem.hpp"
#include "base/log.hpp"

namespace diemcau::probe {
namespace {

constexpr std::chrono::milliseconds kWatch{100};
constexpr Micros kReason = 800 * kMillisecond;
constexpr Micros kQuietFile = 30 * kSecond;

Supervisor::Options checked(Supervisor::Options options) {
  DIEMCAU_INVARIANT(!options.end_at_end || options.finished);
  return options;
}

}  // namespace

Supervisor::Supervisor(Options options, Meter& meter, Output* output, const Clock& clock)
    : options_(checked(std::move(options))),
      meter_(meter),
      clock_(clock),
      video_(
          meter, clock,
          [output](GstBuffer* picture, GstCaps* caps, double at) {
            if (output != nullptr) output->picture(picture, caps, at);
          },
          options_.thumbnail, options_.mark),
      audio_(
          meter, clock,
          [output](const std::vector<float>& samples, const GstAudioInfo& info, double at) {
            if (output != nullptr) output->sound(samples, info, at);
          },
          options_.mark) {}

Supervisor::~Supervisor() {
  stop();
}

void Supervisor::start() {
  thread_ = std::thread([this] { run(); });
}

void Supervisor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Supervisor::setShown(bool shown) {
  video_.setShown(shown);
  audio_.setShown(shown);
}

void Supervisor::run() {
  while (!stop_ && state_ != FeedState::kFinished) {
    switch (state_) {
      case FeedState::kConnecting:
        if (!receiver_) connect();
        [[fallthrough]];
      case FeedState::kReceiving:
        if (receiver_) watch();
        break;
      case FeedState::kPausing:
        receiver_.reset();
        pause(pause_);
        apply(FeedEvent::kPauseOver);
        break;
      case FeedState::kFinished:
        break;
    }
  }
  receiver_.reset();
  if (!stop_ && options_.finished) options_.finished(problem_);
}

void Supervisor::connect() {
  video_.restart();
  audio_.restart();
  lost_ = 0;
  got_data_ = false;
  last_data_ = clock_.steady();
  meter_.connectionOpened(clock_.steady());
  auto receiver = Receiver::open(options_.address, options_.passphrase, *this);
  if (receiver) {
    receiver_ = std::move(*receiver);
    return;
  }
  problem_ = receiver.error();
  meter_.connectionEnded(clock_.steady(), receiver.error());
  logger("probe")->warn("{}", receiver.error().en());
  apply(FeedEvent::kFailed);
}

void Supervisor::watch() {
  const auto ended = receiver_->wait(kWatch);
  if (got_data_) apply(FeedEvent::kData);
  const LinkStats link = receiver_->link();
  if (link.lost != lost_) video_.disturbed();
  lost_ = link.lost;
  meter_.setLink(link);
  if (ended && ended->at_end && options_.end_at_end) return apply(FeedEvent::kEnded);
  if (ended) {
    problem_ = ended->problem;
    meter_.connectionEnded(clock_.steady(), ended->problem);
    logger("probe")->warn("{}", ended->problem.en());
    receiver_.reset();
    return apply(ended->at_end ? FeedEvent::kEnded : FeedEvent::kFailed);
  }
  const Micros quiet = clock_.steady() - last_data_;
  // A little early: the reason is there when the meter says that the feed is gone.
  if (quiet >= kReason) meter_.quiet(noData(options_.address));
  // A file that is played once may hold a pause; to open it again would begin it again.
  if (quiet < (options_.end_at_end ? kQuietFile : kQuietLimit)) return;
  if (options_.end_at_end) problem_ = noData(options_.address);
  meter_.connectionEnded(clock_.steady(), noData(options_.address));
  receiver_.reset();
  apply(options_.end_at_end ? FeedEvent::kFailed : FeedEvent::kTooQuiet);
}

void Supervisor::apply(FeedEvent event) {
  const FeedState before = state_;
  const FeedMove move = moveFeed(before, event, tries_, options_.end_at_end);
  if (move.to == before) return;
  if (move.to == FeedState::kReceiving) tries_ = 0;
  if (move.to == FeedState::kPausing) {
    pause_ = move.pause;
    ++tries_;
  }
  state_ = move.to;
  logger("probe")->debug("feed state {} -> {}", static_cast<int>(before), static_cast<int>(move.to));
}

void Supervisor::pause(Micros span) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, std::chrono::microseconds(span), [this] { return stop_.load(); });
}

void Supervisor::onReceived(std::size_t bytes) {
  const Micros now = clock_.steady();
  last_data_ = now;
  meter_.received(now, bytes);
  got_data_ = true;
}

void Supervisor::onDemuxed(std::size_t bytes) {
  meter_.demuxed(bytes);
}

void Supervisor::onVideo(const Codec& codec, const Frame& frame) {
  last_data_ = clock_.steady();
  got_data_ = true;
  video_.frame(codec, frame);
}

void Supervisor::onAudio(const Codec& codec, const Frame& frame) {
  last_data_ = clock_.steady();
  got_data_ = true;
  audio_.frame(codec, frame);
}

}  // namespace diemcau::probe
