// Codes of delegates: each for one site, session, sitting and person.
#include "agent/desk/desk_codes.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/unit/agent/desk/desk_site.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;

TEST_CASE("a code is sixteen digits, and different for every site, key, session, sitting and delegate") {
  const DeskCodes codes("k1", "T01");
  std::set<std::string> all{codes.code("s1", "sang", "d1"),
                            codes.code("s1", "sang", "d2"),
                            codes.code("s1", "chieu", "d1"),
                            codes.code("s2", "sang", "d1"),
                            DeskCodes("k1", "T02").code("s1", "sang", "d1"),
                            DeskCodes("k2", "T01").code("s1", "sang", "d1")};
  CHECK(all.size() == 6);
  for (const auto& code : all) {
    CHECK(code.size() == 16);
    CHECK(code.find_first_not_of("0123456789") == std::string::npos);
  }
  CHECK(codes.code("s1", "sang", "d1") == DeskCodes("k1", "T01").code("s1", "sang", "d1"));
}

TEST_CASE("a code is found in any sitting of the session, and one of another site nowhere") {
  const DeskSite site;
  const auto& roster = site.follower.assignment().roster();
  const auto found = site.codes.find(site.codes.code("s1", "chieu", "d2"), *site.follower.plan(), roster);
  REQUIRE(found);
  CHECK(found->delegate_id == "d2");
  CHECK(found->sitting_id == "chieu");
  const DeskCodes elsewhere("key of this site", "T02");
  CHECK_FALSE(site.codes.find(elsewhere.code("s1", "chieu", "d2"), *site.follower.plan(), roster));
  CHECK_FALSE(site.codes.find("", *site.follower.plan(), roster));
}
