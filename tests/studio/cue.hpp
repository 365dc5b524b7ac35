// Cues: which fault, on which feed, for how long. Read from the command line and from standard input. Pure.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace diemcau::studio {

enum class Fault : std::size_t {
  kBlack,        // black picture, sound goes on
  kFreeze,       // the picture holds, clock and counter with it; sound goes on
  kSilence,      // digital zero, picture goes on
  kLowBitrate,   // the encoder gets a tenth, and nothing fills the gap
  kLowFps,       // every fifth frame only
  kCut,          // the listener closes: callers are dropped and refused
  kStall,        // no packet leaves, connections stay
  kCorruption,   // bytes of the picture are flipped inside the transport packets
  kLoss,         // one transport packet in 25 is missing
  kNoVideo,      // the video stream is missing, its clock references stay
  kNoAudio,      // the audio stream is missing
  kStutter,      // every fifth picture, each five times: the frame rate stays
  kQuiet,        // the sound 30 dB down
  kClip,         // the sound 30 dB up, cut off at full scale
  kSkew,         // the sound's timestamps 300 ms later
  kJump,         // all times of the stream 30 s ahead
  kStand,        // all times of the stream stand still
  kJitter,       // packets wait and leave in bursts
  kWrongFeed,    // the marks name another briefing
  kSkewContent,  // the sound itself 300 ms later, and its timestamps right
  // Traps: what looks like a fault and is none.
  kTrapStillNoise,
  kTrapSlide,
  kTrapWindow,
  kTrapDarkSlide,
  kTrapDarkRoom,
  kTrapFade,
  kTrapCuts,
  kTrapClap,          // a test signal that flashes and beeps together
  kTrapPauses,        // a talk with pauses of up to three seconds
  kTrapQuietSpeaker,  // a talk 17 dB down
};
constexpr std::size_t kFirstTrap = 20;
constexpr std::size_t kFaults = 30;

using FaultSet = std::bitset<kFaults>;

inline bool has(const FaultSet& set, Fault fault) {
  return set.test(static_cast<std::size_t>(fault));
}

// "black", "low_bitrate", "trap_slide", ...: the word in cues and events.
std::string_view faultWord(Fault fault);
// All words with commas between, for help and errors.
std::string faultWords();
Fault faultAt(std::size_t index);

struct Cue {
  std::string feed;  // an id, or "all"
  Fault fault = Fault::kBlack;
  Micros length = 0;  // 0: until told "ok"
};

struct TimedCue {
  Micros at = 0;  // since the first frame
  Cue cue;
};

struct Command {
  enum class Kind { kCue, kOk, kQuit };
  Kind kind = Kind::kQuit;
  Cue cue;           // kCue
  std::string feed;  // kOk: an id, or "all"
};

constexpr Micros kLongestCue = 24 * kHour;

// "main black 8", "main ok", "quit". Seconds may have a fraction; without them: until "ok".
Result<Command> parseCommand(std::string_view line);

// "12 main black 8": twelve seconds after the start.
Result<TimedCue> parseTimedCue(std::string_view text);

}  // namespace diemcau::studio
