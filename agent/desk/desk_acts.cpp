// See desk_acts.hpp.
#include "agent/desk/desk_acts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/desk/desk_state.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace diemcau::agent {
namespace {

constexpr std::uint32_t kMostPeople = 100'000;

Done clean(std::string& field, std::size_t most, std::string_view what, std::string_view what_vi) {
  auto cleaned = cleanText(field, most, what);
  if (!cleaned)
    return fail(cleaned.error().code, cleaned.error().text,
                cleaned.error().vi.empty() ? fmt::format("{} không hợp lệ hoặc quá dài", what_vi)
                                           : cleaned.error().vi);
  field = *cleaned;
  return {};
}

// Which session and sitting it is about: as given, else the present ones.
Done place(Act act, v1::Record& record, const Follower& follower) {
  const v1::Plan* plan = follower.plan();
  if (!record.session_id().empty()) {
    const auto& plans = follower.plans();
    const auto found = std::find_if(plans.begin(), plans.end(), [&](const v1::Plan& each) {
      return each.session_id() == record.session_id();
    });
    if (found == plans.end())
      return fail(ErrorCode::kNotFound, fmt::format("this site has no session \"{}\"", record.session_id()),
                  fmt::format("Điểm cầu không có phiên \"{}\"", record.session_id()));
    plan = &*found;
  }
  if (plan == nullptr) {
    if (act == Act::kHelp) return {};
    return fail(ErrorCode::kConflict, "there is no session at this site now",
                "Hiện không có phiên hội nghị nào ở điểm cầu này");
  }
  record.set_session_id(plan->session_id());
  if (act != Act::kHeadcount && act != Act::kCheckIn) {
    record.clear_sitting_id();
    return {};
  }
  if (record.sitting_id().empty()) record.set_sitting_id(currentSitting(*plan));
  const auto& sittings = plan->sittings();
  if (std::none_of(sittings.begin(), sittings.end(),
                   [&](const v1::Sitting& sitting) { return sitting.id() == record.sitting_id(); }))
    return fail(ErrorCode::kNotFound, fmt::format("this session has no sitting \"{}\"", record.sitting_id()),
                fmt::format("Phiên này không có buổi \"{}\"", record.sitting_id()));
  return {};
}

Done checkHeadcount(v1::Headcount& count) {
  for (const auto number : {count.present(), count.online(), count.excused(), count.absent()})
    if (number > kMostPeople)
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} people are more than a hall holds (most: {})", number, kMostPeople),
                  fmt::format("Số người {} quá lớn (tối đa {})", number, kMostPeople));
  return clean(*count.mutable_note(), 500, "note", "Ghi chú");
}

Done checkCheckIn(v1::CheckIn& check_in, const Follower& follower) {
  const auto& delegates = follower.assignment().roster().delegates();
  if (std::none_of(delegates.begin(), delegates.end(),
                   [&](const v1::Delegate& delegate) { return delegate.id() == check_in.delegate_id(); }))
    return fail(ErrorCode::kNotFound,
                fmt::format("no delegate \"{}\" on this site's list", check_in.delegate_id()),
                fmt::format("Danh sách của điểm cầu không có đại biểu \"{}\"", check_in.delegate_id()));
  if (!v1::Presence::State_IsValid(check_in.state()))
    return fail(ErrorCode::kInvalid, "state must be present, online, excused, absent or not_marked",
                "Trạng thái điểm danh không hợp lệ");
  return clean(*check_in.mutable_reason(), 500, "reason", "Lý do");
}

Done check(Act act, v1::Record& record, const Follower& follower) {
  struct Row {
    Act act;
    v1::Record::BodyCase body;
    const char* name;
  };
  for (const auto& row :
       {Row{Act::kConfirm, v1::Record::kSignOff, "sign_off"},
        Row{Act::kHeadcount, v1::Record::kHeadcount, "headcount"},
        Row{Act::kCheckIn, v1::Record::kCheckIn, "check_in"}, Row{Act::kHelp, v1::Record::kHelp, "help"}})
    if (row.act == act && record.body_case() != row.body)
      return fail(ErrorCode::kInvalid, fmt::format("\"{}\" is missing", row.name),
                  fmt::format("Thiếu \"{}\"", row.name));
  switch (act) {
    case Act::kConfirm:
      return clean(*record.mutable_sign_off()->mutable_note(), 500, "note", "Ghi chú");
    case Act::kHeadcount:
      return checkHeadcount(*record.mutable_headcount());
    case Act::kCheckIn:
      return checkCheckIn(*record.mutable_check_in(), follower);
    case Act::kHelp:
    case Act::kUndo:
      break;
  }
  if (!v1::HelpRequest::Topic_IsValid(record.help().topic()))
    return fail(ErrorCode::kInvalid, "topic must be no_picture, no_sound, no_connection or other",
                "Chủ đề không hợp lệ");
  return clean(*record.mutable_help()->mutable_text(), 500, "text", "Nội dung");
}

