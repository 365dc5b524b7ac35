#include "agent/probe/child.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "agent/probe/elements.hpp"
#include "agent/probe/line_reader.hpp"
#include "agent/probe/main_loop.hpp"
#include "agent/probe/session.hpp"
#include "agent/probe/show_time.hpp"
#include "agent/probe/slate.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace diemcau::probe {
namespace {

constexpr Micros kCloseBy =
    3 * kMillisecond;  // the loop wakes this early, the rest is slept to the microsecond
constexpr Micros kLookAfter = kSecond, kTendSound = 50 * kMillisecond;
constexpr Micros kLastSlate = 300 * kMillisecond;  // before the start: the screen is left alone

void sleepUntil(Micros steady) {
  const timespec at{steady / kSecond, steady % kSecond * 1000};
  while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &at, nullptr) == EINTR) {
  }
}

class ChildProgram {
 public:
  ChildProgram(const Options& options, const v1::ProbeSetup& setup, const FeedAddress& address)
      : sound_alone_(agent::expectedOf(address.kind, setup.profile()).video_codec() ==
                     agent::Conditions::kNone),
        output_(
            {options.screen, sound_alone_, [this](Micros at) { loop_.post([this, at] { tellShown(at); }); }},
            systemClock()),
        session_(loop_, sessionOptions(setup, address), &output_),
        title_(options.screen ? setup.title() : ""),
        zone_(setup.time_zone()) {}

  ~ChildProgram() { output_.hide(); }

  int run(LineReader& input, const std::vector<std::string>& lines) {
    const auto interrupted = loop_.onSignal(SIGINT, [this] { loop_.quit(); });
    const auto terminated = loop_.onSignal(SIGTERM, [this] { loop_.quit(); });
    const auto look = loop_.every(kLookAfter, [this] { output_.lookAfter(); });
    const auto tend = loop_.every(kTendSound, [this] { output_.tendSound(); });
    const auto readable = loop_.onReadable(STDIN_FILENO, [this, &input] {
      for (const std::string& line : input.read()) obey(line);
      if (input.ended()) loop_.quit();
    });
    session_.start();
    for (const std::string& line : lines) obey(line);
    if (!quit_) loop_.run();
    return exit_code_;
  }

 private:
  Session::Options sessionOptions(const v1::ProbeSetup& setup, const FeedAddress& address) {
    Session::Options out;
    out.address = address;
    out.feed_id = setup.feed().id();
    out.passphrase = setup.feed().passphrase();
    out.profile = setup.profile();
    out.depth = setup.feed().depth();
    out.sample = [this](const v1::HealthSample& sample, bool) {
      v1::ProbeReport report;
      *report.mutable_sample() = sample;
      tell(report);
    };
    out.stuck = [] {
      logger("probe")->error("a decoder hangs: this process ends");
      spdlog::shutdown();
      std::_Exit(kStuck);  // its thread cannot be waited for
    };
    out.thumbnail = [this](const v1::Thumbnail& thumbnail) {
      v1::ProbeReport report;
      *report.mutable_thumbnail() = thumbnail;
      tell(report);
    };
    return out;
  }

  void tell(const v1::ProbeReport& report) {
    const std::string line = toJson(report) + "\n";
    if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0) return;
    exit_code_ = kOutputGone;  // the agent is gone
    quit();
  }

  void tellShown(Micros at) {
    v1::ProbeReport report;
    report.mutable_shown()->set_at_us(at);
    tell(report);
  }

  void quit() {
    quit_ = true;
    loop_.quit();
  }

  void obey(const std::string& line) {
    const ChildWord word = parseWord(line);
    switch (word.kind) {
      case ChildWord::kShow:
        session_.setShown(true);  // decodes every picture from now on, so that one is at hand
        output_.prepare();
        showAt(ShowTime(word.at, systemClock()));
        await(word.at);
        break;
      case ChildWord::kPrepare:
        hide();
        output_.prepare();
        await({});
        break;
      case ChildWord::kHide:
        hide();
        break;
      case ChildWord::kLight:
        session_.setDepth(v1::Depth::light);
        break;
      case ChildWord::kFull:
        session_.setDepth(v1::Depth::full);
        break;
      case ChildWord::kQuit:
        quit();
        break;
      case ChildWord::kUnknown:
        logger("probe")->warn("not understood: \"{}\"; known are: show N, prepare, hide, light, full, quit",
                              line.substr(0, 100));
        break;
    }
  }

  // The slate, and once a second again while its clock runs.
  void await(std::optional<Micros> at_wall) {
    slate_tick_.reset();
    if (title_.empty() || output_.opened()) return;
    starts_at_ = at_wall;
    drawSlate();
  }

  void draw(const SlateWords& words) {
    if (const BufferPtr picture = slate_.draw(words)) output_.slate(picture.get(), slate_.caps());
  }

  void drawSlate() {
    if (output_.opened()) return;
    if (!starts_at_) return draw(slateUnknown(title_));
    const Micros left = *starts_at_ - systemClock().wall();
    if (left <= kLastSlate) return;
    draw(slateWords(title_, left, *starts_at_, zone_));
    auto next = loop_.at(systemClock().steady() + (left - 1) % kSecond + 1, [this] { drawSlate(); });
    slate_tick_ = std::move(next);
  }

  void hide() {
    show_.reset();
    slate_tick_.reset();
    starts_at_.reset();
    session_.setShown(false);
    output_.hide();
  }

  void showAt(ShowTime at) {
    const Micros left = at.left(systemClock());
    if (left > kCloseBy) {
      auto next = loop_.at(at.steady() - kCloseBy, [this, at] { showAt(at); });
      show_ = std::move(next);
      return;
    }
    if (left > 0) sleepUntil(at.steady());
    output_.open();
    if (starts_at_ && sound_alone_)
      draw(slateSound(title_));
    else if (starts_at_ && output_.waits())
      draw(slateLate(title_));
  }

  MainLoop loop_;
  const bool sound_alone_;
  Output output_;
  Session session_;
  MainLoop::Handle show_, slate_tick_;
  const std::string title_, zone_;
  Slate slate_;
  std::optional<Micros> starts_at_;  // wall clock; nothing: no GO yet
  int exit_code_ = kWell;
  bool quit_ = false;
};

int refuse(int code, const std::string& sentence) {
  std::fprintf(stderr, "diemcau-probe: %s\n", sentence.c_str());
  return code;
}

}  // namespace

int runChild(const Options& options) {
  LineReader input(STDIN_FILENO);
  std::vector<std::string> lines;
  while (lines.empty() && !input.ended()) lines = input.read();
  if (lines.empty()) return refuse(kUsage, "--child expects the setup as one line of JSON on standard input");
  const auto setup = parseSetup(lines.front());
  if (!setup) return refuse(kUsage, setup.error().text);
  const auto address = parseFeedAddress(setup->feed().uri());
  if (!address) return refuse(kUsage, address.error().text);
  if (auto ok = startMedia(address->kind, options.screen); !ok) return refuse(kNotPossible, ok.error().text);
  lines.erase(lines.begin());
  ChildProgram program(options, *setup, *address);
  return program.run(input, lines);
}

}  // namespace diemcau::probe
