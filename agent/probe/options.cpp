#include "agent/probe/options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/settings.hpp"

namespace diemcau::probe {
namespace {

constexpr const char* kFooter = R"(Addresses:
  srt://host:port[?streamid=S&latency=MS]   udp://group-or-host:port[?iface=CARD]   http(s)://host/path.m3u8
  rtsp://host[:port]/path   rtmp://host[:port]/app/stream   rtp://group-or-host:port[?iface=CARD] (MPEG-TS)
  file:///path or a plain path (MPEG-TS, MP4, Matroska, FLV)           test://[black|frozen|silent]
  pulse://[SOURCE]   alsa://PCM   v4l2:///dev/video0   what this computer picks up: sound, sound, pictures

Exit codes:
   0  the file or the time ended, or a person ended it
  64  wrong option, or an address that cannot be a feed
  65  the file breaks before its end
  66  the file is not there, or is of no known kind
  69  GStreamer or one of its elements is missing
  74  nobody reads the output any more
A live feed that fails is shown as such, and tried again for ever.)";

bool number(std::string_view text, double least, double most, double& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= least && out <= most;
}

bool whole(std::string_view text, double least, double most, std::uint32_t& out) {
  double value = 0;
  if (text.find('.') != std::string_view::npos || !number(text, least, most, value)) return false;
  out = static_cast<std::uint32_t>(value);
  return true;
}

// 1280x720, 1280x720@25 or @25
bool readSize(std::string_view part, v1::Profile& profile) {
  const std::size_t at = part.find('@');
  if (at != std::string_view::npos) {
    double fps = 0;
    if (!number(part.substr(at + 1), 1, 120, fps)) return false;
    profile.set_fps(fps);
    part = part.substr(0, at);
    if (part.empty()) return true;
  }
  const std::size_t by = part.find('x');
  std::uint32_t width = 0, height = 0;
  if (by == std::string_view::npos || !whole(part.substr(0, by), 16, 8192, width) ||
      !whole(part.substr(by + 1), 16, 8192, height)) {
    return false;
  }
  profile.set_width(width);
  profile.set_height(height);
  return true;
}

// 3000-6000kbps, 3000kbps (at least)
bool readBitrate(std::string_view part, v1::Profile& profile) {
  part.remove_suffix(4);
  const std::size_t dash = part.find('-');
  std::uint32_t least = 0, most = 0;
  if (!whole(part.substr(0, dash), 1, 200'000, least)) return false;
  if (dash != std::string_view::npos && (!whole(part.substr(dash + 1), 1, 200'000, most) || most < least))
    return false;
  profile.set_min_bitrate_kbps(least);
  profile.set_max_bitrate_kbps(most);
  return true;
}

bool readPart(std::string_view part, v1::Profile& profile) {
  for (const char* codec : {"h264", "h265", "mpeg2"}) {
    if (part == codec) return profile.set_video_codec(codec), true;
  }
  for (const char* codec : {"aac", "mp2", "mp3", "ac3", "opus"}) {
    if (part == codec) return profile.set_audio_codec(codec), true;
  }
  if (part == "video=none") return profile.set_video_codec("none"), true;
  if (part == "audio=none") return profile.set_audio_codec("none"), true;
  if (part.starts_with("mark=")) return profile.set_mark(std::string(part.substr(5))), part.size() > 5;
  if (part.ends_with("kbps")) return readBitrate(part, profile);
  return readSize(part, profile);
}

Parsed wrong(const std::string& sentence) {
  return {{}, kUsage, fmt::format("diemcau-probe: {}\nTry diemcau-probe --help.\n", sentence)};
}

struct Flags {
  std::string uri, expected, lang, show, passphrase_file, colour = "auto";
  bool once = false, json = false, child = false, list = false, light = false, full = false;
  double seconds = 0;
};

// Without a display server and without a graphics card, looking for a screen takes seconds and finds none.
bool screenThere() {
  for (const char* name : {"WAYLAND_DISPLAY", "DISPLAY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
  std::error_code ignored;
  return std::filesystem::exists("/dev/dri", ignored) || std::filesystem::exists("/dev/fb0", ignored);
}

void declare(CLI::App& app, Flags& flags) {
  app.footer(kFooter);
  app.set_version_flag("--version", "diemcau-probe " DIEMCAU_VERSION);
  app.add_option("address", flags.uri, "What to receive and measure");
  app.add_flag("--json", flags.json,
               "One JSON object a second on standard output, and one when the conditions change");
  app.add_flag("--once", flags.once, "Measure for a while (--seconds, else 5), print one panel, end");
  auto* light =
      app.add_flag("--light", flags.light, "Decode key frames, and what else a doubt asks for (default)");
  app.add_flag("--full", flags.full, "Decode every frame, for more processor time")->excludes(light);
  app.add_option("--seconds", flags.seconds, "End after so many seconds")->check(CLI::Range(1.0, 1e7));
  app.add_option("--expect", flags.expected,
                 "What the feed should be: 1920x1080@25,h264,aac,3000-6000kbps; mark=NAME, what the studio's "
                 "marks name; video=none for sound alone, audio=none for pictures alone");
  app.add_option("--passphrase-file", flags.passphrase_file, "File that holds the SRT passphrase")
      ->check(CLI::ExistingFile);
  app.add_option("--lang", flags.lang, "Language of the panel: vi or en")->check(CLI::IsMember({"vi", "en"}));
  app.add_option("--colour,--color", flags.colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--child", flags.child,
               "Serve an agent: setup and words on standard input, reports on standard output");
  app.add_option("--show", flags.show,
                 "Where `show` goes in --child: none (default) or auto, the machine's screen")
      ->check(CLI::IsMember({"none", "auto"}));
  app.add_flag("--list-elements", flags.list, "List the GStreamer elements that may be used, and end");
}

// A person names a file from where they stand; an address has a scheme.
std::string wholePath(const std::string& given) {
  if (given.find("://") != std::string::npos) return given;
  std::error_code ignored;
  if (!std::filesystem::exists(given, ignored)) return given;
  const auto whole = std::filesystem::canonical(given, ignored);
  return ignored ? given : whole.string();
}

bool vietnamese(const std::string& lang) {
  if (!lang.empty()) return lang == "vi";
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("vi");
  }
  return true;
}

}  // namespace

Result<v1::Profile> parseExpected(std::string_view text) {
  v1::Profile profile;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    if (part.empty() || !readPart(part, profile)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("\"{}\" in --expect is not a size, a codec or a bit rate; an example is "
                              "1920x1080@25,h264,3000-6000kbps",
                              part),
                  fmt::format("\"{}\" trong --expect không phải kích thước, bộ mã hay tốc độ bit; ví dụ: "
                              "1920x1080@25,h264,3000-6000kbps",
                              part));
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (profile.video_codec() == "none" && profile.audio_codec() == "none") {
    return fail(ErrorCode::kInvalid, "--expect: a feed without picture and without sound is no feed",
                "--expect: luồng không có cả hình lẫn tiếng thì không phải là luồng");
  }
  return profile;
}

Parsed parseOptions(int argc, const char* const* argv) {
  CLI::App app("Receives a feed and tells how it is: picture, sound, bit rate, losses, faults.",
               "diemcau-probe");
  Flags flags;
  declare(app, flags);
  try {
    app.parse(argc, const_cast<char**>(argv));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    return {{}, code == 0 ? 0 : kUsage, out.str() + err.str()};
  }
  Options options;
  options.vietnamese = vietnamese(flags.lang);
  options.screen = flags.show == "auto" && screenThere();
  options.seconds = flags.seconds;
  options.depth = flags.full ? v1::Depth::full : v1::Depth::light;
  options.colour =
      flags.colour != "never" && (flags.colour == "always" || std::getenv("NO_COLOR") == nullptr);
  if (flags.json + flags.once + flags.child + flags.list > 1) {
    return wrong("--json, --once, --child and --list-elements exclude each other");
  }
  options.mode = flags.json    ? Mode::kJson
                 : flags.once  ? Mode::kOnce
                 : flags.child ? Mode::kChild
                 : flags.list  ? Mode::kListElements
                               : Mode::kPanel;
  if (flags.once && flags.seconds == 0) options.seconds = 5;
  if (flags.child || flags.list) {
    if (!flags.uri.empty()) return wrong("an address goes with neither --child nor --list-elements");
    return {std::move(options), 0, {}};
  }
  if (flags.uri.empty()) return wrong("which feed? Give an address, such as srt://203.0.113.5:9000");
  const auto address = parseFeedAddress(wholePath(flags.uri), true);
  if (!address) return wrong(address.error().text);
  options.address = *address;
  options.uri = flags.uri;
  const auto profile = parseExpected(flags.expected);
  if (!profile) return wrong(profile.error().text);
  options.profile = *profile;
  if (!flags.passphrase_file.empty()) {
    const auto passphrase = readFile(flags.passphrase_file, 256);
    if (!passphrase) return wrong(passphrase.error().text);
    options.passphrase = passphrase->substr(0, passphrase->find_first_of("\r\n"));
    if (options.passphrase.size() < 10 || options.passphrase.size() > 79) {
      return wrong("an SRT passphrase has 10 to 79 characters");
    }
  }
  return {std::move(options), 0, {}};
}

}  // namespace diemcau::probe
