// Files of web pages from memory: found by their exact name, compressed for whoever admits it, not sent
// twice.
#include "net/asset.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::net;

namespace {

constexpr Asset kFiles[] = {
    {"/", "text/html; charset=utf-8", "\"p\"", "plain page", "packed page", false},
    {"/assets/a-1.js", "text/javascript; charset=utf-8", "\"a\"", "plain script", "packed script", true},
    {"/assets/f-2.woff2", "font/woff2", "\"f\"", "letters", "", true},
};

std::string header(const HttpResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

HttpResponse ask(const Asset& asset, const std::string& encodings, const std::string& etag = {}) {
  HttpRequest request;
  if (!encodings.empty()) request.headers["accept-encoding"] = encodings;
  if (!etag.empty()) request.headers["if-none-match"] = etag;
  return serveAsset(asset, request);
}

}  // namespace

TEST_CASE("a file is found by its exact name") {
  REQUIRE(findAsset(kFiles, "/assets/a-1.js") != nullptr);
  CHECK(findAsset(kFiles, "/assets/a-1.js")->content == "plain script");
  for (const char* none : {"", "/assets/", "/assets/a-1.js/", "/assets/a-1", "assets/a-1.js", "/index.html"})
    CHECK(findAsset(kFiles, none) == nullptr);
}

TEST_CASE("compressed for those who admit it") {
  struct Row {
    const char* encodings;
    bool packed;
  };
  for (const auto& row :
       {Row{"gzip, deflate, br", true}, Row{"br;q=1.0, gzip;q=0.8", true}, Row{"gzip", true},
        Row{"gzip;q=0", false}, Row{"gzip; q=0.00", false}, Row{"gzip;q=0.01", true}, Row{"identity", false},
        Row{"", false}, Row{"xgzip", false}, Row{",,;", false}}) {
    CAPTURE(row.encodings);
    const auto answer = ask(kFiles[1], row.encodings);
    CHECK(answer.status == 200);
    CHECK(answer.body == (row.packed ? "packed script" : "plain script"));
    CHECK(header(answer, "Content-Encoding") == (row.packed ? "gzip" : ""));
    CHECK(header(answer, "Vary") == "Accept-Encoding");
  }
  CHECK(ask(kFiles[2], "gzip").body == "letters");
  CHECK(header(ask(kFiles[2], "gzip"), "Content-Encoding").empty());
}

TEST_CASE("what the client has is not sent again, and what never changes is not asked for again") {
  const auto known = ask(kFiles[1], "gzip", "\"x\", \"a\"");
  CHECK(known.status == 304);
  CHECK(known.body.empty());
  CHECK(header(known, "ETag") == "\"a\"");
  CHECK(ask(kFiles[1], "gzip", "\"b\"").status == 200);
  CHECK(header(ask(kFiles[1], ""), "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(header(ask(kFiles[0], ""), "Cache-Control") == "no-cache");
}
