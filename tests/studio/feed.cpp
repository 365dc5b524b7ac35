// See feed.hpp.
#include "tests/studio/feed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "wire/feed_mark.hpp"
#include "wire/picture_mark.hpp"

namespace diemcau::studio {

namespace {

constexpr std::uint64_t kLowFpsOneIn = 5;
constexpr std::uint32_t kLowBitrateDivisor = 10;

FaultSet setOf(std::initializer_list<Fault> faults) {
  FaultSet set;
  for (const Fault fault : faults) set.set(static_cast<std::size_t>(fault));
  return set;
}

// Made before the encoder, and after it. A low bit rate is both: the encoder spares, and nothing fills the
// gap.
const FaultSet kAfterEncoder =
    setOf({Fault::kStall, Fault::kCorruption, Fault::kLoss, Fault::kNoVideo, Fault::kNoAudio, Fault::kSkew,
           Fault::kJump, Fault::kStand, Fault::kJitter});
const FaultSet kBeforeEncoder = ~kAfterEncoder & ~setOf({Fault::kCut});

constexpr Micros kBurst = 280 * kMillisecond;
constexpr double kQuietGain = 0.032, kClipGain = 32, kQuietSpeakerGain = 0.14;  // -30, 30, -17 dB

Scene sceneOf(const FaultSet& faults, Scene usual) {
  constexpr std::array kTraps = {Scene::kStillNoise, Scene::kSlide, Scene::kWindow, Scene::kDarkSlide,
                                 Scene::kDarkRoom,   Scene::kFade,  Scene::kCuts,   Scene::kClap};
  for (std::size_t i = 0; i < kTraps.size(); ++i)
    if (faults.test(kFirstTrap + i)) return kTraps[i];
  return usual;
}

// How loud a talk is at this moment, 0-1: four syllables a second, a pause after every sentence.
double talk(Micros media) {
  const double t = static_cast<double>(media) / static_cast<double>(kSecond);
  const double sentence = std::fmod(t, 5.5);
  if (sentence > 2.5) return 0.005;
  return 0.3 + 0.7 * std::abs(std::sin(std::numbers::pi * 4 * t));
}

}  // namespace

Feed::Feed(FeedParts parts, const Painter& painter, Events& events,
           std::vector<std::unique_ptr<Output>> outputs)
    : parts_(std::move(parts)),
      painter_(painter),
      events_(events),
      tone_(parts_.tone),
      stage_(parts_.kbps, parts_.seed),
      outputs_(std::move(outputs)) {}

Feed::~Feed() = default;

Result<std::unique_ptr<Feed>> Feed::create(FeedParts parts, const Painter& painter, Events& events,
                                           std::vector<std::unique_ptr<Output>> outputs) {
  std::unique_ptr<Feed> feed(new Feed(std::move(parts), painter, events, std::move(outputs)));
  auto encoder = Encoder::create(
      feed->parts_.encoder,
      [raw = feed.get()](std::string_view packets, Micros media) { raw->onPackets(packets, media); });
  if (!encoder) return tl::unexpected<Error>(std::move(encoder.error()));
  feed->encoder_ = std::move(*encoder);
  return feed;
}

void Feed::announce(const FaultSet& before, const FaultSet& after, Micros media) {
  const Micros at = systemClock().wall();
  for (std::size_t i = 0; i < kFaults; ++i) {
    if (before.test(i) != after.test(i)) events_.cue(parts_.id, faultAt(i), after.test(i), at, media);
  }
}

void Feed::tick(const Tick& tick, const FaultSet& faults) {
  if (faults != now_) pictureFaults(tick, faults);
  pushPicture(tick);
  pushSound(tick);
}

void Feed::pictureFaults(const Tick& tick, const FaultSet& faults) {
  if (has(faults, Fault::kFreeze) && !has(now_, Fault::kFreeze)) {
    held_.resize(tick.picture.size());
    compose(tick, held_);
  }
  if (has(faults, Fault::kLowBitrate) != has(now_, Fault::kLowBitrate)) {
    const auto normal = parts_.encoder.video_kbps;
    encoder_->setVideoKbps(has(faults, Fault::kLowBitrate) ? std::max(32u, normal / kLowBitrateDivisor)
                                                           : normal);
  }
  {
    const std::lock_guard lock(mutex_);
    changes_.push_back({tick.media, faults});
  }
  announce(now_ & kBeforeEncoder, faults & kBeforeEncoder, tick.media);
  now_ = faults;
}

void Feed::pushPicture(const Tick& tick) {
  const std::uint64_t in_second = tick.frame % static_cast<std::uint64_t>(parts_.encoder.fps);
  if (has(now_, Fault::kLowFps) && in_second % kLowFpsOneIn != 0) return;
  if (!encoder_->hasRoom()) {
    ++lost_;
    return;
  }
  const bool stutters = has(now_, Fault::kStutter);
  const bool leaps = stutters && (held_.empty() || in_second % kLowFpsOneIn == 0);
  if (leaps) {
    held_.resize(tick.picture.size());
    compose(tick, held_);
  }
  if (leaps || (!stutters && !has(now_, Fault::kFreeze))) {
    mark_.set_picture(tick.frame);
    mark_.set_made_us(systemClock().wall());
  }
  encoder_->pushVideo(tick.media, in_second == 0, markUnit(), [&](std::span<std::uint8_t> out) {
    if (has(now_, Fault::kBlack)) {
      Painter::black(out);
    } else if (has(now_, Fault::kFreeze) || stutters) {
      std::copy(held_.begin(), held_.end(), out.begin());
    } else {
      compose(tick, out);
    }
  });
}

void Feed::nameMark() {
  mark_.set_briefing(has(now_, Fault::kWrongFeed) ? "another briefing" : parts_.mark);
  mark_.set_clock_error_ms(clock_error_ms_);
}

std::string Feed::markUnit() {
  nameMark();
  if (mark_.briefing().empty()) return {};
  return wire::writeFeedMark(mark_, wire::VideoCoding::kH264);
}

void Feed::compose(const Tick& tick, std::span<std::uint8_t> out) {
  const Scene scene = sceneOf(now_, parts_.scene);
  if (scene == Scene::kBars) {
    std::copy(tick.picture.begin(), tick.picture.end(), out.begin());
    painter_.name(out, parts_.id);
  } else {
    if (!scenes_) scenes_ = std::make_unique<ScenePainter>(parts_.encoder.width, parts_.encoder.height);
    scenes_->paint(scene, out, tick.media, tick.frame);
  }
  if (!parts_.mark_picture) return;
  nameMark();
  wire::drawPictureMark(wire::pictureMarkOf(mark_), out, parts_.encoder.width, parts_.encoder.height);
}

void Feed::markSound() {
  constexpr double kQuiet = 0.004 * 32'767;  // 28 dB below the tone
  nameMark();
  if (!tone_mark_ || tone_briefing_ != mark_.briefing()) {
    tone_briefing_ = mark_.briefing();
    tone_mark_.emplace(wire::briefingNumber(tone_briefing_), kSampleRate);
  }
  for (std::size_t at = 0; at < sound_.size(); at += kChannels) {
    const auto value = static_cast<std::int16_t>(std::lround(kQuiet * tone_mark_->next()));
    for (std::size_t channel = 0; channel < kChannels; ++channel)
      sound_[at + channel] = static_cast<std::int16_t>(sound_[at + channel] + value);
  }
}

void Feed::shapeSound(Micros media) {
  double gain = 1;
  if (has(now_, Fault::kQuiet)) gain *= kQuietGain;
  if (has(now_, Fault::kClip)) gain *= kClipGain;
  if (has(now_, Fault::kTrapQuietSpeaker)) gain *= kQuietSpeakerGain * talk(media);
  if (has(now_, Fault::kTrapPauses)) gain *= talk(media);
  if (gain == 1) return;
  for (auto& sample : sound_)
    sample = static_cast<std::int16_t>(std::clamp(sample * gain, -32'768.0, 32'767.0));
}

void Feed::makeSound(Micros media) {
  if (has(now_, Fault::kSilence)) return tone_.skip(sound_);
  tone_.fill(sound_);
  if (sceneOf(now_, parts_.scene) == Scene::kClap) fillBeeps(sound_, samples_);
  if (parts_.mark_tone) markSound();
  shapeSound(media);
}

// The sound of exactly this frame, whatever the frame rate.
void Feed::pushSound(const Tick& tick) {
  const auto fps = static_cast<std::uint64_t>(parts_.encoder.fps);
  const std::uint64_t until = (tick.frame + 1) * kSampleRate / fps;
  const Micros media = static_cast<Micros>(samples_ * kSecond / kSampleRate);
  sound_.resize((until - samples_) * kChannels);
  makeSound(media);
  late_sound_.pass(sound_, has(now_, Fault::kSkewContent));
  encoder_->pushAudio(media, sound_);
  samples_ = until;
}

void Feed::takeChanges(Micros media) {
  const std::lock_guard lock(mutex_);
  while (!changes_.empty() && changes_.front().media <= media) {
    wanted_ = changes_.front().faults;
    changes_.pop_front();
  }
}

void Feed::cutOrRestore(Micros media) {
  const FaultSet cut = setOf({Fault::kCut});
  if (has(wanted_, Fault::kCut) && !cut_) {
    cut_ = true;
    announce({}, cut, media);  // from here on nothing is sent
    for (auto& output : outputs_) output->interrupt();
  } else if (!has(wanted_, Fault::kCut) && cut_) {
    bool all = true;
    for (auto& output : outputs_) all = output->restore() && all;
    if (!all) return;
    cut_ = false;
    announce(cut, {}, media);
  }
}

void Feed::onPackets(std::string_view packets, Micros media) {
  takeChanges(media);
  cutOrRestore(media);
  const FaultSet before = stage_.effective();
  ready_.clear();
  stage_.process(packets, media, wanted_, ready_);
  announce(before & kAfterEncoder, stage_.effective() & kAfterEncoder, media);
  const bool held = cut_ || has(wanted_, Fault::kStall);
  if (held && !held_back_) {
    for (auto& output : outputs_) output->gap();
  }
  held_back_ = held;
  if (held) return;
  // The rate stays; what waits leaves together.
  if (has(wanted_, Fault::kJitter)) {
    if (burst_.empty()) burst_at_ = media;
    burst_ += ready_;
    if (media - burst_at_ < kBurst) return;
  } else if (!burst_.empty()) {
    burst_ += ready_;
  }
  if (!burst_.empty()) {
    ready_.swap(burst_);
    burst_.clear();
  }
  const Micros wall = systemClock().wall();
  for (auto& output : outputs_) output->send(ready_, wall);
}

}  // namespace diemcau::studio
