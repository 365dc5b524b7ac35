// The console's page, compiled in: coordinator/console, as Vite built it. Private to this folder.
#pragma once

#include <span>
#include <string_view>

#include "net/asset.hpp"

namespace diemcau::api {

std::span<const net::Asset> pageAssets();  // generated

// The file at this path, with a policy that allows the page its own files and its own socket, and nothing
// inline; 404 where the page has no such file. Only the embedded list is looked at.
net::HttpResponse servePage(std::string_view path, const net::HttpRequest& request);

}  // namespace diemcau::api
