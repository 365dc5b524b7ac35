// A URL of the few kinds that are used here: scheme://host[:port][/path[?query]]. Private to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau::net {

struct Url {
  std::string scheme;  // "http", "ws", ...
  std::string host;    // IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  // with the query; begins with '/'

  // "localhost", however it is written: always this machine (RFC 6761), also where no file of hosts says so.
  bool local() const;
  // Over TLS.
  bool secure() const { return scheme == "wss" || scheme == "https"; }
  // As in a Host header.
  std::string hostHeader() const;
};

Result<Url> parseUrl(std::string_view text);

}  // namespace diemcau::net
