// Where requests and answers pass.
#include "coordinator/api/desk.hpp"

#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

constexpr std::size_t kMaxBody = 1024 * 1024;
// Above this, writing the JSON takes longer than one round of the loop should.
constexpr std::size_t kLargeMessage = 16 * 1024;

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percentDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// What the audit log calls it, and what it is done to.
static std::pair<std::string, std::string> actOf(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kImportRoster:
      return {"roster.import", ""};
    case v1::Command::kCreateSession:
      return {"session.create", command.create_session().id()};
    case v1::Command::kUpdateSession:
      return {"session.update", command.update_session().session().id()};
    case v1::Command::kAct:
      return {"session." + v1::SessionAct::Kind_Name(command.act().kind()), command.act().session_id()};
    case v1::Command::kWaive:
      return {"session.waive", command.waive().session_id()};
    case v1::Command::kSendText:
      return {"text.send", command.send_text().session_id()};
    case v1::Command::kAckAlarm:
      return {"alarm.ack", command.ack_alarm().alarm_id()};
    case v1::Command::kShelveAlarm:
      return {"alarm.shelve", command.shelve_alarm().alarm_id()};
    case v1::Command::kUnshelveAlarm:
      return {"alarm.unshelve", command.unshelve_alarm().alarm_id()};
    case v1::Command::kCopySession:
      return {"session.copy", command.copy_session().from_id()};
    case v1::Command::kSaveTemplate:
      return {"template.save", command.save_template().id()};
    case v1::Command::kDeleteTemplate:
      return {"template.delete", command.delete_template().id()};
    case v1::Command::kRemind:
      return {"attendance.remind", command.remind().session_id()};
    case v1::Command::kCheckAgain:
      return {"site.check",
              command.check_again().site_ids_size() == 1 ? command.check_again().site_ids(0) : ""};
    case v1::Command::kPinFeed:
      return {"site.pin", command.pin_feed().site_ids_size() == 1 ? command.pin_feed().site_ids(0) : ""};
    case v1::Command::kAttendance:
      return {"attendance.enter", command.attendance().site_id()};
    default:
      return {"command", ""};
  }
}

AnswerDesk::AnswerDesk(Ports& ports, const ApiSettings& settings, Worker& worker, Gate& gate)
    : ports_(ports), settings_(settings), worker_(worker), gate_(gate) {}

net::Respond AnswerDesk::watched(net::Respond respond, Micros patience) {
  ++counters_.requests;
  auto pending = std::make_shared<Pending>(Pending{std::move(respond), ports_.clock.steady() + patience});
  pending_.push_back(pending);
  return [this, pending](net::HttpResponse response) {
    if (!pending->respond) return;
    if (response.status >= 400) ++counters_.problems;
    std::exchange(pending->respond, nullptr)(std::move(response));
  };
}

void AnswerDesk::expire() {
  const Micros now = ports_.clock.steady();
  std::list<std::shared_ptr<Pending>> overdue;
  for (auto it = pending_.begin(); it != pending_.end();) {
    const auto here = it++;
    if (!(*here)->respond) {
      pending_.erase(here);
    } else if ((*here)->deadline <= now) {
      overdue.splice(overdue.end(), pending_, here);
    }
  }
  for (const auto& pending : overdue) {
    ++counters_.unanswered;
    auto respond = std::exchange(pending->respond, nullptr);
    respond(problem(Error{
        ErrorCode::kUnavailable,
        "the store did not confirm this in time; it may still be carried out: look before you repeat it",
        "Kho dữ liệu chưa xác nhận kịp; việc này vẫn có thể được thực hiện: hãy xem lại trước khi làm lại"}));
  }
}

void AnswerDesk::settled(std::function<void()> then) {
  if (!ports_.store_healthy()) return then();
  ports_.submit({}, std::move(then));
}

net::HttpResponse AnswerDesk::refused(const Error& error) {
  return problem(error);
}

void AnswerDesk::answer(net::Respond respond, net::HttpResponse response) {
  settled([respond = std::move(respond), response = std::move(response)] { respond(response); });
}

