#include "coordinator/ctl/speech.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace diemcau::ctl {
namespace {

struct Pair {
  const char* vi;
  const char* en;
};

std::string pick(const Speech& speech, Pair pair) {
  return speech.say(pair.vi, pair.en);
}

std::size_t characterLength(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

}  // namespace

std::string Speech::say(const v1::Text& text) const {
  const std::string& first = english ? text.en() : text.vi();
  return first.empty() ? (english ? text.vi() : text.en()) : first;
}

std::string Speech::number(std::uint64_t value) const {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, english ? ',' : '.');
  return digits;
}

std::string Speech::time(Micros at) const {
  return at == 0 ? "-" : formatLocal(at, zone);
}

std::string Speech::clock(Micros at) const {
  return at == 0 ? "-" : formatLocalTime(at, zone);
}

std::string Speech::paint(std::string_view text, Style style) const {
  if (!colour || style == Style::kPlain || text.empty()) return std::string(text);
  const char* code = "";
  switch (style) {
    case Style::kPlain:
      break;
    case Style::kBold:
      code = "\x1b[1m";
      break;
    case Style::kDim:
      code = "\x1b[2m";
      break;
    case Style::kGood:
      code = "\x1b[32m";
      break;
    case Style::kWarn:
      code = "\x1b[33m";
      break;
    case Style::kBad:
      code = "\x1b[1;31m";
      break;
    case Style::kTitle:
      code = "\x1b[1;7m";
      break;
    case Style::kLive:
      code = "\x1b[1;37;41m";
      break;
  }
  return std::string(code).append(text).append("\x1b[0m");
}

std::string Speech::word(v1::Phase::Name phase) const {
  switch (phase) {
    case v1::Phase::draft:
      return pick(*this, {"bản nháp", "draft"});
    case v1::Phase::scheduled:
      return pick(*this, {"đã lên lịch", "scheduled"});
    case v1::Phase::rehearsing:
      return pick(*this, {"chạy thử", "rehearsing"});
    case v1::Phase::armed:
      return pick(*this, {"chờ phát lệnh", "armed"});
    case v1::Phase::live:
      return pick(*this, {"đang phát", "live"});
    case v1::Phase::paused:
      return pick(*this, {"tạm nghỉ", "paused"});
    case v1::Phase::ended:
      return pick(*this, {"kết thúc", "ended"});
    case v1::Phase::closed:
      return pick(*this, {"đã đóng", "closed"});
    case v1::Phase::cancelled:
      return pick(*this, {"đã hủy", "cancelled"});
    default:
      return "?";
  }
}

std::string Speech::word(v1::SiteIdentity::State state) const {
  switch (state) {
    case v1::SiteIdentity::invited:
      return pick(*this, {"đã cấp mã", "invited"});
    case v1::SiteIdentity::enrolled:
      return pick(*this, {"đã ghi danh", "enrolled"});
    case v1::SiteIdentity::revoked:
      return pick(*this, {"đã thu hồi", "revoked"});
    default:
      return pick(*this, {"chưa có", "never"});
  }
}

std::string Speech::word(v1::LinkState::Name link) const {
  switch (link) {
    case v1::LinkState::never:
      return pick(*this, {"chưa kết nối", "never seen"});
    case v1::LinkState::online:
      return pick(*this, {"trực tuyến", "online"});
    case v1::LinkState::stale:
      return pick(*this, {"chậm tin", "stale"});
    case v1::LinkState::offline:
      return pick(*this, {"mất liên lạc", "offline"});
    default:
      return "?";
  }
}

std::string Speech::word(v1::SitePhase::Name phase) const {
  switch (phase) {
    case v1::SitePhase::idle:
      return pick(*this, {"rảnh", "idle"});
    case v1::SitePhase::waiting:
      return pick(*this, {"chờ", "waiting"});
    case v1::SitePhase::rehearsing:
      return pick(*this, {"chạy thử", "rehearsing"});
    case v1::SitePhase::armed:
      return pick(*this, {"chờ lệnh", "armed"});
    case v1::SitePhase::starting:
      return pick(*this, {"sắp phát", "starting"});
    case v1::SitePhase::started:
      return pick(*this, {"đang phát", "started"});
    case v1::SitePhase::paused:
      return pick(*this, {"tạm nghỉ", "paused"});
    case v1::SitePhase::ended:
      return pick(*this, {"kết thúc", "ended"});
    case v1::SitePhase::failed:
      return pick(*this, {"lỗi", "failed"});
    default:
      return "?";
  }
}

std::string Speech::word(v1::Readiness::Verdict verdict) const {
  switch (verdict) {
    case v1::Readiness::not_checked:
      return pick(*this, {"chưa kiểm tra", "not checked"});
    case v1::Readiness::checking:
      return pick(*this, {"đang kiểm tra", "checking"});
    case v1::Readiness::ready:
      return pick(*this, {"sẵn sàng", "ready"});
    case v1::Readiness::not_ready:
      return pick(*this, {"chưa sẵn sàng", "not ready"});
    default:
      return "?";
  }
}

std::string Speech::word(v1::Outcome::State state) const {
  switch (state) {
    case v1::Outcome::pending:
      return pick(*this, {"đang chờ", "pending"});
    case v1::Outcome::started:
      return pick(*this, {"đã bắt đầu", "started"});
    case v1::Outcome::late:
      return pick(*this, {"muộn", "late"});
    case v1::Outcome::failed:
      return pick(*this, {"lỗi", "failed"});
    case v1::Outcome::waived:
      return pick(*this, {"miễn", "waived"});
    default:
      return "?";
  }
}