// 32 hex digits, as the coordinator takes them.
bool recordId(std::string_view id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Done identify(v1::Record& record) {
  if (record.number() != 0 || record.held())
    return fail(ErrorCode::kInvalid, "number and held are given by this program",
                "Không được tự đặt số bản ghi");
  if (!record.id().empty() && !recordId(record.id()))
    return fail(ErrorCode::kInvalid, "id is not 32 hex digits", "Mã bản ghi không hợp lệ");
  if (!record.corrects_id().empty() && !recordId(record.corrects_id()))
    return fail(ErrorCode::kInvalid, "corrects_id is not the id of a record",
                "Mã bản ghi cần sửa không hợp lệ");
  return {};
}

void setMoment(v1::Record& record, const Now& now) {
  const Micros said = record.at_us();
  const bool held = said > 0 && said < now.coordinator - kJustNow;
  record.set_at_us(held ? std::max(said, now.coordinator - kOldestHeld) : now.coordinator);
  record.set_held(held);
}

// The correction that puts back what counted before.
Result<v1::Record> undo(const v1::Record& asked, const Book& book) {
  const auto change = book.change(asked.corrects_id());
  if (!change) {
    if (book.knows(asked.corrects_id()))
      return fail(ErrorCode::kConflict, "this was changed again since: it cannot be undone any more",
                  "Mục này đã được sửa tiếp sau đó nên không hoàn tác được nữa");
    return fail(ErrorCode::kNotFound, "there is no such entry to undo", "Không có mục này để hoàn tác");
  }
  if (change->now->has_headcount() && change->before == nullptr)
    return fail(ErrorCode::kConflict, "there is no headcount before this one: send the right one instead",
                "Chưa có lần báo nào trước đó: hãy gửi lại số đúng");
  v1::Record record = asked;
  record.set_session_id(change->now->session_id());
  record.set_sitting_id(change->now->sitting_id());
  if (change->now->has_headcount()) {
    *record.mutable_headcount() = change->before->headcount();
  } else if (change->before != nullptr) {
    *record.mutable_check_in() = change->before->check_in();
  } else {
    record.mutable_check_in()->set_delegate_id(change->now->check_in().delegate_id());
  }
  return record;
}

}  // namespace

Result<Act> actNamed(std::string_view name) {
  if (name == "confirm") return Act::kConfirm;
  if (name == "headcount") return Act::kHeadcount;
  if (name == "checkin") return Act::kCheckIn;
  if (name == "help") return Act::kHelp;
  if (name == "undo") return Act::kUndo;
  return fail(ErrorCode::kNotFound, fmt::format("nothing is called \"{}\" here", name),
              "Không có chức năng này");
}

Result<v1::Record> readAct(Act act, std::string_view body, const Follower& follower, const Book& book,
                           const Now& now) {
  v1::Record record;
  if (auto ok = fromJson(body, record, 16 * 1024); !ok) return tl::unexpected(ok.error());
  if (auto ok = identify(record); !ok) return tl::unexpected(ok.error());
  if (auto ok = clean(*record.mutable_by(), 100, "by", "Tên người nhập"); !ok)
    return tl::unexpected(ok.error());
  if (record.by().empty() && act != Act::kHelp)
    return fail(ErrorCode::kInvalid, "your name (\"by\") is missing", "Hãy nhập tên của bạn");
  if (act == Act::kUndo) {
    auto correction = undo(record, book);
    if (correction) setMoment(*correction, now);
    return correction;
  }
  if (auto ok = check(act, record, follower); !ok) return tl::unexpected(ok.error());
  if (auto ok = place(act, record, follower); !ok) return tl::unexpected(ok.error());
  setMoment(record, now);
  return record;
}

}  // namespace diemcau::agent
