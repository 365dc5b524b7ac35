// See desk_client.hpp. How states look in a terminal is in desk_words.cpp.
#include "agent/app/desk_client.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json.hpp"
#include "net/client.hpp"

namespace diemcau::agent {
namespace {

using Json = nlohmann::ordered_json;
constexpr unsigned kTimeoutS = 10;

struct Answer {
  int code = exit_code::kOk;
  std::string body;
};

void complain(const DeskCommand& command, const std::string& vi, const std::string& en) {
  fmt::print(stderr, "diemcau-agent: {}\n", command.english || vi.empty() ? en : vi);
}

Answer ask(const DeskCommand& command, const std::string& method, const std::string& path,
           const std::string& body) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  const auto answer = net::httpRequest(method, command.url + path, body, headers, kTimeoutS);
  if (!answer) {
    complain(
        command,
        fmt::format("không có chương trình điểm cầu nào trả lời ở {}: {}", command.url, answer.error().text),
        fmt::format("no agent answers at {}: {}", command.url, answer.error().text));
    return {exit_code::kUnavailable, {}};
  }
  if (answer->status == 200) return {exit_code::kOk, answer->body};
  const auto problem = Json::parse(answer->body, nullptr, false);
  const bool told = problem.is_object() && problem.contains("detail");
  complain(command, told ? problem.value("detail_vi", "") : "",
           told ? problem.value("detail", "") : fmt::format("the desk answered {}", answer->status));
  return {answer->status >= 500 ? exit_code::kUnavailable : exit_code::kRefused, answer->body};
}

int show(const DeskCommand& command, const Answer& answer, const std::string& vi, const std::string& en) {
  if (command.json && !answer.body.empty()) fmt::print("{}\n", answer.body);
  if (!command.json && answer.code == exit_code::kOk) fmt::print("{}\n", command.english ? en : vi);
  return answer.code;
}

int act(const DeskCommand& command, const char* name, const v1::Record& record) {
  const auto answer = ask(command, "POST", fmt::format("/api/desk/{}", name), toJson(record));
  return show(command, answer, "Đã lưu.", "Saved.");
}

// The delegate whose code was scanned; nothing after a complaint.
std::string delegateOf(const DeskCommand& command, const std::string& code, int& exit) {
  const Json body{{"code", code}, {"sitting_id", command.record.sitting_id()}};
  const auto answer = ask(command, "POST", "/api/desk/code", body.dump());
  if (answer.code != exit_code::kOk) {
    exit = answer.code;
    return {};
  }
  return Json::parse(answer.body).value("delegate_id", "");
}

// One request for each, so that a wrong id keeps nobody else from being checked in.
int checkIn(const DeskCommand& command) {
  int code = exit_code::kOk;
  for (const auto& word : command.ids) {
    auto record = command.record;
    const auto id = command.by_code ? delegateOf(command, word, code) : word;
    if (id.empty()) continue;
    record.mutable_check_in()->set_delegate_id(id);
    const auto answer = ask(command, "POST", "/api/desk/checkin", toJson(record));
    show(command, answer, fmt::format("{}: đã lưu.", id), fmt::format("{}: saved.", id));
    if (answer.code != exit_code::kOk) code = answer.code;
    if (answer.code == exit_code::kUnavailable) return code;
  }
  return code;
}

int messages(const DeskCommand& command) {
  auto answer = ask(command, "GET", "/api/desk", {});
  if (answer.code != exit_code::kOk) return answer.code;
  auto ids = command.ids;
  if (command.all) {
    const auto state = Json::parse(answer.body);
    for (const auto& text : state["texts"])
      if (!text["received"].get<bool>()) ids.push_back(text["id"].get<std::string>());
  }
  for (const auto& id : ids) {
    const auto done = ask(command, "POST", "/api/desk/received", Json{{"id", id}}.dump());
    if (done.code != exit_code::kOk) return done.code;
  }
  if (!ids.empty()) answer = ask(command, "GET", "/api/desk", {});
  if (answer.code != exit_code::kOk) return answer.code;
  if (command.json) {
    fmt::print("{}\n", Json::parse(answer.body)["texts"].dump());
  } else {
    fmt::print("{}", describeMessages(answer.body, command.english));
  }
  return exit_code::kOk;
}

int test(const DeskCommand& command) {
  const auto answer = ask(command, "POST", "/api/desk/test", Json{{"on", command.on}}.dump());
  return command.on ? show(command, answer, "Đang chiếu hình thử và phát tiếng thử.",
                           "Test picture and tone are on.")
                    : show(command, answer, "Đã tắt hình thử.", "Test picture and tone are off.");
}

int pin(const DeskCommand& command) {
  const auto answer = command.renew ? ask(command, "POST", "/api/desk/access", "{}")
                                    : ask(command, "GET", "/api/desk/access", {});
  if (answer.code != exit_code::kOk) return answer.code;
  if (command.json) {
    fmt::print("{}\n", answer.body);
  } else {
    fmt::print("{}", describeAccess(answer.body, command.english));
  }
  return exit_code::kOk;
}

}  // namespace

int runDeskCommand(const DeskCommand& command) {
  switch (command.kind) {
    case DeskCommand::Kind::kConfirm:
      return act(command, "confirm", command.record);
    case DeskCommand::Kind::kHeadcount:
      return act(command, "headcount", command.record);
    case DeskCommand::Kind::kCheckIn:
      return checkIn(command);
    case DeskCommand::Kind::kHelp:
      return act(command, "help", command.record);
    case DeskCommand::Kind::kMessages:
      return messages(command);
    case DeskCommand::Kind::kUndo:
      return act(command, "undo", command.record);
    case DeskCommand::Kind::kTest:
      return test(command);
    case DeskCommand::Kind::kPin:
      return pin(command);
    case DeskCommand::Kind::kStatus:
      break;
  }
  const auto answer = ask(command, "GET", "/api/desk", {});
  if (answer.code != exit_code::kOk) return answer.code;
  if (command.json) {
    fmt::print("{}\n", answer.body);
  } else {
    fmt::print("{}", describeState(answer.body, command.english));
  }
  return exit_code::kOk;
}

}  // namespace diemcau::agent
