// Routes of the desk. See desk.hpp.
#include "agent/desk/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/desk/desk_acts.hpp"
#include "agent/desk/desk_answers.hpp"
#include "agent/desk/desk_gate.hpp"
#include "agent/desk/page.hpp"
#include "agent/desk/qr.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "net/server.hpp"

namespace diemcau::agent {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view kApi = "/api/desk";
// A browser opens six, and behind a router of the hall all telephones have one address.
constexpr std::size_t kMostConnections = 256, kMostFromOne = 64;

std::string valueOf(const std::map<std::string, std::string>& all, const char* name) {
  const auto found = all.find(name);
  return found == all.end() ? std::string() : found->second;
}

// A field of the body, whatever else it holds.
std::string fieldOf(const std::string& body, const char* name) {
  const auto parsed = Json::parse(body, nullptr, false);
  if (!parsed.is_object()) return {};
  const auto found = parsed.find(name);
  return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class DeskServer final : public Desk {
 public:
  DeskServer(DeskOptions options, DeskPorts ports)
      : options_(std::move(options)),
        ports_(std::move(ports)),
        gate_({.below = [](std::uint32_t limit) { return randomBelow(limit); },
               .hex = [](std::size_t bytes) { return randomHex(bytes); }}) {}

  Done listen(Loop& loop) {
    auto server = serveAt(loop, options_.listen);
    if (!server) return tl::unexpected(server.error());
    server_ = std::move(*server);
    if (options_.listen.loopback() || options_.listen.host == "0.0.0.0") return {};
    auto own = serveAt(loop, {.host = "127.0.0.1", .port = server_->port()});
    if (!own) return tl::unexpected(own.error());
    own_ = std::move(*own);
    return {};
  }

  std::uint16_t port() const override { return server_->port(); }

 private:
  Result<std::unique_ptr<net::Server>> serveAt(Loop& loop, const ListenAddress& address) {
    net::ServerOptions options;
    options.listen = address;
    options.limits.max_body = 64 * 1024;
    options.limits.max_connections = kMostConnections;
    options.limits.max_per_address = kMostFromOne;
    if (!address.loopback()) {
      options.own_address = true;
      options.hosts = options_.hosts;
      if (!options_.hosts.empty())
        for (const char* local : {"localhost", "127.0.0.1", "[::1]"}) options.hosts.emplace_back(local);
    }
    options.http = [this](const net::HttpRequest& request, const net::Respond& respond) {
      respond(secured(answer(request)));
    };
    return net::serve(loop, std::move(options));
  }

  bool here(const net::HttpRequest& request) const {
    return request.loopback && (!options_.stranger || !options_.stranger());
  }
  Micros steady() const { return ports_.view().now.steady; }

  net::HttpResponse answer(const net::HttpRequest& request) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const std::string_view path = request.path;
    if (path == kApi || path.starts_with("/api/")) return api(path, reads, request);
    if (const auto* asset = net::findAsset(pageAssets(), path))
      return reads ? net::serveAsset(*asset, request) : wrongMethod("GET");
    return nothing();
  }

  static net::HttpResponse nothing() {
    return problem({ErrorCode::kNotFound, "there is no such page", "Không có trang này"});
  }

  net::HttpResponse api(std::string_view path, bool reads, const net::HttpRequest& request) {
    const auto name = path.starts_with("/api/desk/") ? path.substr(kApi.size() + 1) : std::string_view();
    // A form of a foreign page cannot send this type without asking first, and then the Origin check refuses
    // it.
    if (!reads && !valueOf(request.headers, "content-type").starts_with("application/json"))
      return problem(415, {ErrorCode::kInvalid, "send application/json", {}});
    if (name == "enter") return reads ? wrongMethod("POST") : enter(request);
    if (!here(request) && !gate_.admits(valueOf(request.headers, "cookie"), steady()))
      return problem({ErrorCode::kNotSignedIn, "this device has to enter the PIN first",
                      "Thiết bị này cần nhập mã PIN trước"});
    if (path == kApi) {
      if (!reads) return wrongMethod("GET");
      return json(deskState(ports_.view(), {.have = valueOf(request.query, "have"),
                                            .sitting = valueOf(request.query, "sitting"),
                                            .here = here(request)}));
    }
    if (name.empty()) return nothing();
    if (name == "access") return access(request, reads);
    return reads ? wrongMethod("POST") : act(name, request);
  }

  net::HttpResponse enter(const net::HttpRequest& request) {
    auto secret = fieldOf(request.body, "pin");
    if (secret.empty()) secret = fieldOf(request.body, "key");
    const auto token = gate_.enter(request.peer, secret, steady());
    if (!token) {
      logger("desk")->warn("peer={} {}", request.peer, token.error().text);
      return problem(token.error());
    }
    logger("desk")->info("peer={} entered", request.peer);
    auto response = json("{}");
    response.headers.emplace_back("set-cookie", DeskGate::cookie(*token));
    return response;
  }

  net::HttpResponse leave(const net::HttpRequest& request) {
    gate_.leave(valueOf(request.headers, "cookie"));
    auto response = json("{}");
    response.headers.emplace_back("set-cookie", DeskGate::cookie(""));
    return response;
  }

  // The PIN is for the hall's own screen alone: a device that is in must not hand it on.
  net::HttpResponse access(const net::HttpRequest& request, bool reads) {
    if (!here(request))
      return problem(
          {ErrorCode::kDenied, "only on the hall's own computer", "Chỉ xem được trên máy của hội trường"});
    const auto now = steady();
    if (!reads) {
      gate_.renew(now);
      logger("desk")->info("a new PIN was made; other devices have to enter it");
    }
    if (options_.listen.loopback()) return json(R"({"open":false})");
    const auto known = gate_.access(now);
    Json urls = Json::array();
    for (const auto& address : reachable()) urls.push_back(urlOf(address));
    Json body{{"open", true},
              {"pin", known.pin},
              {"void", known.void_},
              {"left_s", (known.until - now) / kSecond},
              {"devices", known.devices},
              {"urls", urls}};
    if (!urls.empty())
      if (const auto rows = qrRows(urls[0].get<std::string>() + "#k=" + known.key)) body["qr"] = *rows;
    return json(body.dump());
  }

  std::vector<std::string> reachable() const {
    auto all = options_.hosts;
    const auto& host = options_.listen.host;
    const bool every = host == "0.0.0.0" || host == "[::]" || host == "::";
    const auto more = every ? ports_.addresses() : std::vector<std::string>{host};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::string urlOf(const std::string& host) const {
    const bool bare = host.find(':') != std::string::npos && !host.starts_with('[');
    return fmt::format("http://{}:{}/", bare ? "[" + host + "]" : host, port());
  }

  net::HttpResponse act(std::string_view name, const net::HttpRequest& request) {
    if (name == "leave") return leave(request);
    if (name == "received") return received(request.body);
    if (name == "test") return test(request.body);
    if (name == "code") return code(request.body);
    if (name == "codes") return codes(request.body);
    const auto act = actNamed(name);
    if (!act) return problem(act.error());
    const auto view = ports_.view();
    // A device did not hear our answer and asks again.
    if (const auto id = fieldOf(request.body, "id"); !id.empty() && view.book->knows(id))
      return json(Json{{"id", id}, {"again", true}}.dump());
    auto record = readAct(*act, request.body, *view.follower, *view.book, view.now);
    if (!record) return problem(record.error());
    if (record->id().empty()) record->set_id(randomHex(16));
    if (auto ok = ports_.append(*record); !ok) return problem(ok.error());
    return json(Json{{"id", record->id()}}.dump());
  }

  net::HttpResponse received(const std::string& body) {
    v1::OperatorText text;
    if (auto ok = fromJson(body, text, 4096); !ok) return problem(ok.error());
    if (auto ok = ports_.received(text.id()); !ok) return problem(ok.error());
    return json(Json{{"id", text.id()}}.dump());
  }

  net::HttpResponse test(const std::string& body) {
    const auto asked = Json::parse(body, nullptr, false);
    if (!asked.is_object() || !asked.contains("on") || !asked["on"].is_boolean())
      return problem({ErrorCode::kInvalid, "send {\"on\": true} or {\"on\": false}", "Yêu cầu không hợp lệ"});
    if (auto ok = ports_.test(asked["on"].get<bool>()); !ok) return problem(ok.error());
    return json("{}");
  }

  // Whose code it is; a sentence says what is wrong with one that is not for this site or this sitting.
  net::HttpResponse code(const std::string& body) {
    const auto view = ports_.view();
    const auto* plan = view.follower->plan();
    if (plan == nullptr || view.codes == nullptr)
      return problem({ErrorCode::kConflict, "there is no session at this site now",
                      "Hiện không có phiên hội nghị nào ở điểm cầu này"});
    const auto& roster = view.follower->assignment().roster();
    const auto found = view.codes->find(fieldOf(body, "code"), *plan, roster);
    if (!found)
      return problem({ErrorCode::kNotFound,
                      "this code is not for this site and session: look for the name instead",
                      "Mã này không phải của điểm cầu và phiên này: hãy tìm theo tên"});
    auto sitting = fieldOf(body, "sitting_id");
    if (sitting.empty()) sitting = currentSitting(*plan);
    if (found->sitting_id != sitting)
      return problem({ErrorCode::kConflict,
                      fmt::format("this code is for the sitting \"{}\", not for this one", found->sitting_id),
                      fmt::format("Mã này dành cho buổi \"{}\", không phải buổi này", found->sitting_id)});
    return json(Json{{"delegate_id", found->delegate_id}, {"sitting_id", found->sitting_id}}.dump());
  }

  // For printing: the codes of some delegates, each as rows of a QR.
  net::HttpResponse codes(const std::string& body) {
    constexpr int kMost = 200;
    const auto view = ports_.view();
    const auto* plan = view.follower->plan();
    const auto asked = Json::parse(body, nullptr, false);
    if (plan == nullptr || view.codes == nullptr || !asked.is_object())
      return problem({ErrorCode::kConflict, "there is no session at this site now",
                      "Hiện không có phiên hội nghị nào ở điểm cầu này"});
    const auto sitting =
        fieldOf(body, "sitting_id").empty() ? currentSitting(*plan) : fieldOf(body, "sitting_id");
    const auto start = asked.find("from");
    const auto from = start != asked.end() && start->is_number_unsigned() ? start->get<std::uint64_t>() : 0;
    Json list = Json::array();
    const auto& all = view.follower->assignment().roster().delegates();
    const auto first =
        static_cast<int>(std::min<std::uint64_t>(from, static_cast<std::uint64_t>(all.size())));
    for (int i = first; i < all.size() && static_cast<int>(list.size()) < kMost; ++i) {
      const auto number = view.codes->code(plan->session_id(), sitting, all[i].id());
      const auto rows = qrRows(number);
      if (rows) list.push_back({{"delegate_id", all[i].id()}, {"code", number}, {"qr", *rows}});
    }
    return json(Json{{"sitting_id", sitting}, {"codes", list}}.dump());
  }

  DeskOptions options_;
  DeskPorts ports_;
  DeskGate gate_;
  std::unique_ptr<net::Server> server_, own_;
};

}  // namespace

Result<std::unique_ptr<Desk>> openDesk(Loop& loop, const DeskOptions& options, DeskPorts ports) {
  auto desk = std::make_unique<DeskServer>(options, std::move(ports));
  if (auto ok = desk->listen(loop); !ok) return tl::unexpected(ok.error());
  return desk;
}

}  // namespace diemcau::agent
