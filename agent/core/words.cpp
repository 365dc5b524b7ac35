// See words.hpp.
#include "agent/core/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace diemcau::agent {
namespace {

bool has(const v1::HealthSample& sample, v1::Condition::Name name) {
  return std::find(sample.conditions().begin(), sample.conditions().end(), name) != sample.conditions().end();
}

std::string format(const std::string& codec, std::uint32_t width, std::uint32_t height) {
  const auto size = width != 0 && height != 0 ? fmt::format("{}x{}", width, height) : std::string();
  return codec.empty() || size.empty() ? codec + size : codec + " " + size;
}

v1::Text wrongFormat(const v1::HealthSample& sample, const v1::Profile& profile) {
  const auto is = format(sample.video().codec(), sample.video().width(), sample.video().height());
  const auto should = format(profile.video_codec(), profile.width(), profile.height());
  if (sample.sound_alone() || is == should || should.empty())
    return text(
        fmt::format("Âm thanh là {}, kế hoạch là {}", sample.audio().codec(), profile.audio_codec()),
        fmt::format("The sound is {}, the plan says {}", sample.audio().codec(), profile.audio_codec()));
  return text(fmt::format("Hình ảnh là {}, kế hoạch là {}", is, should),
              fmt::format("The picture is {}, the plan says {}", is, should));
}

v1::Text skewText(double ms) {
  const auto by = fmt::format("{:.0f} ms", ms < 0 ? -ms : ms);
  return ms < 0 ? text("Tiếng đi trước hình " + by, "The sound is " + by + " ahead of the picture")
                : text("Tiếng đi sau hình " + by, "The sound is " + by + " behind the picture");
}

}  // namespace

v1::Text conditionText(v1::Condition::Name condition) {
  switch (condition) {
    case v1::Condition::no_signal:
      return text("Không có tín hiệu", "No signal");
    case v1::Condition::no_video:
      return text("Có tín hiệu nhưng không có hình", "Received, but no picture in it");
    case v1::Condition::no_audio:
      return text("Có tín hiệu nhưng không có tiếng", "Received, but no sound in it");
    case v1::Condition::black:
      return text("Hình đen", "The picture is black");
    case v1::Condition::frozen:
      return text("Hình bị đứng", "The picture is frozen");
    case v1::Condition::silence:
      return text("Không nghe thấy tiếng", "The sound is silent");
    case v1::Condition::low_bitrate:
      return text("Tốc độ dữ liệu thấp", "The bit rate is low");
    case v1::Condition::low_fps:
      return text("Thiếu khung hình", "The frame rate is low");
    case v1::Condition::wrong_format:
      return text("Sai định dạng so với kế hoạch", "Not the planned format");
    case v1::Condition::corrupted:
      return text("Hình bị vỡ", "The picture is corrupted");
    case v1::Condition::packet_loss:
      return text("Mất gói tin trên đường truyền", "Packets are lost on the line");
    case v1::Condition::line_too_slow:
      return text("Đường truyền quá chậm", "The line is too slow");
    case v1::Condition::stutter:
      return text("Hình giật cục", "The picture stutters");
    case v1::Condition::high_delay:
      return text("Đường truyền trễ quá lâu", "The line's delay is too long");
    case v1::Condition::jitter:
      return text("Gói tin đến không đều", "Packets arrive unevenly");
    case v1::Condition::too_quiet:
      return text("Tiếng quá nhỏ", "The sound is too quiet");
    case v1::Condition::clipping:
      return text("Tiếng quá to, bị vỡ", "The sound is too loud and distorted");
    case v1::Condition::av_skew:
      return text("Tiếng và hình lệch nhau", "Sound and picture have parted");
    case v1::Condition::timestamps:
      return text("Mốc thời gian của luồng bị sai", "The feed's timestamps are wrong");
    case v1::Condition::wrong_feed:
      return text("Sai luồng: hình của cuộc họp khác", "The wrong feed: another briefing's picture");
    default:
      return {};
  }
}

v1::Text feedTrouble(const v1::HealthSample& sample) {
  if (!sample.problem().vi().empty() || !sample.problem().en().empty()) return sample.problem();
  for (const int name : sample.conditions()) {
    const auto condition = static_cast<v1::Condition::Name>(name);
    if (condition == v1::Condition::line_too_slow)
      return text(fmt::format("Đường truyền quá chậm: chỉ nhận được {} kbit/s", sample.bitrate_kbps()),
                  fmt::format("The line is too slow: only {} kbit/s arrive", sample.bitrate_kbps()));
    if (condition == v1::Condition::high_delay)
      return text(fmt::format("Đường truyền trễ quá lâu: gói tin đi và về mất {:.0f} ms", sample.rtt_ms()),
                  fmt::format("The line's delay is too long: {:.0f} ms there and back", sample.rtt_ms()));
    // A mark in the picture, or under the test tone, has a number and no name.
    if (condition == v1::Condition::wrong_feed && sample.has_mark() && !sample.mark().in_picture() &&
        sample.audio().mark().empty())
      return text(fmt::format("Sai luồng: đây là hình của “{}”", sample.mark().briefing()),
                  fmt::format("The wrong feed: this is the picture of “{}”", sample.mark().briefing()));
    if (condition == v1::Condition::av_skew) return skewText(sample.av_skew_ms());
    if (condition != v1::Condition::none) return conditionText(condition);
  }
  return sample.connected() ? v1::Text() : conditionText(v1::Condition::no_signal);
}

v1::Text feedTrouble(const v1::HealthSample& sample, const v1::Profile& profile) {
  const bool only_format = sample.conditions_size() == 1 && has(sample, v1::Condition::wrong_format);
  if (only_format) return wrongFormat(sample, profile);
  if (sample.conditions_size() == 1 && has(sample, v1::Condition::low_fps) && profile.fps() > 0)
    return text(
        fmt::format("Hình giật: {:.0f} khung/giây, kế hoạch là {:.0f}", sample.video().fps(), profile.fps()),
        fmt::format("{:.0f} frames a second, the plan says {:.0f}", sample.video().fps(), profile.fps()));
  return feedTrouble(sample);
}

}  // namespace diemcau::agent
