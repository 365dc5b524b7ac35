// See options.hpp.
#include "tests/studio/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"

namespace diemcau::studio {

namespace {

constexpr std::size_t kMostFeeds = 8;

struct Raw {
  std::vector<std::string> feeds, udp, rtsp, cues;
  std::string size = "1280x720", http, scene = "bars";
  double seconds = 0;
};

Done wrong(std::string text) {
  return fail(ErrorCode::kInvalid, std::move(text));
}

Done readSize(const std::string& text, Options& options) {
  const auto x = text.find('x');
  const auto read = [&text](std::size_t from, std::size_t to, int& out) {
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + to, out);
    return error == std::errc() && end == text.data() + to;
  };
  if (x == std::string::npos || !read(0, x, options.width) || !read(x + 1, text.size(), options.height) ||
      options.width < 160 || options.width > 3840 || options.width % 8 != 0 || options.height < 90 ||
      options.height > 2160 || options.height % 2 != 0) {
    return wrong(fmt::format(
        "--size '{}': write WIDTHxHEIGHT, for example 1280x720; the width 160-3840 and a multiple "
        "of 8, the height 90-2160 and even",
        text));
  }
  return {};
}

FeedOptions& feedNamed(Options& options, const std::string& id) {
  const auto found =
      std::find_if(options.feeds.begin(), options.feeds.end(), [&](const auto& f) { return f.id == id; });
  return found != options.feeds.end() ? *found : options.feeds.emplace_back(FeedOptions{id, {}, {}, {}});
}

struct Way {
  std::optional<FeedAddress> FeedOptions::*target;
  std::vector<FeedKind> kinds;
  const char* example;
};
const Way kSrtWay{&FeedOptions::srt, {FeedKind::kSrt}, "--feed main=srt://127.0.0.1:9001"};
const Way kUdpWay{&FeedOptions::udp, {FeedKind::kUdp, FeedKind::kRtp}, "--udp main=udp://239.10.0.1:5004"};
const Way kRtspWay{&FeedOptions::rtsp, {FeedKind::kRtsp}, "--rtsp main=rtsp://127.0.0.1:8554/main"};

// "main=srt://127.0.0.1:9001", or "main" alone for a feed that other ways carry.
Done readFeed(const std::string& text, const Way& way, Options& options) {
  const char* example = way.example;
  const auto equals = text.find('=');
  const std::string id = text.substr(0, equals);
  if (!validId(id) || id == "all") {
    return wrong(fmt::format("'{}' does not begin with a feed's name: write {}", text, example));
  }
  FeedOptions& feed = feedNamed(options, id);
  if (options.feeds.size() > kMostFeeds) return wrong("at most 8 feeds");
  auto& target = feed.*way.target;
  if (target) return wrong(fmt::format("feed '{}' is given twice", id));
  if (equals == std::string::npos)
    return &way == &kSrtWay ? Done{} : wrong(fmt::format("'{}' has no address: write {}", text, example));
  auto address = parseFeedAddress(text.substr(equals + 1));
  if (!address) return wrong(address.error().text);
  if (std::find(way.kinds.begin(), way.kinds.end(), address->kind) == way.kinds.end())
    return wrong(fmt::format("'{}' is of the wrong kind: write {}", text, example));
  target = std::move(*address);
  return {};
}

Done readFeeds(const Raw& raw, Options& options) {
  for (const auto& text : raw.feeds) {
    if (auto ok = readFeed(text, kSrtWay, options); !ok) return ok;
  }
  for (const auto& text : raw.udp) {
    if (auto ok = readFeed(text, kUdpWay, options); !ok) return ok;
  }
  for (const auto& text : raw.rtsp) {
    if (auto ok = readFeed(text, kRtspWay, options); !ok) return ok;
  }
  if (!options.feeds.empty()) return {};
  if (!options.file.empty()) return readFeed("main", kSrtWay, options);
  if (auto ok = readFeed("main=srt://127.0.0.1:9001", kSrtWay, options); !ok) return ok;
  return readFeed("backup=srt://127.0.0.1:9002", kSrtWay, options);
}

Done checkCues(const Raw& raw, Options& options) {
  for (const auto& text : raw.cues) {
    auto cue = parseTimedCue(text);
    if (!cue) return wrong("--cue: " + cue.error().text);
    const auto& feed = cue->cue.feed;
    const auto named = [&feed](const FeedOptions& f) { return f.id == feed; };
    if (feed != "all" && std::none_of(options.feeds.begin(), options.feeds.end(), named)) {
      return wrong(fmt::format("--cue '{}': there is no feed '{}'", text, feed));
    }
    options.cues.push_back(std::move(*cue));
  }
  return {};
}

Done complete(const Raw& raw, Options& options) {
  if (auto ok = readSize(raw.size, options); !ok) return ok;
  const auto scene = sceneNamed(raw.scene);
  if (!scene) return wrong(fmt::format("--scene '{}': use one of {}", raw.scene, sceneWords()));
  options.scene = *scene;
  if (auto ok = readFeeds(raw, options); !ok) return ok;
  if (auto ok = checkCues(raw, options); !ok) return ok;
  if (!raw.http.empty()) {
    auto listen = parseListen(raw.http);
    if (!listen) return wrong("--http: " + listen.error().text);
    options.http = std::move(*listen);
  }
  if (const auto n = options.passphrase.size(); n != 0 && (n < 10 || n > 79)) {
    return wrong("--passphrase has 10 to 79 characters");
  }
  if (options.mark_picture && options.mark.empty()) return wrong("--mark-picture needs --mark NAME");
  if (options.mark_tone && options.mark.empty()) return wrong("--mark-tone needs --mark NAME");
  if (auto mark = cleanText(options.mark, 64, "--mark"); !mark) return wrong(mark.error().text);
  options.length = static_cast<Micros>(raw.seconds * static_cast<double>(kSecond));
  if (!options.live() && options.length == 0) {
    return wrong("--file alone needs --seconds, or it would fill the disk");
  }
  std::set<std::uint16_t> ports;
  for (const auto& feed : options.feeds) {
    if (feed.srt && !ports.insert(feed.srt->port).second) {
      return wrong(fmt::format("two feeds cannot listen on port {}", feed.srt->port));
    }
  }
  return {};
}

const char* kFooter =
    "Cues on standard input, one a line: FEED FAULT [SECONDS], 'FEED ok' to end them, 'quit' to leave.\n"
    "FEED is a name or 'all'. Standard output tells in JSON when each takes effect.\n"
    "Exit codes: 0 done, 64 wrong usage, 69 not possible (a port is taken, a plugin is missing).";

}  // namespace

