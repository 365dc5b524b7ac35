// A request's head as libwebsockets parsed it, read strictly. Private to this folder.
#pragma once

#include <libwebsockets.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "net/server.hpp"

namespace diemcau::net {

// Why a request is refused: the status, a word for programs, a sentence in both languages.
struct Refusal {
  int status = 400;
  const char* code = "invalid";
  std::string en;
  std::string vi;
};

struct RequestHead {
  HttpRequest request;
  std::size_t body_length = 0;
  bool upgrade = false;         // asks for something else than HTTP/1
  bool keep_alive = true;       // HTTP/1.1 and not "Connection: close"
  bool wants_continue = false;  // Expect: 100-continue
  bool endless_for_lws =
      false;  // no Content-Length where libwebsockets assumes a body: close after the answer
};

// Method, path, query, headers and length. Refuses: methods that we do not serve (405), any
// Transfer-Encoding, a Content-Length that is not a plain number (400), one beyond `max_body` (413), paths
// that are not plain (400, 414).
tl::expected<RequestHead, Refusal> readHead(lws* wsi, std::size_t max_body);

// `host` is the value of a Host header, with or without port. An empty list allows loopback only.
bool hostAllowed(std::string_view host, const std::vector<std::string>& allowed);

// `origin` is the value of an Origin header: http(s)://host[:port] with an allowed host and this port.
bool originAllowed(std::string_view origin, const std::vector<std::string>& allowed, std::uint16_t port);

// True when the comma separated list has the word.
bool listHas(std::string_view list, std::string_view word);

}  // namespace diemcau::net
