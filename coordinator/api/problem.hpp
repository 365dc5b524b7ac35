// Errors of the API: RFC 9457, application/problem+json.
//
// Members: type ("urn:diemcau:problem:" and the code), title, status, detail (English), detail_vi, code: a
// stable word for programs ("invalid", "not_found", "conflict", ...).
#pragma once

#include <string>

#include "base/result.hpp"
#include "net/server.hpp"

namespace diemcau::api {

// `extra` is a JSON text that becomes the member `extra_name`.
net::HttpResponse problem(const Error& error, const std::string& extra_name = {},
                          const std::string& extra_json = {});
// For errors of HTTP itself, which have no ErrorCode of ours: 405, 415, 422, ...
net::HttpResponse problem(int status, const std::string& code, const Error& error,
                          const std::string& extra_name = {}, const std::string& extra_json = {});

}  // namespace diemcau::api