void AnswerDesk::answer(net::Respond respond, std::shared_ptr<const google::protobuf::Message> message,
                        net::HttpResponse head) {
  head.headers.emplace_back("Cache-Control", "no-store");
  if (message->ByteSizeLong() <= kLargeMessage) {
    head.body = toJson(*message);
    return answer(std::move(respond), std::move(head));
  }
  const bool taken = worker_.run([this, respond, message = std::move(message), head]() mutable {
    head.body = toJson(*message);
    return [this, respond = std::move(respond), head = std::move(head)] { answer(respond, head); };
  });
  if (!taken) {
    answer(std::move(respond),
           refused(Error{ErrorCode::kUnavailable, "too many large answers are being made; try again",
                         "Đang có quá nhiều câu trả lời lớn; hãy thử lại"}));
  }
}

bool AnswerDesk::body(Call& call, google::protobuf::Message& message, bool optional) {
  if (call.request.body.empty() && optional) return true;
  if (call.request.body.size() > kMaxBody) {
    answer(std::move(call.respond),
           refused(Error{ErrorCode::kTooBig, "the body is larger than 1 MiB", "Nội dung lớn hơn 1 MiB"}));
    return false;
  }
  if (auto ok = fromJson(call.request.body, message, kMaxBody); !ok) {
    answer(std::move(call.respond), refused(ok.error()));
    return false;
  }
  return true;
}

Result<std::string> AnswerDesk::actor(const net::HttpRequest& request) {
  auto found = request.headers.find("x-diemcau-actor");
  if (found == request.headers.end() || found->second.empty()) return std::string("operator");
  auto name = cleanText(percentDecode(found->second), 100, "X-Diemcau-Actor");
  if (name && name->empty()) return std::string("operator");
  return name;
}

Done AnswerDesk::mayReach(const Call& call, const v1::Command& command) const {
  if (call.scope.isEverywhere()) return {};
  const auto sites = ports_.core.reach(command, ports_.clock.wall());
  if (!sites) return tl::unexpected(sites.error());
  // A new draft without sites concerns nobody yet; anything else without sites concerns everybody.
  if (sites->empty() && command.has_create_session()) return {};
  if (call.scope.all(*sites, ports_.core.roster())) return {};
  return fail(ErrorCode::kDenied, "this concerns sites outside the areas that your role holds in",
              "việc này liên quan đến điểm cầu ngoài địa bàn thuộc vai trò của bạn");
}

void AnswerDesk::command(Call call, v1::Command command, Shape shape) {
  ++counters_.commands;
  const auto refuse = [&](const Error& error) {
    ++counters_.commands_failed;
    const auto [act, subject] = actOf(command);
    const bool denied = error.code == ErrorCode::kDenied;
    gate_.auditAlone(call.who, act, subject, denied ? v1::AuditEntry::refused : v1::AuditEntry::failed,
                     error.text);
    answer(std::move(call.respond), refused(error));
  };
  if (!ports_.store_healthy()) {
    ++counters_.commands_failed;
    return call.respond(refused(
        Error{ErrorCode::kUnavailable,
              "the store cannot write now (see /readyz and the log), so nothing can be changed; try again",
              "Kho dữ liệu chưa ghi được (xem /readyz và nhật ký) nên chưa thể thay đổi gì; hãy thử lại"}));
  }
  if (auto ok = mayReach(call, command); !ok) return refuse(ok.error());
  command.set_actor(call.who.shown);
  core::Effects effects;
  auto reply = ports_.core.command(command, ports_.clock.wall(), effects);
  if (!reply) return refuse(reply.error());
  auto [act, subject] = actOf(command);
  if (command.has_create_session()) subject = reply->session().id();
  const bool nothing = command.has_import_roster() && !reply->import_report().applied();
  if (!command.import_roster().dry_run())
    gate_.audit(call.who, act, subject, nothing ? v1::AuditEntry::failed : v1::AuditEntry::done,
                nothing ? "problems in the files" : "", effects.store);
  // Written while the store commits, so that an order to many sites does not wait for its reply.
  struct Reply {
    v1::CommandReply said;
    Shape shape;
    net::HttpResponse response;
    bool written = false;
    void write() {
      if (std::exchange(written, true)) return;
      if (shape) response = shape(said);
      if (response.body.empty()) response.body = toJson(said);
      response.headers.emplace_back("Cache-Control", "no-store");
    }
  };
  auto made = std::make_shared<Reply>(Reply{std::move(*reply), std::move(shape), {}});
  ports_.submit(std::move(effects), [respond = std::move(call.respond), made] {
    made->write();
    respond(std::move(made->response));
  });
  ports_.loop.post([made] { made->write(); });
}

}  // namespace diemcau::api
