// The console's page.
#include "coordinator/api/page.hpp"

#include "coordinator/api/problem.hpp"

namespace diemcau::api {

net::HttpResponse servePage(std::string_view path, const net::HttpRequest& request) {
  const net::Asset* asset = net::findAsset(pageAssets(), path);
  if (asset == nullptr) {
    return problem(Error{ErrorCode::kNotFound, "there is nothing at " + std::string(path),
                         "Không có gì tại " + std::string(path)});
  }
  auto response = net::serveAsset(*asset, request);
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  return response;
}

}  // namespace diemcau::api
