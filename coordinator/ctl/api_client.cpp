#include "coordinator/ctl/api_client.hpp"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "net/client.hpp"

namespace diemcau::ctl {
namespace {

int exitCodeOf(int status) {
  if (status == 404) return kNotFound;
  return status == 503 || status == 429 ? kTryLater : kRefused;
}

Failure failureOf(const net::HttpAnswer& answer) {
  Failure failure;
  failure.exit_code = exitCodeOf(answer.status);
  failure.body = answer.body;
  failure.status = answer.status;
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  if (problem.is_object()) {
    failure.en = problem.value("detail", "");
    failure.vi = problem.value("detail_vi", "");
  }
  if (failure.en.empty()) failure.en = fmt::format("the coordinator answered {}", answer.status);
  if (failure.vi.empty()) failure.vi = failure.en;
  return failure;
}

}  // namespace

Answer<std::string> ApiClient::call(const std::string& method, const std::string& path,
                                    const std::string& body) const {
  std::vector<std::pair<std::string, std::string>> headers{{"Accept", "application/json"}};
  if (!actor_.empty()) headers.emplace_back("X-Diemcau-Actor", actor_);
  if (!token_.empty()) headers.emplace_back("Authorization", "Bearer " + token_);
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  std::string base = url_;
  while (base.ends_with('/')) base.pop_back();
  net::Trust trust;
  if (!fingerprint_.empty()) {
    auto clean = net::cleanFingerprint(fingerprint_);
    if (!clean) return tl::unexpected(Failure{kUsage, clean.error().text, clean.error().vi, {}});
    trust.fingerprint = *clean;
  }
  const auto answer = net::httpRequest(method, base + path, body, headers, timeout_s_, trust);
  if (!answer) {
    const Error& error = answer.error();
    const int code = error.code == ErrorCode::kInvalid ? kUsage : kNotReached;
    return tl::unexpected(Failure{code, error.text, error.vi.empty() ? error.text : error.vi, {}, 0});
  }
  if (answer->status < 200 || answer->status > 299) return tl::unexpected(failureOf(*answer));
  return answer->body;
}

Answer<std::string> ApiClient::send(const std::string& method, const std::string& path,
                                    const google::protobuf::Message& body) const {
  return call(method, path, toJson(body));
}

Answer<void> readJson(const std::string& json, google::protobuf::Message& message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message, options);
  if (status.ok()) return {};
  return tl::unexpected(
      Failure{kRefused, "the coordinator's answer cannot be read; is it of another version?",
              "không đọc được trả lời của bộ điều phối; có phải khác phiên bản không?", json});
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace diemcau::ctl
