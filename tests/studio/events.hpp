// What the studio tells the world: one JSON object a line, from any thread.
//
//   {"event":"ready","feeds":[{"id":"main","srt":"srt://127.0.0.1:9001"}],"width":1280,"height":720,"fps":25,"kbps":1500}
//   {"event":"cue","feed":"main","cue":"black","state":"begin","at_us":1767225600000000,"media_us":12000000}
//   {"event":"callers","feed":"main","count":3}
//   {"event":"error","text":"..."}
//   {"event":"end","frames":7500,"frames_lost":0}
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "tests/studio/cue.hpp"
#include "tests/studio/options.hpp"

namespace diemcau::studio {

class Events {
 public:
  // `line` gets each object without its end of line, never two at once.
  explicit Events(std::function<void(const std::string& line)> line) : line_(std::move(line)) {}

  // `http` is the address of the HLS server, or empty.
  void ready(const Options& options, const std::string& http);
  // `at` is the wall clock when the fault takes effect or ends; `media` that moment in the stream, from its
  // start.
  void cue(std::string_view feed, Fault fault, bool begins, Micros at, Micros media);
  void callers(std::string_view feed, int count);
  void error(std::string_view text);
  void end(std::uint64_t frames, std::uint64_t lost);

 private:
  void write(const std::string& line);

  std::mutex mutex_;
  std::function<void(const std::string&)> line_;
};

}  // namespace diemcau::studio
