// See enrolment.hpp.
#include "coordinator/app/enrolment.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/log.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::app {
namespace {

constexpr std::size_t kMostRequest = 4096;

bool anyAddress(const std::string& host) {
  return host == "0.0.0.0" || host == "::" || host == "[::]";
}

std::string inUrl(const std::string& host) {
  return host.find(':') == std::string::npos || host.starts_with('[') ? host : "[" + host + "]";
}

}  // namespace

Result<std::unique_ptr<Enrolment>> Enrolment::open(const Settings& settings, const Clock& clock,
                                                   const core::Core& core, auth::Audit audit) {
  auto key = signingKeyAt(settings.directory() + "/signing.key");
  if (!key) return tl::unexpected(key.error());
  return std::unique_ptr<Enrolment>(new Enrolment(settings, clock, core, std::move(*key), std::move(audit)));
}

Enrolment::Enrolment(const Settings& settings, const Clock& clock, const core::Core& core, SigningKey key,
                     auth::Audit audit)
    : settings_(settings),
      clock_(clock),
      registry_({settings.enrolmentRequired(), key.publicKey()}, core, std::move(audit)),
      sealer_(std::move(key)) {}

void Enrolment::listening(std::uint16_t port) {
  port_ = port;
  const auto listen = parseListen(settings_.sites.listen);
  const bool tls = settings_.sitesTls();
  // A certificate of an authority may get another key each year: then its name is what counts.
  std::string pin;
  if (tls && settings_.tls.pin) {
    auto fingerprint = net::tlsFingerprint(settings_.tlsFiles());
    if (!fingerprint) return registry_.reachable("", "", fingerprint.error().text);
    pin = fromHex(*fingerprint);
  }
  if (!settings_.sites.url.empty()) return registry_.reachable(settings_.sites.url, pin);
  if (!listen || anyAddress(listen->host))
    return registry_.reachable(
        "", "", "set [sites] url to the address that sites reach, as wss://centre.example:7600/site");
  registry_.reachable(fmt::format("{}://{}:{}/site", tls ? "wss" : "ws", inUrl(listen->host), port), pin);
}

gateway::SiteGuard Enrolment::guard() {
  gateway::SiteGuard guard;
  guard.challenge = [this](const v1::Hello& hello,
                           const gateway::SiteCaller& caller) -> tl::expected<std::string, gateway::Refusal> {
    auto nonce = registry_.challenge(hello, caller.address, clock_.wall());
    if (!nonce) return tl::unexpected(gateway::Refusal{nonce.error().code, nonce.error().reason});
    return *nonce;
  };
  guard.check = [this](const v1::Hello& hello, const std::string& nonce, const std::string& signature,
                       const gateway::SiteCaller& caller) -> std::optional<gateway::Refusal> {
    auto refusal =
        registry_.check(hello, nonce, signature, caller.fingerprint, caller.address, clock_.wall());
    if (!refusal) return std::nullopt;
    return gateway::Refusal{refusal->code, refusal->reason};
  };
  guard.seal = [this](std::string_view site_id, const wire::AssignmentBytes& plain) {
    return sealer_.seal(site_id, plain, clock_.wall());
  };
  return guard;
}

api::EnrolmentPorts Enrolment::ports() {
  api::EnrolmentPorts ports;
  ports.issue = [this](const v1::IssueTokens& wish, const std::string& actor, core::StoreBatch& out) {
    listening(port_);  // the certificate may be another by now
    return registry_.issue(wish, actor, clock_.wall(), out);
  };
  ports.revoke = [this](const v1::RevokeSite& wish, const std::string& actor, core::StoreBatch& out) {
    return registry_.revoke(wish, actor, clock_.wall(), out);
  };
  ports.identity = [this](std::string_view site_id) { return registry_.identity(site_id, clock_.wall()); };
  return ports;
}

void Enrolment::http(const net::HttpRequest& request, const net::Respond& respond,
                     const api::Submit& submit) {
  if (request.path != "/enrol" || request.method != "POST")
    return respond(api::problem(
        Error{ErrorCode::kNotFound, "there is nothing at this address", "không có gì ở địa chỉ này"}));
  v1::EnrolRequest wish;
  if (auto ok = fromJson(request.body, wish, kMostRequest); !ok) return respond(api::problem(ok.error()));
  core::Effects effects;
  bool replaced = false;
  auto reply = registry_.enrol(wish, request.peer, clock_.wall(), effects.store, replaced);
  if (!reply) return respond(api::problem(reply.error()));
  if (replaced)
    effects.close.push_back(
        {wish.site_id(), auth::SiteRegistry::kNotAuthenticated, "the site has a new key"});
  net::HttpResponse response;
  response.body = toJson(*reply);
  response.headers.emplace_back("Cache-Control", "no-store");
  submit(std::move(effects), [respond, response = std::move(response)] { respond(response); });
}

}  // namespace diemcau::app
