// One feed: its picture and sound with their faults, its encoder, the faults of its transport, its outputs.
//
// tick() and finish() belong to the loop's thread. Packets come back on the encoder's thread, which alone
// touches the stage and the outputs; what passes between the two is a short list of changes, guarded by a
// lock.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "diemcau/v1/feed.pb.h"
#include "tests/studio/encoder.hpp"
#include "tests/studio/events.hpp"
#include "tests/studio/output.hpp"
#include "tests/studio/picture.hpp"
#include "tests/studio/scene.hpp"
#include "tests/studio/tone.hpp"
#include "tests/studio/ts_stage.hpp"
#include "wire/tone_mark.hpp"

namespace diemcau::studio {

struct FeedParts {
  std::string id;
  EncoderOptions encoder;
  std::string mark;  // the briefing that marks name; empty: no marks
  bool mark_picture = false;
  bool mark_tone = false;
  std::uint32_t kbps = 0;  // of the whole stream
  double tone = 440;       // Hz
  Scene scene = Scene::kBars;
  std::uint64_t seed = 1;
};

struct Tick {
  std::uint64_t frame = 0;
  Micros media = 0;                       // since the first frame
  std::span<const std::uint8_t> picture;  // what all feeds share
};

class Feed {
 public:
  // `painter` and `events` outlive the feed.
  static Result<std::unique_ptr<Feed>> create(FeedParts parts, const Painter& painter, Events& events,
                                              std::vector<std::unique_ptr<Output>> outputs);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  void tick(const Tick& tick, const FaultSet& faults);
  // False: a frame pushed now would be lost.
  bool hasRoom() const { return encoder_->hasRoom(); }
  Done finish() { return encoder_->finish(); }
  std::string error() { return encoder_->error(); }
  std::uint64_t framesLost() const { return lost_; }

 private:
  struct Change {
    Micros media = 0;
    FaultSet faults;
  };

  Feed(FeedParts parts, const Painter& painter, Events& events, std::vector<std::unique_ptr<Output>> outputs);
  void pictureFaults(const Tick& tick, const FaultSet& faults);
  // The picture without the faults that hold or blacken it.
  void compose(const Tick& tick, std::span<std::uint8_t> out);
  void pushPicture(const Tick& tick);
  std::string markUnit();  // empty without marks
  void nameMark();
  void markSound();
  void shapeSound(Micros media);
  void pushSound(const Tick& tick);
  void makeSound(Micros media);
  void announce(const FaultSet& before, const FaultSet& after, Micros media);

  // On the encoder's thread.
  void onPackets(std::string_view packets, Micros media);
  void takeChanges(Micros media);
  void cutOrRestore(Micros media);

  FeedParts parts_;
  const Painter& painter_;
  Events& events_;

  // The loop's thread.
  FaultSet now_;
  std::vector<std::uint8_t> held_;
  v1::FeedMark mark_;  // of the picture that is sent
  const std::uint32_t clock_error_ms_ = static_cast<std::uint32_t>(wallClockError() / kMillisecond);
  std::unique_ptr<ScenePainter> scenes_;  // once one is wanted
  std::vector<std::int16_t> sound_;
  Tone tone_;
  std::optional<wire::ToneMarkSource> tone_mark_;
  std::string tone_briefing_;  // that it names
  LateSound late_sound_;
  std::uint64_t samples_ = 0;
  std::uint64_t lost_ = 0;

  std::mutex mutex_;
  std::deque<Change> changes_;  // guarded by mutex_

  // The encoder's thread.
  TsStage stage_;
  FaultSet wanted_;
  bool cut_ = false;
  bool held_back_ = false;
  std::string burst_;    // waits, while packets leave in bursts
  Micros burst_at_ = 0;  // its first one
  std::string ready_;
  std::vector<std::unique_ptr<Output>> outputs_;

  std::unique_ptr<Encoder> encoder_;  // last: its threads end before the rest goes
};

}  // namespace diemcau::studio
