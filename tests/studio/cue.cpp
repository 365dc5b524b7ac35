// See cue.hpp.
#include "tests/studio/cue.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace diemcau::studio {

namespace {

constexpr std::array<std::string_view, kFaults> kWords = {
    "black",          "freeze",       "silence",
    "low_bitrate",    "low_fps",      "cut",
    "stall",          "corruption",   "loss",
    "no_video",       "no_audio",     "stutter",
    "quiet",          "clip",         "skew",
    "jump",           "stand",        "jitter",
    "wrong_feed",     "skew_content", "trap_still_noise",
    "trap_slide",     "trap_window",  "trap_dark_slide",
    "trap_dark_room", "trap_fade",    "trap_cuts",
    "trap_clap",      "trap_pauses",  "trap_quiet_speaker"};
static_assert(kWords[kFirstTrap] == "trap_still_noise" && !kWords.back().empty());

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> out;
  constexpr std::string_view kSpace = " \t\r\n";
  for (auto at = line.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const auto end = line.find_first_of(kSpace, at);
    out.push_back(line.substr(at, end == std::string_view::npos ? end : end - at));
    at = end == std::string_view::npos ? end : line.find_first_not_of(kSpace, end);
  }
  return out;
}

// Seconds with an optional fraction. "nan", "inf" and signs are not seconds.
std::optional<Micros> seconds(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0 ||
      value * static_cast<double>(kSecond) > static_cast<double>(kLongestCue)) {
    return std::nullopt;
  }
  return static_cast<Micros>(std::llround(value * static_cast<double>(kSecond)));
}

std::optional<Fault> faultNamed(std::string_view word) {
  for (std::size_t i = 0; i < kFaults; ++i) {
    if (kWords[i] == word) return faultAt(i);
  }
  return std::nullopt;
}

Result<Cue> parseCue(const std::vector<std::string_view>& parts, std::string_view line) {
  if (parts.size() < 2 || parts.size() > 3) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("'{}' is not a cue: write FEED FAULT [SECONDS], for example 'main black 8'", line));
  }
  if (!validId(parts[0])) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' cannot be a feed's name", parts[0]));
  }
  const auto fault = faultNamed(parts[1]);
  if (!fault) {
    return fail(ErrorCode::kInvalid,
                fmt::format("unknown fault '{}': use one of {}", parts[1], faultWords()));
  }
  Cue cue{std::string(parts[0]), *fault, 0};
  if (parts.size() == 3) {
    const auto length = seconds(parts[2]);
    if (!length) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("'{}' is not a length: write seconds from 0 to 86400, for example 8", parts[2]));
    }
    cue.length = *length;
  }
  return cue;
}

}  // namespace

Fault faultAt(std::size_t index) {
  DIEMCAU_INVARIANT(index < kFaults);
  return static_cast<Fault>(index);
}

std::string_view faultWord(Fault fault) {
  return kWords[static_cast<std::size_t>(fault)];
}

std::string faultWords() {
  return fmt::format("{}", fmt::join(kWords, ", "));
}

Result<Command> parseCommand(std::string_view line) {
  const auto parts = words(line);
  if (parts.size() == 1 && parts[0] == "quit") return Command{Command::Kind::kQuit, {}, {}};
  if (parts.size() == 2 && parts[1] == "ok" && validId(parts[0])) {
    return Command{Command::Kind::kOk, {}, std::string(parts[0])};
  }
  auto cue = parseCue(parts, line);
  if (!cue) return tl::unexpected<Error>(std::move(cue.error()));
  return Command{Command::Kind::kCue, std::move(*cue), {}};
}

Result<TimedCue> parseTimedCue(std::string_view text) {
  auto parts = words(text);
  const auto at = parts.empty() ? std::nullopt : seconds(parts[0]);
  if (!at) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is not a cue with a time: write START FEED FAULT [SECONDS], for example "
                            "'12 main black 8'",
                            text));
  }
  parts.erase(parts.begin());
  auto cue = parseCue(parts, text);
  if (!cue) return tl::unexpected<Error>(std::move(cue.error()));
  return TimedCue{*at, std::move(*cue)};
}

}  // namespace diemcau::studio