bool Options::live() const {
  return !hls_dir.empty() || http ||
         std::any_of(feeds.begin(), feeds.end(), [](const auto& f) { return f.srt || f.udp || f.rtsp; });
}

Parsed parseOptions(int argc, const char* const* argv) {
  Options options;
  Raw raw;
  CLI::App app("Sends a test broadcast: moving picture, clock and tone in H.264 and AAC, with faults on cue.",
               "diemcau-studio");
  app.footer(std::string(kFooter) + "\nFaults: " + faultWords() + ".");
  app.set_version_flag("--version", std::string("diemcau-studio " DIEMCAU_VERSION));
  app.add_option("--feed", raw.feeds,
                 "NAME=srt://HOST:PORT, a feed for any number of SRT callers; NAME alone: no SRT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option(
         "--udp", raw.udp,
         "NAME=udp://ADDRESS:PORT or rtp://ADDRESS:PORT, the feed over UDP or RTP too; a group stays on "
         "this machine")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--rtsp", raw.rtsp, "NAME=rtsp://HOST:PORT/PATH, the feed over RTSP too")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--hls", options.hls_dir, "Write each feed as HLS into DIR/NAME/index.m3u8");
  app.add_option("--http", raw.http,
                 "Serve HLS on HOST:PORT (port 0: any), http://HOST:PORT/NAME/index.m3u8");
  app.add_option("--file", options.file, "Write the first feed into this MPEG-TS file");
  app.add_option("--seconds", raw.seconds, "End after so long")->check(CLI::Range(0.1, 86400.0));
  app.add_option("--cue", raw.cues, "A fault at a time: 'START FEED FAULT [SECONDS]', e.g. '12 main black 8'")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--size", raw.size, "WIDTHxHEIGHT")->capture_default_str();
  app.add_option("--scene", raw.scene, "What is shown: " + sceneWords())->capture_default_str();
  app.add_option("--fps", options.fps, "Frames a second")->check(CLI::Range(1, 60))->capture_default_str();
  app.add_option("--kbps", options.kbps, "Rate of the whole stream")
      ->check(CLI::Range(200, 50000))
      ->capture_default_str();
  app.add_option("--preset", options.preset,
                 "How hard x264 works: encoders in use send what costs more to decode than ultrafast")
      ->check(CLI::IsMember({"ultrafast", "superfast", "veryfast", "faster", "fast", "medium"}))
      ->capture_default_str();
  app.add_option("--mark", options.mark, "Mark each picture: this briefing, its number, when it was made");
  app.add_flag("--mark-picture", options.mark_picture,
               "With --mark: also in the picture, as black and white cells in its corner, for capture cards");
  app.add_flag("--mark-tone", options.mark_tone,
               "With --mark: also under the test tone, quietly, for who has the sound alone");
  app.add_option("--passphrase", options.passphrase, "Encrypt SRT: callers must know it");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    const bool asked = app.exit(error, out, out) == 0;
    return {{}, asked ? exit_code::kOk : exit_code::kUsage, out.str()};
  }
  if (auto ok = complete(raw, options); !ok) return {{}, exit_code::kUsage, ok.error().text + "\n"};
  return {std::move(options), exit_code::kOk, {}};
}

}  // namespace diemcau::studio
