// What alarms say to people: see alarm_book.hpp.
#include <fmt/format.h>

#include "base/text.hpp"
#include "coordinator/core/alarm_book.hpp"

namespace diemcau::core {
namespace {

constexpr std::size_t kNamed = 5;

v1::Text feedName(const std::string& id) {
  if (id == "main") return text("luồng chính", "main feed");
  if (id == "backup") return text("luồng dự phòng", "backup feed");
  return text("luồng " + id, "feed " + id);
}

std::string areaName(const v1::Alarm& alarm, const Roster& roster) {
  const auto* area = roster.area(alarm.area_id());
  return area == nullptr ? alarm.area_id() : area->name();
}

std::string counted(int count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

v1::Text where(const v1::Alarm& alarm, const Roster& roster) {
  const int count = alarm.site_ids_size();
  const auto vi = fmt::format("{} điểm cầu", count);
  const auto en = counted(count, "site", "sites");
  const std::vector<std::string> ids(alarm.site_ids().begin(), alarm.site_ids().end());
  switch (alarm.scope()) {
    case v1::Alarm::source:
      return text("từ nguồn phát, " + vi, "at the source, " + en);
    case v1::Alarm::area: {
      const auto name = areaName(alarm, roster);
      return text(fmt::format("tại {}, {}", name, vi), fmt::format("in {}, {}", name, en));
    }
    case v1::Alarm::session:
      return text(vi, en);
    default: {
      const auto names = siteNames(ids, roster, kNamed);
      return text("tại " + names.vi(), "at " + names.en());
    }
  }
}

}  // namespace

v1::Text conditionText(v1::Condition::Name condition) {
  switch (condition) {
    case v1::Condition::no_signal:
      return text("không có tín hiệu", "no signal");
    case v1::Condition::no_video:
      return text("không có hình", "no picture");
    case v1::Condition::no_audio:
      return text("không có tiếng", "no sound");
    case v1::Condition::black:
      return text("màn hình đen", "black picture");
    case v1::Condition::frozen:
      return text("hình đứng", "frozen picture");
    case v1::Condition::silence:
      return text("im lặng", "silence");
    case v1::Condition::low_bitrate:
      return text("tốc độ luồng thấp", "low bit rate");
    case v1::Condition::low_fps:
      return text("số khung hình thấp", "low frame rate");
    case v1::Condition::wrong_format:
      return text("sai định dạng", "wrong format");
    case v1::Condition::corrupted:
      return text("hình tiếng bị lỗi", "corrupted picture or sound");
    case v1::Condition::packet_loss:
      return text("mất gói tin", "packet loss");
    case v1::Condition::line_too_slow:
      return text("đường truyền quá chậm", "line too slow");
    case v1::Condition::stutter:
      return text("hình giật", "stuttering picture");
    case v1::Condition::high_delay:
      return text("đường truyền trễ quá lâu", "long delay of the line");
    case v1::Condition::jitter:
      return text("gói tin đến không đều", "uneven arrival");
    case v1::Condition::too_quiet:
      return text("tiếng quá nhỏ", "sound too quiet");
    case v1::Condition::clipping:
      return text("tiếng quá to, bị vỡ", "sound too loud, distorted");
    case v1::Condition::av_skew:
      return text("tiếng và hình lệch nhau", "sound and picture apart");
    case v1::Condition::timestamps:
      return text("sai mốc thời gian", "wrong timestamps");
    case v1::Condition::wrong_feed:
      return text("sai luồng, hình của cuộc họp khác", "the wrong feed, another briefing's picture");
    default:
      return text("tình trạng không rõ", "unknown condition");
  }
}

v1::Text siteNames(const std::vector<std::string>& ids, const Roster& roster, std::size_t most) {
  std::string names;
  for (std::size_t i = 0; i < ids.size() && i < most; ++i) {
    const auto* site = roster.site(ids[i]);
    names += (i == 0 ? "" : ", ") + (site == nullptr ? ids[i] : site->name());
  }
  if (ids.size() <= most) return text(names, names);
  const auto more = ids.size() - most;
  return text(fmt::format("{} và {} điểm cầu khác", names, more), fmt::format("{} and {} more", names, more));
}

v1::Text alarmText(const v1::Alarm& alarm, const Roster& roster) {
  const int count = alarm.site_ids_size();
  const auto place = where(alarm, roster);
  const std::vector<std::string> ids(alarm.site_ids().begin(), alarm.site_ids().end());
  const auto names = siteNames(ids, roster, kNamed);
  switch (alarm.kind()) {
    case v1::Alarm::feed: {
      const auto what = conditionText(alarm.condition()), feed = feedName(alarm.feed_id());
      return text(fmt::format("{}: {} {}", feed.vi(), what.vi(), place.vi()),
                  fmt::format("{}: {} {}", feed.en(), what.en(), place.en()));
    }
    case v1::Alarm::link_lost:
      if (alarm.scope() == v1::Alarm::session)
        return text("mất kết nối với hầu hết phiên: " + place.vi(),
                    "most of the session lost its link: " + place.en());
      return text("mất kết nối " + place.vi(), "link lost " + place.en());
    case v1::Alarm::not_started:
      return text(fmt::format("{} điểm cầu chưa bắt đầu: {}", count, names.vi()),
                  fmt::format("{} did not start: {}", counted(count, "site", "sites"), names.en()));
    case v1::Alarm::help:
      return text("cần hỗ trợ " + place.vi(), "help is asked for " + place.en());
    case v1::Alarm::clock:
      return text("đồng hồ chưa đủ chính xác " + place.vi(), "clock not known well enough " + place.en());
    case v1::Alarm::duplicate_site:
      return text("có máy thứ hai tự nhận là điểm cầu này, " + place.vi(),
                  "a second agent calls itself this site, " + place.en());
    case v1::Alarm::not_ready:
      return text(fmt::format("{} điểm cầu chưa sẵn sàng: {}", count, names.vi()),
                  fmt::format("{} not ready: {}", counted(count, "site is", "sites are"), names.en()));
    case v1::Alarm::slow_centre:
      return text("máy chủ trung tâm xử lý chậm", "the coordinator is slow");
    default:
      return text("cảnh báo " + place.vi(), "alarm " + place.en());
  }
}

}  // namespace diemcau::core
