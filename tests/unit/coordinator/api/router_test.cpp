// Routes: patterns, unknown paths, wrong methods, bodies that are not JSON.
#include "coordinator/api/router.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::api;

namespace {

struct Fixture {
  std::string reached;
  Router router{{
      {"GET", "/", [this](const Call& c) { hit("root", c); }},
      {"GET", "/a/{id}", [this](const Call& c) { hit("get", c); }},
      {"PUT", "/a/{id}", [this](const Call& c) { hit("put", c); }},
      {"POST", "/a/{id}/go", [this](const Call& c) { hit("go", c); }},
  }};

  void hit(const std::string& what, const Call& call) {
    reached = what + (call.params.count("id") != 0 ? " " + call.param("id") : "");
    call.respond({});
  }

  net::HttpResponse ask(const std::string& method, const std::string& path, const std::string& body = {},
                        const std::string& type = {}) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    if (!type.empty()) request.headers["content-type"] = type;
    net::HttpResponse answer;
    int answers = 0;
    router.handle(std::move(request), [&](net::HttpResponse response) {
      answer = std::move(response);
      ++answers;
    });
    CHECK(answers == 1);
    return answer;
  }
};

std::string header(const net::HttpResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("patterns match whole paths, segment by segment") {
  struct Row {
    const char *pattern, *path;
    bool matches;
    const char* id;
  };
  const auto row = GENERATE(values<Row>({
      {"/a/{id}", "/a/x", true, "x"},
      {"/a/{id}", "/a/x y.z", true, "x y.z"},
      {"/a/{id}", "/a/", false, ""},
      {"/a/{id}", "/a", false, ""},
      {"/a/{id}", "/a/x/", false, ""},
      {"/a/{id}", "/a/x/y", false, ""},
      {"/a/{id}/b", "/a/x/b", true, "x"},
      {"/a/{id}/b", "/a//b", false, ""},
      {"/a/b.csv", "/a/b.csv", true, ""},
      {"/a/b.csv", "/a/bXcsv", false, ""},
      {"/", "/", true, ""},
      {"/", "//", false, ""},
      {"/a", "/A", false, ""},
  }));
  CAPTURE(row.pattern, row.path);
  std::map<std::string, std::string> params;
  CHECK(matchPattern(row.pattern, row.path, params) == row.matches);
  if (row.matches && *row.id != 0) CHECK(params["id"] == row.id);
}

TEST_CASE("the method chooses among routes of one path") {
  Fixture f;
  CHECK(f.ask("GET", "/a/7").status == 200);
  CHECK(f.reached == "get 7");
  CHECK(f.ask("PUT", "/a/7", "{}", "application/json").status == 200);
  CHECK(f.reached == "put 7");
  CHECK(f.ask("HEAD", "/a/8").status == 200);
  CHECK(f.reached == "get 8");
}

TEST_CASE("an unknown path is a 404 problem that names it") {
  Fixture f;
  const auto answer = f.ask("GET", "/b/\"quoted\"");
  CHECK(answer.status == 404);
  CHECK(answer.content_type == "application/problem+json");
  const auto body = nlohmann::json::parse(answer.body);
  CHECK(body["code"] == "not_found");
  CHECK(body["detail"].get<std::string>().find("/b/\"quoted\"") != std::string::npos);
  CHECK(f.reached.empty());
}

TEST_CASE("a known path with another method is a 405 that says which are possible") {
  Fixture f;
  const auto answer = f.ask("DELETE", "/a/7");
  CHECK(answer.status == 405);
  CHECK(header(answer, "Allow") == "GET, PUT");
  CHECK(nlohmann::json::parse(answer.body)["code"] == "method_not_allowed");
  CHECK(f.ask("GET", "/a/7/go").status == 405);
  CHECK(f.reached.empty());
}

TEST_CASE("a body must be declared as JSON") {
  struct Row {
    const char* type;
    int status;
  };
  const auto row = GENERATE(values<Row>({{"application/json", 200},
                                         {"application/json; charset=utf-8", 200},
                                         {"Application/JSON ; charset=utf-8", 200},
                                         {"", 415},
                                         {"text/plain", 415},
                                         {"application/x-www-form-urlencoded", 415},
                                         {"application/jsonx", 415}}));
  CAPTURE(row.type);
  Fixture f;
  CHECK(f.ask("POST", "/a/7/go", "{}", row.type).status == row.status);
  CHECK(f.reached.empty() == (row.status != 200));
}

TEST_CASE("no body needs no type") {
  Fixture f;
  CHECK(f.ask("POST", "/a/7/go").status == 200);
  CHECK(f.reached == "go 7");
}
