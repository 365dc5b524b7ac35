#include "agent/probe/app.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/probe/child.hpp"
#include "agent/probe/elements.hpp"
#include "agent/probe/panel.hpp"
#include "agent/probe/session.hpp"
#include "agent/probe/source.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace diemcau::probe {
namespace {

constexpr const char* kEnterScreen = "\x1b[?1049h\x1b[?25l\x1b[2J";
constexpr const char* kLeaveScreen = "\x1b[?25h\x1b[?1049l";

// Shows samples to a person or a program, in one of three ways.
class Terminal {
 public:
  Terminal(const Options& options)
      : mode_(options.mode),
        tty_(isatty(STDOUT_FILENO) != 0),
        panel_(options.uri, options.profile, {options.vietnamese, options.colour && tty_}) {
    if (fullScreen()) write(kEnterScreen);
  }
  ~Terminal() {
    if (fullScreen()) write(kLeaveScreen);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // False: nobody reads any more.
  bool show(const v1::HealthSample& sample) {
    panel_.add(sample);
    if (mode_ == Mode::kJson) {
      v1::HealthSample out = sample;
      out.mutable_video();  // always there, so that a script may read any field of any line
      out.mutable_audio();
      return write(toJson(out) + "\n");
    }
    if (fullScreen()) return write(drawn());
    return mode_ == Mode::kOnce || write(panel_.line() + "\n");
  }

  void last() {
    if (mode_ != Mode::kOnce) return;
    std::string out;
    for (const std::string& line : panel_.render()) out += line + "\n";
    write(out);
  }

 private:
  bool fullScreen() const { return mode_ == Mode::kPanel && tty_; }

  std::string drawn() const {
    std::string out = "\x1b[H";
    for (const std::string& line : panel_.render()) out += line + "\x1b[K\n";
    return out + "\x1b[J";
  }

  bool write(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  }

  const Mode mode_;
  const bool tty_;
  Panel panel_;
};

int listElements() {
  const std::pair<const char*, FeedKind> kinds[] = {
      {"srt", FeedKind::kSrt},   {"udp", FeedKind::kUdp},   {"rtp", FeedKind::kRtp},
      {"rtsp", FeedKind::kRtsp}, {"rtmp", FeedKind::kRtmp}, {"hls", FeedKind::kHls},
      {"file", FeedKind::kFile}, {"test", FeedKind::kTest}, {"pulse", FeedKind::kPulse},
      {"alsa", FeedKind::kAlsa}, {"v4l2", FeedKind::kV4l2}};
  for (const auto& [name, kind] : kinds) {
    for (const std::string& element : allowedElements(kind, false))
      std::printf("%s %s\n", name, element.c_str());
  }
  for (const std::string& element : allowedElements(FeedKind::kTest, true)) {
    std::printf("show %s\n", element.c_str());
  }
  return kWell;
}

int complain(int code, const Options& options, const v1::Text& why) {
  std::fprintf(stderr, "diemcau-probe: %s\n", (options.vietnamese ? why.vi() : why.en()).c_str());
  return code;
}

int runTerminal(const Options& options) {
  MainLoop loop;
  Terminal terminal(options);
  int code = kWell;
  Session::Options session;
  session.address = options.address;
  session.passphrase = options.passphrase;
  session.profile = options.profile;
  session.depth = options.depth;
  session.end_at_end = options.address.kind == FeedKind::kFile;
  session.finished = [&](const v1::Text& problem) {
    if (!problem.en().empty()) code = complain(kBadData, options, problem);
    loop.quit();
  };
  session.stuck = [&] {
    complain(kStuck, options, text("bộ giải mã bị treo", "a decoder hangs"));
    std::_Exit(kStuck);  // its thread cannot be waited for
  };
  std::vector<int> told;
  session.sample = [&](const v1::HealthSample& sample, bool whole) {
    // Between two seconds programs hear what has just changed; a panel moves once a second.
    std::vector<int> tells(sample.conditions().begin(), sample.conditions().end());
    const bool news = options.mode == Mode::kJson && tells != told;
    if (!whole && !news) return;
    told = std::move(tells);
    if (!terminal.show(sample)) {
      code = kOutputGone;
      loop.quit();
    }
    if (options.seconds > 0 && sample.t_s() >= options.seconds - 0.5) loop.quit();
  };
  const auto interrupted = loop.onSignal(SIGINT, [&loop] { loop.quit(); });
  const auto terminated = loop.onSignal(SIGTERM, [&loop] { loop.quit(); });
  Session running(loop, std::move(session), nullptr);
  running.start();
  loop.run();
  terminal.last();
  return code;
}

}  // namespace

int runProbe(const Options& options) {
  signal(SIGPIPE, SIG_IGN);
  if (options.mode == Mode::kListElements) return listElements();
  if (options.mode == Mode::kChild) return runChild(options);
  if (auto ok = startMedia(options.address.kind, false); !ok) {
    std::fprintf(stderr, "diemcau-probe: %s\n",
                 (options.vietnamese ? ok.error().vi : ok.error().text).c_str());
    return kNotPossible;
  }
  if (options.address.kind == FeedKind::kFile) {
    // A person who names a file that is not there wants to be told at once.
    if (const auto readable = demuxerFor(options.address); !readable) {
      return complain(kNoInput, options, readable.error());
    }
  }
  return runTerminal(options);
}

}  // namespace diemcau::probe
