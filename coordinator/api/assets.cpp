// The status page's files.
#include "coordinator/api/assets.hpp"

namespace diemcau::api {

net::HttpResponse serveAsset(const Asset& asset, const net::HttpRequest& request) {
  net::HttpResponse response;
  response.content_type = std::string(asset.content_type);
  response.headers = {
      {"ETag", std::string(asset.etag)},
      {"Cache-Control", "no-cache"},
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
  };
  auto known = request.headers.find("if-none-match");
  if (known != request.headers.end() && known->second.find(asset.etag) != std::string::npos) {
    response.status = 304;
  } else {
    response.body = std::string(asset.content);
  }
  return response;
}

}  // namespace diemcau::api
