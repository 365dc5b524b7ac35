// Routes of the desk. See desk.hpp.
#include "agent/desk/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/desk/desk_acts.hpp"
#include "agent/desk/page.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "net/server.hpp"

namespace diemcau::agent {
namespace {

using Json = nlohmann::ordered_json;

int statusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return 400;
    case ErrorCode::kNotSignedIn:
      return 401;
    case ErrorCode::kDenied:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kTooBig:
      return 413;
    case ErrorCode::kTooMany:
      return 429;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

net::HttpResponse secured(net::HttpResponse response) {
  response.headers.emplace_back(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
      "img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("x-content-type-options", "nosniff");
  response.headers.emplace_back("referrer-policy", "no-referrer");
  const bool kept = std::any_of(response.headers.begin(), response.headers.end(),
                                [](const auto& header) { return header.first == "Cache-Control"; });
  if (!kept) response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

net::HttpResponse problem(int status, const Error& error) {
  const Json body = {{"title", errorWord(error.code)},
                     {"status", status},
                     {"detail", error.text},
                     {"detail_vi", error.vi.empty() ? error.text : error.vi}};
  return {.status = status,
          .content_type = "application/problem+json",
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace),
          .headers = {}};
}

net::HttpResponse problem(const Error& error) {
  return problem(statusOf(error.code), error);
}

class DeskServer final : public Desk {
 public:
  explicit DeskServer(DeskPorts ports) : ports_(std::move(ports)) {}

  Done listen(Loop& loop, const ListenAddress& address) {
    net::ServerOptions options;
    options.listen = address;
    options.limits.max_body = 64 * 1024;
    options.limits.max_connections = 64;
    options.http = [this](const net::HttpRequest& request, const net::Respond& respond) {
      respond(secured(answer(request)));
    };
    auto server = net::serve(loop, std::move(options));
    if (!server) return tl::unexpected(server.error());
    server_ = std::move(*server);
    return {};
  }

  std::uint16_t port() const override { return server_->port(); }

 private:
  net::HttpResponse answer(const net::HttpRequest& request) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (request.path == "/api/desk") {
      if (!reads) return wrongMethod("GET");
      const auto have = request.query.find("have");
      return {.status = 200,
              .content_type = "application/json",
              .body = deskState(ports_.view(), have == request.query.end() ? "" : have->second),
              .headers = {}};
    }
    constexpr std::string_view kActs = "/api/desk/";
    if (request.path.starts_with(kActs)) {
      if (request.method != "POST") return wrongMethod("POST");
      return act(std::string_view(request.path).substr(kActs.size()), request);
    }
    if (const auto* asset = net::findAsset(pageAssets(), request.path))
      return reads ? net::serveAsset(*asset, request) : wrongMethod("GET");
    return problem({ErrorCode::kNotFound, "there is no such page", "Không có trang này"});
  }

  static net::HttpResponse wrongMethod(std::string_view allowed) {
    auto response = problem(405, {ErrorCode::kInvalid, fmt::format("only {} is allowed here", allowed), {}});
    response.headers.emplace_back("allow", std::string(allowed));
    return response;
  }

  net::HttpResponse act(std::string_view name, const net::HttpRequest& request) {
    // A form of a foreign page cannot send this type without asking first, and then the Origin check refuses
    // it.
    const auto type = request.headers.find("content-type");
    if (type == request.headers.end() || !type->second.starts_with("application/json"))
      return problem(415, {ErrorCode::kInvalid, "send application/json", {}});
    if (name == "received") return received(request.body);
    const auto act = actNamed(name);
    if (!act) return problem(act.error());
    const auto view = ports_.view();
    auto record = readAct(*act, request.body, *view.follower, view.now);
    if (!record) return problem(record.error());
    record->set_id(randomHex(16));
    if (auto ok = ports_.append(*record); !ok) return problem(ok.error());
    return done(record->id());
  }

  net::HttpResponse received(const std::string& body) {
    v1::OperatorText text;
    if (auto ok = fromJson(body, text, 4096); !ok) return problem(ok.error());
    if (auto ok = ports_.received(text.id()); !ok) return problem(ok.error());
    return done(text.id());
  }

  static net::HttpResponse done(const std::string& id) {
    return {
        .status = 200, .content_type = "application/json", .body = Json{{"id", id}}.dump(), .headers = {}};
  }

  DeskPorts ports_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace

Result<std::unique_ptr<Desk>> openDesk(Loop& loop, const ListenAddress& listen, DeskPorts ports) {
  if (!listen.loopback())
    return fail(
        ErrorCode::kInvalid,
        fmt::format(
            "the desk may listen on loopback only, not on {}: nobody is asked for a password there yet. "
            "Use 127.0.0.1:{}",
            listen.host, listen.port),
        fmt::format("Bàn điểm cầu chỉ được mở trên chính máy này: dùng 127.0.0.1:{}", listen.port));
  auto desk = std::make_unique<DeskServer>(std::move(ports));
  if (auto ok = desk->listen(loop, listen); !ok) return tl::unexpected(ok.error());
  return desk;
}

}  // namespace diemcau::agent
