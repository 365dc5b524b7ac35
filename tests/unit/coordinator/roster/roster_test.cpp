// Looking things up, resolving selections, restoring.
#include "coordinator/core/roster.hpp"

#include "support.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

using Ids = std::vector<std::string>;

Micros day(const char* date) {
  return parseTime(std::string(date) + "T00:00:00+07:00").value();
}

Ids resolved(const Roster& roster, const v1::Selection& selection, Micros at = day("2026-03-01")) {
  const auto sites = roster.resolve(selection, at);
  INFO((sites ? "" : sites.error().text));
  REQUIRE(sites.has_value());
  return *sites;
}

std::string refused(const Roster& roster, const v1::Selection& selection, Micros at = day("2026-03-01")) {
  const auto sites = roster.resolve(selection, at);
  REQUIRE_FALSE(sites.has_value());
  CHECK(sites.error().code == ErrorCode::kInvalid);
  CHECK_FALSE(sites.error().vi.empty());
  return sites.error().text;
}

}  // namespace

TEST_CASE("The roster finds what it holds and nothing else") {
  const Roster roster = city();
  REQUIRE(roster.site("s1") != nullptr);
  CHECK(roster.site("s1")->technician().phone() == "+84 912 345 678");
  CHECK(roster.site("s1")->seats() == 120);
  CHECK(roster.site("s9") == nullptr);
  CHECK(roster.area("n1")->parent_id() == "north");
  CHECK(roster.area("") == nullptr);
  CHECK(roster.delegate("d4")->name() == "Ân Thị Lan");
  CHECK(roster.delegate("d9") == nullptr);
  CHECK(roster.siteOf("d4") == "s2");
  CHECK(roster.siteOf("d9").empty());
  CHECK(roster.delegateCount() == 4);
  CHECK(roster.delegates("s3").empty());
  CHECK(roster.delegates("s9").empty());
  CHECK(roster.revision("s1") == 2);
  CHECK(roster.revision("s9") == 0);
  CHECK(roster.pathOf("n1") == Ids{"n1", "north", "city"});
  CHECK(roster.pathOf("nowhere").empty());
}

TEST_CASE("Delegates are sorted as Vietnamese sorts: d before đ, a before ă before â, tones last") {
  Roster roster = city();
  const auto& s1 = roster.delegates("s1");
  REQUIRE(s1.size() == 3);
  CHECK(s1[0].name() == "Dương Văn Út");
  CHECK(s1[1].name() == "Đặng Văn An");
  CHECK(s1[2].name() == "Trần Thị Bình");

  import(roster,
         files(
             {{ "d.csv",
                "delegate_id,site_id,name\n1,s3,Ấn\n2,s3,Ân\n3,s3,An\n4,s3,Ăn\n5,s3,Ờ\n6,s3,Ô\n7,s3,O\n"
                "9,s3,An\n" }}));
  Ids names;
  for (const auto& one : roster.delegates("s3")) names.push_back(one.id() + " " + one.name());
  CHECK(names == Ids{"3 An", "9 An", "4 Ăn", "2 Ân", "1 Ấn", "7 O", "6 Ô", "5 Ờ"});
}

TEST_CASE("A selection is the union of all that it names, sorted") {
  const Roster roster = city();
  v1::Selection selection;
  CHECK(resolved(roster, selection).empty());
  SECTION("everyone") {
    selection.set_everyone(true);
    CHECK(resolved(roster, selection) == Ids{"s1", "s2", "s3"});
  }
  SECTION("an area with all below it") {
    selection.add_area_ids("north");
    CHECK(resolved(roster, selection) == Ids{"s1", "s2"});
  }
  SECTION("a leaf and a site") {
    selection.add_area_ids("n1");
    selection.add_site_ids("s3");
    CHECK(resolved(roster, selection) == Ids{"s1", "s3"});
  }
  SECTION("a tag and a name without case and marks; named twice counts once") {
    selection.add_tags("4g");
    selection.add_names("TRUONG HOC");
    selection.add_names("hội trường đống đa");
    CHECK(resolved(roster, selection) == Ids{"s1", "s2", "s3"});
  }
}

