// The desk's state as lines of text.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "agent/app/desk_client.hpp"
#include "agent/desk/qr.hpp"
#include "base/time.hpp"

namespace diemcau::agent {
namespace {

using Json = nlohmann::ordered_json;

struct Words {
  const char *vi, *en;
};
const std::map<std::string, Words> kWords{
    {"idle", {"không có phiên", "no session"}},
    {"waiting", {"đã lên lịch", "scheduled"}},
    {"rehearsing", {"đang chạy thử", "rehearsal"}},
    {"armed", {"chờ phát lệnh", "waiting for GO"}},
    {"starting", {"sắp bắt đầu", "about to start"}},
    {"started", {"đang diễn ra", "live"}},
    {"paused", {"tạm nghỉ", "break"}},
    {"ended", {"đã kết thúc", "ended"}},
    {"failed", {"không lên hình được", "cannot show the picture"}},
    {"not_checked", {"chưa kiểm tra", "not checked"}},
    {"checking", {"đang kiểm tra", "checking"}},
    {"ready", {"SẴN SÀNG", "READY"}},
    {"not_ready", {"CHƯA SẴN SÀNG", "NOT READY"}},
    {"link", {"kết nối trung tâm", "connection"}},
    {"clock", {"đồng hồ", "clock"}},
    {"main_feed", {"luồng chính", "main feed"}},
    {"backup_feed", {"luồng dự phòng", "backup feed"}},
    {"disk", {"ổ đĩa", "disk"}},
    {"cpu", {"máy tính", "computer"}},
    {"version", {"phiên bản", "version"}},
    {"screen", {"màn hình", "screen"}},
    {"loudspeaker", {"loa", "loudspeakers"}},
    {"camera", {"camera", "camera"}},
    {"microphone", {"micrô", "microphone"}},
    {"no_picture", {"mất hình", "no picture"}},
    {"no_sound", {"mất tiếng", "no sound"}},
    {"no_connection", {"mất kết nối", "no connection"}},
    {"other", {"việc khác", "other"}},
};

class Writer {
 public:
  explicit Writer(bool english) : english_(english) {}
  std::string_view say(std::string_view vi, std::string_view en) const { return english_ ? en : vi; }
  std::string word(const std::string& key) const {
    const auto found = kWords.find(key);
    return found == kWords.end() ? key : std::string(say(found->second.vi, found->second.en));
  }
  std::string both(const Json& text) const {
    const auto vi = text.value("vi", ""), en = text.value("en", "");
    return english_ ? (en.empty() ? vi : en) : (vi.empty() ? en : vi);
  }
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    out += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  std::string out;

