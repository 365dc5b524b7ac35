// See enrol.hpp.
#include "agent/app/enrol.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "agent/app/credentials.hpp"
#include "agent/app/options.hpp"
#include "agent/spool/site_files.hpp"
#include "base/json.hpp"
#include "base/signing.hpp"
#include "net/client.hpp"
#include "wire/enrolment_token.hpp"
#include "wire/proof.hpp"

namespace diemcau::agent {
namespace {

constexpr unsigned kPatienceS = 30;

// wss://HOST:PORT/site -> https://HOST:PORT/enrol
Result<std::string> enrolAddress(const std::string& url) {
  const bool tls = url.starts_with("wss://");
  const auto rest = url.find("://");
  const auto listen =
      rest == std::string::npos ? std::string() : url.substr(rest + 3, url.find('/', rest + 3) - rest - 3);
  if (!tls) {
    const auto address = parseListen(listen);
    if (!url.starts_with("ws://") || !address || !address->loopback())
      return fail(
          ErrorCode::kDenied,
          fmt::format("the token leads to {}: without TLS only a coordinator on this computer is used", url),
          fmt::format("mã dẫn tới {}: không có TLS thì chỉ dùng trung tâm trên chính máy này", url));
  }
  return (tls ? "https://" : "http://") + listen + "/enrol";
}

// The key of an attempt before, whose answer was lost, or a new one. It is on the disk before the coordinator
// may know of it.
Result<v1::SiteCredentials> prepare(const v1::EnrolmentToken& token, const std::string& hash,
                                    const std::string& dir) {
  auto pending = readCredentials(dir + "/enrolling");
  if (pending && *pending && (*pending)->token_hash() == hash) return **pending;
  v1::SiteCredentials fresh;
  fresh.set_site_id(token.site_id());
  fresh.set_url(token.url());
  fresh.set_fingerprint(token.fingerprint());
  fresh.set_signing_key(token.signing_key());
  fresh.set_secret_key(SigningKey::make().secret);
  fresh.set_token_hash(hash);
  std::error_code failed;
  std::filesystem::create_directories(dir + "/enrolling", failed);
  if (failed)
    return fail(ErrorCode::kInternal, fmt::format("{}/enrolling cannot be made: {}", dir, failed.message()));
  std::filesystem::permissions(dir + "/enrolling", std::filesystem::perms::owner_all, failed);
  if (auto ok = saveCredentials(dir + "/enrolling", fresh); !ok) return tl::unexpected(ok.error());
  return fresh;
}

Error refusalOf(const net::HttpAnswer& answer) {
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  Error error{ErrorCode::kDenied, fmt::format("the coordinator answered {}", answer.status), ""};
  if (!problem.is_object()) return error;
  error.text = problem.value("detail", error.text);
  error.vi = problem.value("detail_vi", "");
  return error;
}

}  // namespace

Result<v1::EnrolReply> enrol(const std::string& text, const AgentSettings& settings) {
  const auto token = wire::readToken(text);
  if (!token) return tl::unexpected(token.error());
  if (!settings.site.id.empty() && settings.site.id != token->site_id())
    return fail(ErrorCode::kConflict,
                fmt::format("the token is for the site {}, and this computer is set up as {}",
                            token->site_id(), settings.site.id),
                fmt::format("mã dành cho điểm cầu {}, còn máy này được đặt là {}", token->site_id(),
                            settings.site.id));
  const auto address = enrolAddress(token->url());
  if (!address) return tl::unexpected(address.error());
  const std::string& dir = settings.data.dir;
  std::error_code failed;
  if (std::filesystem::create_directories(dir, failed))
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all, failed);
  auto agent_id = SiteFiles(dir).agentId();
  if (!agent_id) return tl::unexpected(agent_id.error());
  auto credentials = prepare(*token, sha256(token->SerializeAsString()), dir);
  if (!credentials) return tl::unexpected(credentials.error());

  const SigningKey key{credentials->secret_key()};
  v1::EnrolRequest request;
  request.set_site_id(token->site_id());
  request.set_secret(token->secret());
  request.set_public_key(key.publicKey());
  request.set_agent_id(*agent_id);
  request.set_signature(
      key.sign(wire::enrolProof(token->site_id(), sha256(token->secret()), key.publicKey())));
  const auto answer =
      net::httpRequest("POST", *address, toJson(request), {{"Content-Type", "application/json"}}, kPatienceS,
                       trustOf(*credentials));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200) return tl::unexpected(refusalOf(*answer));
  v1::EnrolReply reply;
  if (auto ok = fromJson(answer->body, reply); !ok) return tl::unexpected(ok.error());
  credentials->set_key_id(reply.key_id());
  if (auto ok = saveCredentials(dir, *credentials); !ok) return tl::unexpected(ok.error());
  std::filesystem::remove_all(dir + "/enrolling", failed);
  return reply;
}

int runEnrol(const std::string& token, const AgentSettings& settings) {
  std::string text = token;
  if (text == "-") std::getline(std::cin, text);
  const auto reply = enrol(text, settings);
  if (reply) {
    std::printf("Đã ghi danh điểm cầu %s (%s). Enrolled; key %s\n", reply->site_id().c_str(),
                reply->site_name().c_str(), reply->key_id().c_str());
    return exit_code::kOk;
  }
  const Error& error = reply.error();
  std::fprintf(stderr, "diemcau-agent: %s\n", error.text.c_str());
  if (!error.vi.empty()) std::fprintf(stderr, "  %s\n", error.vi.c_str());
  switch (error.code) {
    case ErrorCode::kUnavailable:
      return exit_code::kUnavailable;
    case ErrorCode::kInternal:
      return exit_code::kNoRoom;
    case ErrorCode::kInvalid:
      return exit_code::kUsage;
    default:
      return exit_code::kRefused;
  }
}

}  // namespace diemcau::agent