TEST_CASE("A selection that names what is not there fails and names it") {
  const Roster roster = city();
  v1::Selection selection;
  selection.set_everyone(true);
  SECTION("area") {
    selection.add_area_ids("west");
    CHECK_THAT(refused(roster, selection), Catch::Contains("area \"west\""));
  }
  SECTION("tag") {
    selection.add_tags("5g");
    CHECK_THAT(refused(roster, selection), Catch::Contains("tag \"5g\""));
  }
  SECTION("site") {
    selection.add_site_ids("s9");
    CHECK_THAT(refused(roster, selection), Catch::Contains("site \"s9\""));
  }
  SECTION("name") {
    selection.add_names("Trường học");
    selection.add_names("Nhà hát");
    CHECK_THAT(refused(roster, selection), Catch::Contains("\"Nhà hát\""));
  }
}

TEST_CASE("Sites count while they and every area above them are in service") {
  Roster roster;
  REQUIRE(import(roster, files({{"a.csv",
                                 "area_id,parent_id,name,valid_from,valid_until\n"
                                 "city,,C,,\nold,city,O,,2025-07-01\nward,old,W,,\nnew,city,N,2025-07-01,\n"},
                                {"s.csv",
                                 "site_id,area_id,name,valid_from,valid_until\n"
                                 "a,ward,Hall,,\nb,new,Hall,,\nc,city,Gone,,2025-01-01\n"}}))
              .report.applied());
  v1::Selection all;
  all.set_everyone(true);
  CHECK(resolved(roster, all, day("2025-07-01") - 1) == Ids{"a"});
  CHECK(resolved(roster, all, day("2025-07-01")) == Ids{"b"});
  CHECK(resolved(roster, all, day("2024-12-31")) == Ids{"a", "c"});

  v1::Selection named;
  named.add_names("hall");
  CHECK(resolved(roster, named) == Ids{"b"});
  SECTION("a site named by its id is not left out in silence") {
    named.add_site_ids("a");
    CHECK_THAT(refused(roster, named), Catch::Contains("\"a\" is not in service"));
  }
  SECTION("nor one named by its name") {
    named.add_names("gone");
    CHECK_THAT(refused(roster, named), Catch::Contains("\"gone\" is not in service"));
  }
  SECTION("nor an area") {
    named.add_area_ids("old");
    CHECK_THAT(refused(roster, named), Catch::Contains("area \"old\" is not in service"));
  }
}

TEST_CASE("What an import put into the store restores the same roster, in any order") {
  Roster roster;
  auto imported =
      import(roster, files({{"areas.csv", kAreas}, {"sites.csv", kSites}, {"delegates.csv", kDelegates}}));
  REQUIRE(imported.report.applied());
  CHECK(imported.batch.puts.size() == 4 + 3 + 4);
  std::reverse(imported.batch.puts.begin(), imported.batch.puts.end());
  Roster again;
  for (const auto& put : imported.batch.puts) REQUIRE(again.restore(put.kind, put.body));
  again.restored();
  for (const char* kind : {"areas", "sites", "delegates"})
    CHECK(again.exportCsv(kind).value() == roster.exportCsv(kind).value());
  CHECK(again.revision("s1") == 1);
  CHECK(again.delegates("s1").front().id() == "d3");
  v1::Selection selection;
  selection.add_names("truong hoc");
  CHECK(resolved(again, selection) == Ids{"s3"});
}

TEST_CASE("Bytes that are not what the kind says are refused") {
  Roster roster;
  CHECK_FALSE(roster.restore("area", "\xff\xff\xff"));
  CHECK_FALSE(roster.restore("site", ""));
  CHECK_FALSE(roster.restore("session", ""));
  v1::Delegate one;
  one.set_id("d1");
  CHECK_FALSE(roster.restore("delegate", one.SerializeAsString()));  // no site
  one.set_site_id("s1");
  CHECK(roster.restore("delegate", one.SerializeAsString()));
  CHECK_FALSE(roster.restore("delegate", one.SerializeAsString()));  // twice
}

}  // namespace diemcau::core
