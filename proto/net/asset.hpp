// A file of a web page that is compiled into a program, and its answer: from memory, compressed beforehand,
// with an ETag. proto/web/tools/embed.mjs writes the lists.
#pragma once

#include <span>
#include <string_view>

#include "net/server.hpp"

namespace diemcau::net {

struct Asset {
  std::string_view path;  // "/", "/assets/index-3f2a.js"
  std::string_view content_type;
  std::string_view etag;  // quoted
  std::string_view content;
  std::string_view gzip;   // empty: compressing would gain nothing
  bool immutable = false;  // its name changes with its content
};

// Null: there is none at this path. Exact names only; nothing of a disk is looked at.
const Asset* findAsset(std::span<const Asset> assets, std::string_view path);

// 200 with the content, compressed where the client admits it, or 304 where it has it already. Says how long
// it may be kept; any policy for a browser is the caller's.
HttpResponse serveAsset(const Asset& asset, const HttpRequest& request);

}  // namespace diemcau::net
