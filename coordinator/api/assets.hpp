// The status page's files, embedded at build time (see console/embed.cmake). Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/server.hpp"

namespace diemcau::api {

struct Asset {
  std::string_view path;  // "/", "/assets/page.js"
  std::string_view content_type;
  std::string_view etag;  // quoted
  std::string_view content;
};

const std::vector<Asset>& assets();  // generated

// With ETag, and a policy that allows the page its own files and its own socket, and nothing inline.
net::HttpResponse serveAsset(const Asset& asset, const net::HttpRequest& request);

}  // namespace diemcau::api
