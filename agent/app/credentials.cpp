// See credentials.hpp.
#include "agent/app/credentials.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.hpp"
#include "base/settings.hpp"
#include "base/signing.hpp"
#include "wire/proof.hpp"

namespace diemcau::agent {
namespace {

constexpr const char* kFile = "/credentials.json";

}  // namespace

Result<std::optional<v1::SiteCredentials>> readCredentials(const std::string& dir) {
  const std::string path = dir + kFile;
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) return std::optional<v1::SiteCredentials>();
  const auto text = readFile(path, 16 * 1024);
  if (!text) return tl::unexpected(text.error());
  v1::SiteCredentials read;
  if (auto ok = fromJson(*text, read, 16 * 1024); !ok || read.secret_key().size() != kSecretKeyBytes ||
                                                  read.signing_key().size() != kPublicKeyBytes ||
                                                  read.site_id().empty())
    return fail(ErrorCode::kInvalid,
                fmt::format("{} cannot be used: enrol this site again (diemcau-agent enrol TOKEN)", path),
                fmt::format("{} không dùng được: hãy ghi danh lại (diemcau-agent enrol MÃ)", path));
  return std::optional<v1::SiteCredentials>(std::move(read));
}

Result<std::optional<v1::SiteCredentials>> identityOf(AgentSettings& settings) {
  auto read = readCredentials(settings.data.dir);
  if (!read) return fail(ErrorCode::kDenied, read.error().text, read.error().vi);
  const auto& credentials = *read;
  auto& id = settings.site.id;
  if (id.empty() && credentials) id = credentials->site_id();
  if (id.empty())
    return fail(
        ErrorCode::kDenied,
        "this site has no name: enrol it with `diemcau-agent enrol TOKEN`, or set [site] id",
        "Chưa biết đây là điểm cầu nào: hãy ghi danh bằng `diemcau-agent enrol MÃ`, hoặc đặt [site] id");
  if (credentials && credentials->site_id() != id)
    return fail(
        ErrorCode::kDenied,
        fmt::format("this site is set up as {}, but it was enrolled as {}: correct [site] id, or enrol again",
                    id, credentials->site_id()),
        fmt::format("máy được đặt là {}, nhưng đã ghi danh là {}", id, credentials->site_id()));
  return read;
}

Done saveCredentials(const std::string& dir, const v1::SiteCredentials& credentials) {
  const std::string path = dir + kFile;
  if (auto ok = writeFileAtomically(path, toJson(credentials, JsonStyle::kPretty) + "\n", 0600); !ok)
    return ok;
  struct stat owner {};
  if (geteuid() == 0 && stat(dir.c_str(), &owner) == 0 &&
      lchown(path.c_str(), owner.st_uid, owner.st_gid) != 0)
    return fail(ErrorCode::kInternal, fmt::format("{} cannot be given to the agent's user", path));
  return {};
}

net::Trust trustOf(const v1::SiteCredentials& credentials) {
  return {toHex(credentials.fingerprint())};
}

std::string proofFor(const v1::SiteCredentials& credentials, const v1::Hello& hello, const std::string& nonce,
                     const std::string& fingerprint) {
  const SigningKey key{credentials.secret_key()};
  return key.sign(wire::helloProof(hello, nonce, fingerprint));
}

}  // namespace diemcau::agent
