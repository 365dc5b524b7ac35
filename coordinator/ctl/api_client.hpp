// The REST API from the side of the command line. Private to this folder.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace diemcau::ctl {

// What a script sees.
enum ExitCode { kOk = 0, kRefused = 1, kNotFound = 2, kUsage = 64, kNotReached = 69, kTryLater = 75 };

struct Failure {
  int exit_code = kRefused;
  std::string en, vi;
  std::string body;  // the problem document, or empty
  int status = 0;    // of HTTP; 0: there was no answer
};
template <class T>
using Answer = tl::expected<T, Failure>;

class ApiClient {
 public:
  // `fingerprint` of an https:// address' key, as typed; empty: the system's authorities decide.
  ApiClient(std::string url, std::string actor, unsigned timeout_s, std::string token = {},
            std::string fingerprint = {})
      : url_(std::move(url)),
        actor_(std::move(actor)),
        token_(std::move(token)),
        fingerprint_(std::move(fingerprint)),
        timeout_s_(timeout_s) {}

  // The body of a success. `path` with its query, encoded.
  Answer<std::string> get(const std::string& path) const { return call("GET", path, ""); }
  Answer<std::string> send(const std::string& method, const std::string& path,
                           const google::protobuf::Message& body) const;
  const std::string& url() const { return url_; }

 private:
  Answer<std::string> call(const std::string& method, const std::string& path, const std::string& body) const;

  std::string url_, actor_, token_, fingerprint_;
  unsigned timeout_s_;
};

// Fields that this program does not know yet are left out.
Answer<void> readJson(const std::string& json, google::protobuf::Message& message);

// For one part of a path, or a value in a query.
std::string encoded(std::string_view text);

}  // namespace diemcau::ctl
