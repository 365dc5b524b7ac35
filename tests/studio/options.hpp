// The command line of diemcau-studio.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/feed_address.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "tests/studio/cue.hpp"
#include "tests/studio/scene.hpp"

namespace diemcau::studio {

namespace exit_code {
constexpr int kOk = 0, kUsage = 64, kUnavailable = 69;
}  // namespace exit_code

struct FeedOptions {
  std::string id;
  std::optional<FeedAddress> srt;
  std::optional<FeedAddress> udp;  // or RTP
  std::optional<FeedAddress> rtsp;
};

struct Options {
  std::vector<FeedOptions> feeds;
  int width = 1280;
  int height = 720;
  int fps = 25;
  Scene scene = Scene::kBars;
  std::uint32_t kbps = 1500;         // of the whole transport stream
  std::string preset = "ultrafast";  // of x264
  std::string mark;                  // the briefing that marks name; empty: no marks
  bool mark_picture = false;         // they are in the pictures too
  bool mark_tone = false;            // and under the tone
  std::string passphrase;
  std::string hls_dir;                // empty: HLS is not written to disk
  std::optional<ListenAddress> http;  // HLS is served here
  std::string file;                   // the first feed's packets
  Micros length = 0;                  // 0: until told to quit
  std::vector<TimedCue> cues;

  // Somebody watches as it is made. Otherwise only a file is written, as fast as it goes.
  bool live() const;
};

struct Parsed {
  std::optional<Options> options;  // empty: print `text` and leave with `code`
  int code = exit_code::kOk;
  std::string text;
};

Parsed parseOptions(int argc, const char* const* argv);

}  // namespace diemcau::studio