std::string Speech::word(v1::Alarm::Kind kind) const {
  switch (kind) {
    case v1::Alarm::feed:
      return pick(*this, {"luồng phát", "feed"});
    case v1::Alarm::link_lost:
      return pick(*this, {"mất liên lạc", "link lost"});
    case v1::Alarm::not_started:
      return pick(*this, {"chưa bắt đầu", "not started"});
    case v1::Alarm::help:
      return pick(*this, {"cần hỗ trợ", "help"});
    case v1::Alarm::clock:
      return pick(*this, {"đồng hồ", "clock"});
    case v1::Alarm::duplicate_site:
      return pick(*this, {"trùng điểm cầu", "duplicate site"});
    case v1::Alarm::not_ready:
      return pick(*this, {"chưa sẵn sàng", "not ready"});
    case v1::Alarm::slow_centre:
      return pick(*this, {"trung tâm chậm", "slow centre"});
    default:
      return "?";
  }
}

std::string Speech::word(v1::Condition::Name condition) const {
  switch (condition) {
    case v1::Condition::none:
      return "";
    case v1::Condition::no_signal:
      return pick(*this, {"mất tín hiệu", "no signal"});
    case v1::Condition::no_video:
      return pick(*this, {"không có hình", "no picture"});
    case v1::Condition::no_audio:
      return pick(*this, {"không có tiếng", "no sound"});
    case v1::Condition::black:
      return pick(*this, {"hình đen", "black"});
    case v1::Condition::frozen:
      return pick(*this, {"hình đứng", "frozen"});
    case v1::Condition::silence:
      return pick(*this, {"im tiếng", "silence"});
    case v1::Condition::low_bitrate:
      return pick(*this, {"tốc độ bit thấp", "low bit rate"});
    case v1::Condition::low_fps:
      return pick(*this, {"tốc độ hình thấp", "low frame rate"});
    case v1::Condition::wrong_format:
      return pick(*this, {"sai định dạng", "wrong format"});
    case v1::Condition::corrupted:
      return pick(*this, {"lỗi giải mã", "corrupted"});
    case v1::Condition::packet_loss:
      return pick(*this, {"mất gói", "packet loss"});
    case v1::Condition::line_too_slow:
      return pick(*this, {"đường truyền chậm", "line too slow"});
    case v1::Condition::stutter:
      return pick(*this, {"hình giật", "stutter"});
    case v1::Condition::high_delay:
      return pick(*this, {"trễ đường truyền", "high delay"});
    case v1::Condition::jitter:
      return pick(*this, {"gói đến không đều", "jitter"});
    case v1::Condition::too_quiet:
      return pick(*this, {"tiếng quá nhỏ", "too quiet"});
    case v1::Condition::clipping:
      return pick(*this, {"tiếng vỡ", "clipping"});
    case v1::Condition::av_skew:
      return pick(*this, {"lệch tiếng hình", "sound and picture apart"});
    case v1::Condition::wrong_feed:
      return pick(*this, {"sai luồng", "wrong feed"});
    case v1::Condition::timestamps:
      return pick(*this, {"sai mốc thời gian", "wrong timestamps"});
    default:
      return "?";
  }
}

Style styleOf(v1::Phase::Name phase) {
  switch (phase) {
    case v1::Phase::live:
      return Style::kLive;
    case v1::Phase::armed:
    case v1::Phase::rehearsing:
    case v1::Phase::paused:
      return Style::kWarn;
    case v1::Phase::scheduled:
      return Style::kGood;
    case v1::Phase::cancelled:
      return Style::kDim;
    default:
      return Style::kPlain;
  }
}

Style styleOf(v1::LinkState::Name link) {
  switch (link) {
    case v1::LinkState::online:
      return Style::kGood;
    case v1::LinkState::stale:
      return Style::kWarn;
    case v1::LinkState::never:
      return Style::kDim;
    default:
      return Style::kBad;
  }
}

Style styleOf(v1::Outcome::State state) {
  switch (state) {
    case v1::Outcome::started:
      return Style::kGood;
    case v1::Outcome::late:
      return Style::kWarn;
    case v1::Outcome::failed:
      return Style::kBad;
    default:
      return Style::kDim;
  }
}

Style styleOf(v1::Readiness::Verdict verdict) {
  switch (verdict) {
    case v1::Readiness::ready:
      return Style::kGood;
    case v1::Readiness::not_ready:
      return Style::kBad;
    case v1::Readiness::checking:
      return Style::kWarn;
    default:
      return Style::kDim;
  }
}

std::string cut(std::string_view text, std::size_t width) {
  if (displayWidth(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string kept;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length =
        std::min(characterLength(static_cast<unsigned char>(text[at])), text.size() - at);
    const std::string_view character = text.substr(at, length);
    used += displayWidth(character);
    if (used > width - 1) break;
    kept.append(character);
    at += length;
  }
  return kept + "…";
}

std::string pad(std::string_view text, std::size_t width, bool right) {
  std::string out = cut(text, width);
  const std::string blanks(width - std::min(width, displayWidth(out)), ' ');
  return right ? blanks + out : out + blanks;
}

}  // namespace diemcau::ctl
