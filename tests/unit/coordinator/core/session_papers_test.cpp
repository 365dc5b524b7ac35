// Notes and documents as people give them.
#include "coordinator/core/session_papers.hpp"

#include "coordinator/core/session_check.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

Result<v1::Session> checked(const std::string& notes, const std::vector<std::string>& urls) {
  v1::Session wish;
  wish.set_title("Giao ban");
  wish.set_notes(notes);
  for (const auto& url : urls) wish.add_documents()->set_url(url);
  return checkedSession(wish);
}

TEST_CASE("notes keep their line breaks and nothing else that is invisible") {
  const auto session = checked("\n Mang theo tài liệu \r\n\nPhòng\u202e 2\x01\n\n", {});
  REQUIRE(session);
  CHECK(session->notes() == "Mang theo tài liệu\n\nPhòng 2");
  CHECK(checked(std::string(4'000, 'a'), {}));
  CHECK(checked(std::string(4'001, 'a'), {}).error().code == ErrorCode::kInvalid);
  CHECK(checked(std::string(2'500, 'a') + "\n" + std::string(2'500, 'b'), {}).error().code ==
        ErrorCode::kInvalid);
}

TEST_CASE("a document is an address that a browser may open") {
  const auto good = checked("", {"https://vanban.example/1594-QD.pdf?ban=2#trang-3"});
  REQUIRE(good);
  CHECK(good->documents(0).title() == good->documents(0).url());
  for (const std::string bad :
       {"", "http://vanban.example/a", "javascript:alert(1)", "https://", "https:///a", "https://u:p@h/a",
        "https://h/a b", "https://h/\"><script>", "https://h/\n", "data:text/html,x"}) {
    INFO(bad);
    CHECK(checked("", {bad}).error().code == ErrorCode::kInvalid);
  }
  CHECK(checked("", {"https://h/" + std::string(490, 'a')}));
  CHECK_FALSE(checked("", {"https://h/" + std::string(491, 'a')}));
  CHECK_FALSE(checked("", std::vector<std::string>(21, "https://h/a")));
}

TEST_CASE("both can change until the session is closed") {
  auto present = *checked("cũ", {"https://h/a"});
  present.set_phase(v1::Phase::ended);
  auto wish = present;
  wish.set_notes("mới");
  wish.clear_documents();
  const auto updated = updatedSession(present, wish);
  REQUIRE(updated);
  CHECK(updated->notes() == "mới");
  CHECK(updated->documents().empty());
}

}  // namespace
}  // namespace diemcau::core
