// Requests of any kind to the API, with the core behind it. The input is requests between lines of "---":
//   METHOD /path?name=value
//   header: value
//
//   body
// As the server hands them over: a decoded path without control characters, methods that it serves. "WAIT 7"
// lets seven seconds pass. Each request is answered once, never with 500, with JSON that is JSON; and what
// was answered outlives a restart.
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "coordinator/api/api.hpp"
#include "tests/fuzz/centre.hpp"

using namespace diemcau;

namespace {

bool plain(std::string_view text) {
  return validUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

// False: the server would have refused it, or it is none.
bool readRequest(std::string_view text, net::HttpRequest& request) {
  auto line = fuzz::take(text, "\n");
  request.method = fuzz::take(line, " ");
  request.path = fuzz::take(line, "?");
  while (!line.empty() && request.query.size() < 32) {
    auto pair = fuzz::take(line, "&");
    const std::string name(fuzz::take(pair, "="));
    if (!plain(name) || !plain(pair)) return false;
    request.query.emplace(name, pair);
  }
  for (auto header = fuzz::take(text, "\n"); !header.empty(); header = fuzz::take(text, "\n")) {
    const std::string name(fuzz::take(header, ": "));
    request.headers.emplace(name, header);
  }
  request.body = text;
  request.peer = "127.0.0.1";
  const bool served = request.method == "GET" || request.method == "HEAD" || request.method == "POST" ||
                      request.method == "PUT" || request.method == "DELETE";
  return served && request.path.starts_with('/') && plain(request.path) && request.path.size() <= 1024;
}

void check(const net::HttpResponse& response) {
  MUST(response.status >= 200 && response.status < 600 && response.status != 500);
  if (response.content_type.find("json") != std::string::npos && !response.body.empty())
    MUST(nlohmann::json::accept(response.body));
  if (response.status < 400) return;
  const auto problem = nlohmann::json::parse(response.body);
  MUST(problem.at("status") == response.status && !problem.at("detail").get<std::string>().empty());
  MUST(!problem.at("detail_vi").get<std::string>().empty());
}

class World {
 public:
  void step(std::string_view piece) {
    if (piece.starts_with("WAIT ") && piece.size() > 5)
      return centre_.pass(static_cast<Micros>(piece[5] & 63) * kSecond);
    net::HttpRequest request;
    if (!readRequest(piece, request)) return;
    bool answered = false, running = false;
    api_.http(std::move(request), [&](const net::HttpResponse& response) {
      MUST(!answered);
      answered = true;
      check(response);
      if (running) loop_.stop();
    });
    if (answered) return;
    // Large and slow ones are answered by way of the worker's thread.
    const auto limit = loop_.after(20 * kSecond, [this] { loop_.stop(); });
    running = true;
    loop_.run();
    MUST(answered);
  }
  void finish() const { centre_.mustSurviveRestart(); }

 private:
  api::Ports ports() {
    return {loop_,
            centre_.clock,
            centre_.core,
            [this](const core::Effects& effects, const std::function<void()>& then) {
              centre_.submit(effects, then);
            },
            [] { return true; },
            [](api::MetricsText& out) { out.gauge("other_part", "Of another part.", 1); },
            [](const v1::SessionReport& report, const core::Roster&, bool) { return report.DebugString(); }};
  }

  fuzz::Centre centre_;
  Loop loop_;
  api::Api api_{ports()};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::quietLog();
  World world;
  for (const auto piece : fuzz::pieces(fuzz::asText(data, size), 16)) world.step(piece);
  world.finish();
  return 0;
}
