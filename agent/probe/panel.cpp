#include "agent/probe/panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "agent/core/conditions.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace diemcau::probe {
namespace {

constexpr std::size_t kWidth = 78;
constexpr std::size_t kNames = 14;     // columns of the left side
constexpr std::size_t kHistory = 40;   // seconds in the sparkline
constexpr double kMostErrorMs = 1000;  // no time server sets the clocks: the delay says nothing
constexpr const char* kRed = "\x1b[1;31m";
constexpr const char* kGreen = "\x1b[1;32m";
constexpr const char* kYellow = "\x1b[1;33m";
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kBold = "\x1b[1m";

struct Words {
  v1::Condition::Name name;
  const char* vi;
  const char* en;
};
constexpr std::array<Words, v1::Condition::Name_ARRAYSIZE - 1> kConditions = {{
    {v1::Condition::no_signal, "Mất tín hiệu: không nhận được gì", "No signal: nothing is received"},
    {v1::Condition::no_video, "Không có hình trong luồng", "No picture in the feed"},
    {v1::Condition::no_audio, "Không có tiếng trong luồng", "No sound in the feed"},
    {v1::Condition::black, "Hình đen", "The picture is black"},
    {v1::Condition::frozen, "Hình bị đứng", "The picture is frozen"},
    {v1::Condition::silence, "Tiếng im lặng", "The sound is silent"},
    {v1::Condition::low_bitrate, "Tốc độ bit thấp", "The bit rate is low"},
    {v1::Condition::low_fps, "Số khung hình mỗi giây thấp", "The frame rate is low"},
    {v1::Condition::wrong_format, "Sai kích thước hình hoặc bộ mã", "Wrong picture size or codec"},
    {v1::Condition::corrupted, "Dữ liệu hình bị lỗi", "The picture's data is damaged"},
    {v1::Condition::packet_loss, "Mất gói tin trên đường truyền", "Packets are lost on the way"},
    {v1::Condition::line_too_slow, "Đường truyền quá chậm so với luồng", "The line is too slow for the feed"},
    {v1::Condition::stutter, "Hình giật cục: dừng rồi nhảy", "The picture stutters: stands and leaps"},
    {v1::Condition::high_delay, "Đường truyền trễ quá lâu", "The line's delay is too long"},
    {v1::Condition::jitter, "Gói tin đến không đều", "Packets arrive unevenly"},
    {v1::Condition::too_quiet, "Tiếng quá nhỏ", "The sound is too quiet"},
    {v1::Condition::clipping, "Tiếng quá to, bị vỡ", "The sound is driven too high and distorted"},
    {v1::Condition::av_skew, "Tiếng và hình lệch nhau", "Sound and picture have parted"},
    {v1::Condition::timestamps, "Thời gian trong luồng đứng hoặc nhảy",
     "The feed's time stands still or jumps"},
    {v1::Condition::wrong_feed, "Sai luồng: hình của cuộc họp khác",
     "The wrong feed: another briefing's picture"},
}};

std::string cut(std::string text, std::size_t columns) {
  while (displayWidth(text) > columns) {
    do {
      text.pop_back();
    } while (!text.empty() && !validUtf8(text));
  }
  return text;
}

std::string pad(std::string text, std::size_t columns) {
  text = cut(std::move(text), columns);
  text.append(columns - displayWidth(text), ' ');
  return text;
}

}  // namespace

std::string conditionText(v1::Condition::Name name, bool vietnamese) {
  for (const Words& words : kConditions) {
    if (words.name == name) return vietnamese ? words.vi : words.en;
  }
  return v1::Condition::Name_Name(name);
}

std::string sparkline(const std::deque<std::uint32_t>& values, std::size_t width) {
  static constexpr std::array<const char*, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (values.empty()) return {};
  const double most = std::max<std::uint32_t>(1, *std::max_element(values.begin(), values.end()));
  std::string out;
  const std::size_t skip = values.size() > width ? values.size() - width : 0;
  for (std::size_t i = skip; i < values.size(); ++i) {
    out += kBars[static_cast<std::size_t>(std::lround(values[i] / most * 7))];
  }
  return out;
}

std::string meterBar(double lufs, std::size_t width) {
  const double share = std::clamp((lufs + 60) / 60, 0.0, 1.0);
  const std::size_t full = static_cast<std::size_t>(std::lround(share * static_cast<double>(width)));
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out += i < full ? "█" : "·";
  return out;
}

Panel::Panel(std::string uri, v1::Profile profile, PanelStyle style)
    : uri_(std::move(uri)), profile_(std::move(profile)), style_(style) {}

void Panel::add(const v1::HealthSample& sample) {
  sample_ = sample;
  bitrates_.push_back(sample.bitrate_kbps());
  while (bitrates_.size() > kHistory) bitrates_.pop_front();
}

std::string Panel::paint(std::string_view colour, const std::string& text) const {
  return style_.colour ? fmt::format("{}{}\x1b[0m", colour, text) : text;
}

std::string Panel::row(const std::string& name, const std::string& value) const {
  return " " + paint(kDim, pad(name, kNames)) + " " + value;
}

std::string Panel::headline() const {
  if (!sample_.connected()) return paint(kRed, "● " + say("MẤT TÍN HIỆU", "NO SIGNAL"));
  if (sample_.conditions_size() > 0) return paint(kYellow, "● " + say("CÓ VẤN ĐỀ", "PROBLEMS"));
  return paint(kGreen, "● " + say("TỐT", "GOOD"));
}

