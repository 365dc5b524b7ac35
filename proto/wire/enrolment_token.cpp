// See enrolment_token.hpp.
#include "wire/enrolment_token.hpp"

#include "base/json.hpp"
#include "base/signing.hpp"

namespace diemcau::wire {
namespace {

constexpr std::string_view kPrefix = "diemcau1.";
constexpr std::size_t kCheckSum = 4, kMost = 4096;

tl::unexpected<Error> damaged() {
  return fail(
      ErrorCode::kInvalid,
      "this is not a whole enrolment token: it begins with \"diemcau1.\" and must be copied to its last "
      "letter",
      "Mã ghi danh không đầy đủ: mã bắt đầu bằng \"diemcau1.\" và phải được chép đến ký tự cuối cùng");
}

}  // namespace

std::string writeToken(const v1::EnrolmentToken& token) {
  const std::string bytes = token.SerializeAsString();
  return std::string(kPrefix) + toBase64Url(bytes + sha256(bytes).substr(0, kCheckSum));
}

Result<v1::EnrolmentToken> readToken(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (!text.starts_with(kPrefix) || text.size() > kMost) return damaged();
  const auto bytes = fromBase64Url(text.substr(kPrefix.size()));
  if (!bytes || bytes->size() <= kCheckSum) return damaged();
  const std::string body = bytes->substr(0, bytes->size() - kCheckSum);
  v1::EnrolmentToken token;
  if (sha256(body).substr(0, kCheckSum) != bytes->substr(body.size()) || !parseLimited(body, token, kMost))
    return damaged();
  const bool pinned = token.fingerprint().empty() || token.fingerprint().size() == kHashBytes;
  if (token.secret().size() != kHashBytes || token.signing_key().size() != kPublicKeyBytes || !pinned ||
      token.site_id().empty() || token.url().empty())
    return damaged();
  return token;
}

}  // namespace diemcau::wire
