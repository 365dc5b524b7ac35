// Problems after RFC 9457.
#include "coordinator/api/problem.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::api;

TEST_CASE("a problem has all members, and its status is the response's") {
  const auto response = problem(Error{ErrorCode::kConflict, "the session is live", "phiên đang diễn ra"});
  CHECK(response.status == 409);
  CHECK(response.content_type == "application/problem+json");
  const auto body = nlohmann::json::parse(response.body);
  CHECK(body["type"] == "urn:diemcau:problem:conflict");
  CHECK(body["title"].is_string());
  CHECK(body["status"] == 409);
  CHECK(body["detail"] == "the session is live");
  CHECK(body["detail_vi"] == "phiên đang diễn ra");
  CHECK(body["code"] == "conflict");
  CHECK(body.size() == 6);
}

TEST_CASE("every code has its status") {
  struct Row {
    ErrorCode code;
    int status;
  };
  const auto row = GENERATE(values<Row>({{ErrorCode::kInvalid, 400},
                                         {ErrorCode::kDenied, 403},
                                         {ErrorCode::kNotFound, 404},
                                         {ErrorCode::kConflict, 409},
                                         {ErrorCode::kTooBig, 413},
                                         {ErrorCode::kUnavailable, 503},
                                         {ErrorCode::kInternal, 500}}));
  const auto response = problem(Error{row.code, "x", ""});
  CHECK(response.status == row.status);
  const auto body = nlohmann::json::parse(response.body);
  CHECK(body["detail_vi"] == "x");  // no Vietnamese: the English one is better than nothing
  CHECK(body["title"].get<std::string>().size() > 3);
}

TEST_CASE("a 503 says when to try again") {
  const auto response = problem(Error{ErrorCode::kUnavailable, "x", "y"});
  bool found = false;
  for (const auto& [name, value] : response.headers)
    found = found || (name == "Retry-After" && !value.empty());
  CHECK(found);
}

TEST_CASE("an extra member is joined as it is") {
  const auto response = problem(422, "import_refused", Error{ErrorCode::kInvalid, "no", "không"},
                                "import_report", "{\"sites\":3}");
  const auto body = nlohmann::json::parse(response.body);
  CHECK(body["import_report"]["sites"] == 3);
  CHECK(body["code"] == "import_refused");
}

TEST_CASE("bytes that are not UTF-8 make a problem, not an exception") {
  const auto response = problem(Error{ErrorCode::kInvalid, "bad \xff\xfe here", ""});
  CHECK(nlohmann::json::parse(response.body)["detail"].get<std::string>().starts_with("bad "));
}

TEST_CASE("too many attempts say when to come again") {
  const auto answer = problem(Error{ErrorCode::kTooMany, "too many attempts: wait 8 s", ""});
  CHECK(answer.status == 429);
  bool said = false;
  for (const auto& [name, value] : answer.headers) said = said || (name == "Retry-After" && value == "8");
  CHECK(said);
}