std::string Panel::picture() const {
  const v1::VideoHealth& video = sample_.video();
  if (!sample_.has_video() || video.codec().empty())
    return sample_.sound_alone() ? say("không cần", "none expected") : say("không có", "none");
  std::string out =
      fmt::format("{}  {}x{}  {:.2f} {}  {} {:.0f}", video.codec(), video.width(), video.height(),
                  video.fps(), say("hình/giây", "fps"), say("độ sáng", "luma"), video.luma());
  if (video.black()) {
    out += "  " + say("đen", "black");
  } else if (video.still()) {
    out += "  " + (video.was_alive() ? say("đứng hình", "stopped") : say("tĩnh", "still"));
  }
  return out;
}

std::string Panel::sound() const {
  const v1::AudioHealth& audio = sample_.audio();
  if (!sample_.has_audio() || audio.codec().empty())
    return sample_.picture_alone() ? say("không cần", "none expected") : say("không có", "none");
  return fmt::format("{}  {} {}  {:.1f} kHz", audio.codec(), audio.channels(), say("kênh", "channels"),
                     audio.sample_rate() / 1000.0);
}

std::string Panel::bitrate() const {
  return fmt::format("{:>6} kbit/s  {}", sample_.bitrate_kbps(), sparkline(bitrates_, kHistory));
}

std::string Panel::losses() const {
  std::string out = fmt::format("{} {}", sample_.lost_packets(), say("gói mất", "lost"));
  if (sample_.rtt_ms() > 0) {
    out += fmt::format(", {} {}, RTT {:.1f} ms", sample_.resent_packets(), say("gói gửi lại", "resent"),
                       sample_.rtt_ms());
  }
  return out + fmt::format(", {} {}", sample_.decode_errors(), say("lỗi giải mã", "decode errors"));
}

std::string Panel::mark() const {
  const v1::MarkHealth& mark = sample_.mark();
  if (mark.error_ms() >= kMostErrorMs) return mark.briefing();
  return fmt::format("{}, {} {:.0f} ms ± {:.0f}", mark.briefing(), say("từ trường quay", "from the studio"),
                     mark.delay_ms(), mark.error_ms());
}

void Panel::conditions(std::vector<std::string>& out) const {
  if (sample_.conditions_size() == 0) {
    out.push_back(
        row(say("Tình trạng", "Conditions"), paint(kGreen, say("không có vấn đề", "nothing wrong"))));
  }
  for (int i = 0; i < sample_.conditions_size(); ++i) {
    const std::string words = conditionText(sample_.conditions(i), style_.vietnamese);
    out.push_back(
        row(i == 0 ? say("Tình trạng", "Conditions") : "", paint(kRed, cut(words, kWidth - kNames - 3))));
  }
  const std::string& why = style_.vietnamese ? sample_.problem().vi() : sample_.problem().en();
  if (!why.empty()) out.push_back(row(say("Lý do", "Reason"), cut(why, kWidth - kNames - 3)));
}

std::vector<std::string> Panel::render() const {
  std::vector<std::string> out;
  const auto value = [](const std::string& text) { return cut(text, kWidth - kNames - 3); };
  out.push_back(" " + paint(kBold, "diemcau-probe") + "  " + cut(uri_, kWidth - 17));
  out.emplace_back();
  out.push_back(" " + headline());
  out.emplace_back();
  out.push_back(row(say("Hình", "Picture"), value(picture())));
  out.push_back(row(say("Tiếng", "Sound"), value(sound())));
  const v1::AudioHealth& audio = sample_.audio();
  const double lufs = sample_.has_audio() ? audio.lufs() : -120;
  out.push_back(
      row(say("Độ to", "Loudness"), fmt::format("{} {:>6.1f} LUFS  {:>6.1f} dBFS", meterBar(lufs, 30), lufs,
                                                sample_.has_audio() ? audio.rms_dbfs() : -120.0)));
  out.push_back(row(say("Tốc độ bit", "Bit rate"), bitrate()));
  out.push_back(row(say("Đường truyền", "Line"), value(losses())));
  if (sample_.has_mark()) out.push_back(row(say("Dấu", "Mark"), value(mark())));
  const bool pictures = profile_.video_codec() != agent::Conditions::kNone;
  if (pictures && (profile_.width() > 0 || profile_.fps() > 0 || !profile_.video_codec().empty())) {
    out.push_back(
        row(say("Mong đợi", "Expected"),
            value(fmt::format("{}  {}x{}  {:g} {}  {}-{} kbit/s", profile_.video_codec(), profile_.width(),
                              profile_.height(), profile_.fps(), say("hình/giây", "fps"),
                              profile_.min_bitrate_kbps(), profile_.max_bitrate_kbps()))));
  }
  out.emplace_back();
  conditions(out);
  out.emplace_back();
  out.push_back(row(say("Đã chạy", "Running"),
                    fmt::format("{}   {}: {}", formatSpan(static_cast<Micros>(sample_.t_s()) * kSecond),
                                say("kết nối lại", "reconnects"), sample_.reconnects())));
  return out;
}

std::string Panel::line() const {
  std::string conditions;
  for (int i = 0; i < sample_.conditions_size(); ++i) {
    conditions += "  ! " + conditionText(sample_.conditions(i), style_.vietnamese);
  }
  const std::string& why = style_.vietnamese ? sample_.problem().vi() : sample_.problem().en();
  if (!why.empty()) conditions += "  (" + why + ")";
  return fmt::format("{:>6.0f} s  {}  |  {}  {:.1f} LUFS  |  {} kbit/s{}", sample_.t_s(), picture(), sound(),
                     sample_.audio().lufs(), sample_.bitrate_kbps(), conditions);
}

}  // namespace diemcau::probe