 private:
  bool english_;
};

std::string zoneOf(const Json& state) {
  return state["session"].is_null() ? "Asia/Ho_Chi_Minh"
                                    : state["session"].value("time_zone", "Asia/Ho_Chi_Minh");
}

void session(Writer& to, const Json& state) {
  const auto& it = state["session"];
  if (it.is_null()) return to.line("{}", to.say("Chưa có phiên hội nghị.", "No session yet."));
  const auto zone = zoneOf(state);
  const auto start = it["start_at_us"].get<Micros>() != 0 ? it["start_at_us"].get<Micros>()
                                                          : it["scheduled_start_us"].get<Micros>();
  to.line("{} ({}): {}", it["title"].get<std::string>(), it["id"].get<std::string>(),
          to.word(state["phase"].get<std::string>()));
  to.line("  {} {}  ({})", to.say("bắt đầu", "start"), formatLocal(start, zone),
          formatSpan(it["starts_in_us"].get<Micros>()));
  if (const auto started = it["started_us"].get<Micros>(); started != 0)
    to.line("  {} {}", to.say("lên hình", "shown since"), formatLocalTime(started, zone));
  if (const auto problem = to.both(state["problem"]); !problem.empty()) to.line("  ! {}", problem);
}

void readiness(Writer& to, const Json& state) {
  const auto& it = state["readiness"];
  if (it.is_null()) return to.line("{}", to.say("Chưa chạy thử.", "No rehearsal yet."));
  to.line("{}: {}", to.say("Mức sẵn sàng", "Readiness"), to.word(it.value("verdict", "")));
  const std::map<std::string, const char*> marks{
      {"ok", "✓"}, {"failed", "✗"}, {"running", "…"}, {"not_run", "–"}};
  for (const auto& check : it["checks"]) {
    const auto mark = marks.find(check.value("verdict", ""));
    auto why =
        check.contains("reason") && check["reason"].is_object() ? to.both(check["reason"]) : std::string();
    if (why.empty()) why = check.value("by", "");
    to.line("  {} {}{}{}", mark == marks.end() ? "?" : mark->second, to.word(check.value("kind", "")),
            why.empty() ? "" : ": ", why);
  }
}

void feeds(Writer& to, const Json& state) {
  for (const auto& feed : state["feeds"]) {
    const auto& sample = feed["sample"];
    std::string figures(to.say("chưa đo", "not measured"));
    if (!sample.is_null()) {
      figures = fmt::format("{} kbit/s", sample.value("bitrate_kbps", 0));
      if (sample.contains("video") && sample["video"].is_object()) {
        const auto& video = sample["video"];
        figures = fmt::format("{} {}x{} {:.0f} fps, {}", video.value("codec", ""), video.value("width", 0),
                              video.value("height", 0), video.value("fps", 0.0), figures);
      }
    }
    const auto trouble = to.both(feed["trouble"]);
    to.line("  {}{}: {}{}{}", feed["active"].get<bool>() ? "▶ " : "  ", feed["id"].get<std::string>(),
            figures, trouble.empty() ? "" : "  ! ", trouble);
  }
}

void helpCalls(Writer& to, const Json& state) {
  for (const auto& call : state["help"]) {
    std::string where(call["seen"].get<bool>()   ? to.say("trung tâm đang xử lý", "the centre is on it")
                      : call["sent"].get<bool>() ? to.say("trung tâm đã nhận", "received at the centre")
                                                 : to.say("chờ gửi", "waiting to be sent"));
    if (call["seen_by"].is_object()) where += ": " + call["seen_by"].value("by", "");
    to.line("{} {} {}: {}", to.say("Báo sự cố", "Help"),
            formatLocalTime(call["at_us"].get<Micros>(), zoneOf(state)),
            to.word(call["topic"].get<std::string>()), where);
  }
}

void attendance(Writer& to, const Json& state) {
  const auto& it = state["attendance"];
  if (it.is_null()) return;
  if (!it["headcount"].is_null()) {
    const auto& count = it["headcount"];
    to.line("{}: {} {}, {} {}, {} {}, {} {} ({})", to.say("Số người đã báo", "Headcount"),
            count["present"].get<int>(), to.say("có mặt", "present"), count["online"].get<int>(),
            to.say("trực tuyến", "online"), count["excused"].get<int>(), to.say("vắng có lý do", "excused"),
            count["absent"].get<int>(), to.say("vắng", "absent"), it["headcount_by"].get<std::string>());
  }
  for (const auto& one : it["recent"])
    to.line("  {} {} {} {}", formatLocalTime(one["at_us"].get<Micros>(), zoneOf(state)),
            one["by"].get<std::string>(),
            one.contains("delegate_id") ? one["delegate_id"].get<std::string>()
                                        : std::string(to.say("số người", "headcount")),
            one["id"].get<std::string>());
  const auto& names = it["by_name"];
  to.line("{}: {}/{}", to.say("Điểm danh theo tên", "Checked in by name"),
          names.value("present", 0) + names.value("online", 0), names.value("expected", 0));
}

}  // namespace

std::string describeAccess(const std::string& json, bool english) {
  const auto access = Json::parse(json, nullptr, false);
  Writer to(english);
  if (!access.is_object() || !access.value("open", false)) {
    to.line("{}",
            to.say("Bàn điểm cầu chỉ mở trên máy này. Muốn cho thiết bị khác vào, đặt [desk] listen = "
                   "\"0.0.0.0:7690\" "
                   "trong agent.toml rồi chạy lại dịch vụ.",
                   "The desk is open on this computer only. To let other devices in, set [desk] listen = "
                   "\"0.0.0.0:7690\" in agent.toml and restart the service."));
    return to.out;
  }
  if (access.value("void", false))
    to.line("{}", to.say("Mã PIN bị khoá vì bị thử sai quá nhiều: tạo mã mới bằng --new.",
                         "The PIN is void, it was guessed at too often: make a new one with --new."));
  else
    to.line("PIN: {}", access.value("pin", ""));
  to.line("{} {}", to.say("còn dùng được", "good for"),
          formatSpan(access.value("left_s", Micros{0}) * kSecond));
  to.line("{}: {}", to.say("Thiết bị đang dùng", "Devices that are in"), access.value("devices", 0));
  for (const auto& url : access["urls"]) to.line("{}", url.get<std::string>());
  if (access.contains("qr")) to.out += qrText(access["qr"].get<std::vector<std::string>>());
  return to.out;
}

std::string describeState(const std::string& json, bool english) {
  const auto state = Json::parse(json, nullptr, false);
  Writer to(english);
  if (!state.is_object())
    return std::string(to.say("Câu trả lời không đọc được.\n", "The answer cannot be read.\n"));
  const auto& site = state["site"];
  to.line("{}{}{}", site["id"].get<std::string>(), site["name"].get<std::string>().empty() ? "" : " - ",
          site["name"].get<std::string>());
  if (state["link"]["connected"].get<bool>()) {
    to.line("{}", to.say("Đã kết nối trung tâm.", "Connected to the centre."));
  } else {
    to.line("{}: {}", to.say("CHƯA KẾT NỐI TRUNG TÂM", "NOT CONNECTED TO THE CENTRE"),
            to.both(state["link"]["problem"]));
  }
  session(to, state);
  readiness(to, state);
  feeds(to, state);
  if (state["test"].value("on", false))
    to.line("{}", to.say("Đang chiếu hình thử trên màn hình.", "The test picture is on the screen."));
  helpCalls(to, state);
  attendance(to, state);
  if (const auto unsent = state["unsent"].get<int>(); unsent != 0)
    to.line("{}: {}", to.say("Chưa gửi về trung tâm (đã lưu)", "Not yet at the centre (saved here)"), unsent);
  std::size_t unread = 0;
  for (const auto& text : state["texts"]) unread += !text["received"].get<bool>();
  if (unread != 0) to.line("{}: {}", to.say("Tin nhắn chưa đọc", "Unread messages"), unread);
  return to.out;
}

std::string describeMessages(const std::string& json, bool english) {
  const auto state = Json::parse(json, nullptr, false);
  Writer to(english);
  if (!state.is_object() || state["texts"].empty())
    return std::string(to.say("Chưa có tin nhắn từ trung tâm.\n", "No messages from the centre yet.\n"));
  const auto zone = zoneOf(state);
  for (const auto& text : state["texts"])
    to.line("{} {} {} ({})\n  {}", text["received"].get<bool>() ? " " : "*",
            formatLocal(text["at_us"].get<Micros>(), zone), text["by"].get<std::string>(),
            text["id"].get<std::string>(), text["text"].get<std::string>());
  return to.out;
}

}  // namespace diemcau::agent
