// See director.hpp.
#include "tests/studio/director.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace diemcau::studio {

namespace {

// Behind by more than this (the machine slept): the time is let go instead of caught up with.
constexpr Micros kCatchUp = kSecond;
constexpr double kBaseTone = 440;

std::vector<std::string> names(const Options& options) {
  std::vector<std::string> out;
  for (const auto& feed : options.feeds) out.push_back(feed.id);
  return out;
}

// What the sound, the tables and the packet heads leave for the picture.
std::uint32_t videoKbps(std::uint32_t whole) {
  return std::max(64u, whole * 9 / 10 - std::min(whole / 2, kAudioKbps * 6 / 5));
}

}  // namespace

Director::Director(Loop& loop, Options options, Events& events, HlsShelf& shelf)
    : loop_(loop),
      options_(std::move(options)),
      events_(events),
      shelf_(shelf),
      painter_(options_.width, options_.height),
      schedule_(names(options_)),
      picture_(painter_.bytes()) {}

Director::~Director() = default;

Result<std::unique_ptr<Feed>> Director::makeFeed(std::size_t index) {
  const FeedOptions& wanted = options_.feeds[index];
  std::vector<std::unique_ptr<Output>> outputs;
  const auto add = [&outputs](Result<std::unique_ptr<Output>> output) -> Done {
    if (!output) return tl::unexpected<Error>(std::move(output.error()));
    outputs.push_back(std::move(*output));
    return {};
  };
  Done ok;
  if (wanted.srt) {
    ok = add(srtOutput({wanted.srt->host, wanted.srt->port, wanted.srt->latency_ms, options_.passphrase},
                       [this, id = wanted.id](int count) { events_.callers(id, count); }));
  }
  if (ok && wanted.udp) ok = add(datagramOutput(*wanted.udp));
  if (ok && wanted.rtsp) ok = add(rtspOutput(*wanted.rtsp));
  if (ok && (options_.http || !options_.hls_dir.empty()))
    ok = add(hlsOutput(shelf_, wanted.id, options_.hls_dir));
  if (ok && index == 0 && !options_.file.empty()) ok = add(fileOutput(options_.file));
  if (!ok) return tl::unexpected<Error>(std::move(ok.error()));

  FeedParts parts;
  parts.id = wanted.id;
  parts.encoder = {options_.width, options_.height, options_.fps, videoKbps(options_.kbps), options_.preset};
  parts.mark = options_.mark;
  parts.mark_picture = options_.mark_picture;
  parts.mark_tone = options_.mark_tone;
  parts.kbps = options_.kbps;
  parts.tone = kBaseTone * (1 + static_cast<double>(index) / 4);
  parts.seed = index + 1;
  parts.scene = options_.scene;
  return Feed::create(std::move(parts), painter_, events_, std::move(outputs));
}

Done Director::start() {
  for (const auto& cue : options_.cues) {
    if (auto ok = schedule_.add(cue); !ok) return ok;
  }
  for (std::size_t i = 0; i < options_.feeds.size(); ++i) {
    auto feed = makeFeed(i);
    if (!feed) return tl::unexpected<Error>(std::move(feed.error()));
    feeds_.push_back(std::move(*feed));
  }
  timer_ = loop_.after(0, [this] {
    began_ = systemClock().steady();
    next();
  });
  return {};
}

Micros Director::mediaOf(std::uint64_t frame) const {
  return static_cast<Micros>(frame * static_cast<std::uint64_t>(kSecond) /
                             static_cast<std::uint64_t>(options_.fps));
}

void Director::next() {
  if (over_) return;
  if (!options_.live()) return nextOfFile();
  Micros now = systemClock().steady();
  if (now - began_ - mediaOf(frame_) > kCatchUp) began_ = now - mediaOf(frame_);
  // Timers count whole milliseconds and are never early: aim one before the moment.
  for (; !over_ && began_ + mediaOf(frame_) - kMillisecond <= now; now = systemClock().steady()) tick();
  if (!over_) timer_ = loop_.after(began_ + mediaOf(frame_) - kMillisecond - now, [this] { next(); });
}

// As fast as the encoder goes, and never blocking the loop: signals are heard.
void Director::nextOfFile() {
  const bool room =
      std::all_of(feeds_.begin(), feeds_.end(), [](const auto& feed) { return feed->hasRoom(); });
  if (room) {
    tick();
  } else {
    checkFeeds();
  }
  if (!over_) timer_ = loop_.after(room ? 0 : kMillisecond, [this] { next(); });
}

void Director::tick() {
  const Micros media = mediaOf(frame_);
  if (options_.length != 0 && media >= options_.length) return quit();
  schedule_.advance(media);
  painter_.paint(picture_, media, systemClock().wall(), frame_);
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    feeds_[i]->tick({frame_, media, picture_}, schedule_.active(options_.feeds[i].id));
  }
  ++frame_;
  if (frame_ % static_cast<std::uint64_t>(options_.fps) == 0) checkFeeds();
}

void Director::checkFeeds() {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    const std::string error = feeds_[i]->error();
    if (error.empty()) continue;
    failure_ = fmt::format("feed '{}' stopped: {}", options_.feeds[i].id, error);
    return quit();
  }
}

void Director::command(std::string_view line) {
  auto command = parseCommand(line);
  if (!command) return events_.error(command.error().text);
  if (command->kind == Command::Kind::kQuit) return quit();
  if (auto ok = schedule_.apply(*command, mediaOf(frame_)); !ok) events_.error(ok.error().text);
}

void Director::quit() {
  if (over_) return;
  over_ = true;
  timer_.reset();
  std::uint64_t lost = 0;
  for (auto& feed : feeds_) {
    if (auto ok = feed->finish(); !ok && failure_.empty()) failure_ = ok.error().text;
    lost += feed->framesLost();
  }
  events_.end(frame_, lost);
  loop_.stop();
}

}  // namespace diemcau::studio
