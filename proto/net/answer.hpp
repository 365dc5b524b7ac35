// The bytes of an HTTP answer. Private to this folder.
#pragma once

#include <string>

#include "net/request.hpp"
#include "net/server.hpp"

namespace diemcau::net {

// Status line, headers (ours for security among them) and body. Nothing of the body when `head_only`.
std::string answerBytes(const HttpResponse& response, bool head_only, bool keep_alive);

// A problem document (RFC 9457) in both languages.
HttpResponse problem(const Refusal& refusal);

}  // namespace diemcau::net
