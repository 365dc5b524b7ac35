// Exporting: what is written is read back to the same roster, and no spreadsheet runs it.
#include <rapidcheck.h>

#include "base/text.hpp"
#include "support.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

// Pieces that make parsers, spreadsheets and Unicode stumble.
rc::Gen<std::string> hostileText() {
  const std::vector<std::string> pieces = {"=",   "+", "-",           "@",    "'",  "\"", ",",
                                           ";",   "|", " ",           "\t",   "\n", "\r", "a",
                                           "Ệ",   "đ", "e\xCC\x82",   "0912", "\\", "<",  "\xE2\x80\xAE",
                                           "%0A", "🎥", "\xEF\xBB\xBF"};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                      [](const std::vector<std::string>& parts) {
                        std::string out;
                        for (std::size_t i = 0; i < parts.size() && i < 24; ++i) out += parts[i];
                        return out;
                      });
}

std::string cleanedText(std::size_t most) {
  return cleanText(*hostileText(), most, "text").value_or("ok");
}

std::string cleanedName() {
  std::string name = cleanedText(200);
  return name.empty() ? "Tên" : name;
}

std::int64_t someDay(int from, int to) {
  const int day = *rc::gen::inRange(from, to);
  return std::int64_t(day) * 24 * kHour - 7 * kHour;
}

template <class Message>
void someDates(Message& message) {
  if (*rc::gen::arbitrary<bool>()) message.set_valid_from_us(someDay(-20000, 20000));
  if (*rc::gen::arbitrary<bool>()) message.set_valid_until_us(someDay(20000, 40000));
}

std::string id(const char* kind, int number) {
  return kind + std::to_string(number);
}

Roster someRoster() {
  Roster roster;
  const int areas = *rc::gen::inRange(1, 6), sites = *rc::gen::inRange(0, 6),
            delegates = *rc::gen::inRange(0, 8);
  for (int i = 0; i < areas; ++i) {
    v1::Area area;
    area.set_id(id("a", i));
    if (i > 0 && *rc::gen::arbitrary<bool>()) area.set_parent_id(id("a", *rc::gen::inRange(0, i)));
    area.set_name(cleanedName());
    someDates(area);
    RC_ASSERT(roster.restore("area", area.SerializeAsString()));
  }
  for (int i = 0; i < sites; ++i) {
    v1::Site site;
    site.set_id(id("s", i));
    site.set_area_id(id("a", *rc::gen::inRange(0, areas)));
    site.set_name(cleanedName());
    if (*rc::gen::arbitrary<bool>()) site.mutable_technician()->set_name(cleanedName());
    if (*rc::gen::arbitrary<bool>()) site.mutable_technician()->set_phone("+84 (0) 912");
    if (*rc::gen::arbitrary<bool>()) site.add_tags("=tag");
    if (*rc::gen::arbitrary<bool>()) site.add_tags("thẻ, hai");
    site.set_seats(*rc::gen::inRange(0u, 100'001u));
    someDates(site);
    RC_ASSERT(roster.restore("site", site.SerializeAsString()));
  }
  for (int i = 0; i < delegates && sites > 0; ++i) {
    v1::Delegate one;
    one.set_id(id("d", i));
    one.set_site_id(id("s", *rc::gen::inRange(0, sites)));
    one.set_name(cleanedName());
    one.set_unit(cleanedText(500));
    one.set_title(cleanedText(500));
    RC_ASSERT(roster.restore("delegate", one.SerializeAsString()));
  }
  roster.restored();
  return roster;
}

std::string whole(const Roster& roster) {
  std::string out;
  for (const auto& [unused, area] : roster.areas()) out += area.SerializeAsString();
  for (const auto& [unused, site] : roster.sites()) out += site.SerializeAsString();
  for (const auto& [unused, site] : roster.sites())
    for (const auto& one : roster.delegates(site.id())) out += one.SerializeAsString();
  return out;
}

}  // namespace

TEST_CASE("An export is read back to the same roster, whatever the names are") {
  CHECK(rc::check("round trip", [] {
    const Roster roster = someRoster();
    Roster again;
    const auto out = import(again, files({{"d", roster.exportCsv("delegates").value()},
                                          {"s", roster.exportCsv("sites").value()},
                                          {"a", roster.exportCsv("areas").value()}}));
    for (const auto& problem : out.report.problems()) RC_LOG() << problem.ShortDebugString() << "\n";
    RC_ASSERT(out.report.applied());
    RC_ASSERT(whole(again) == whole(roster));
    RC_ASSERT(again.delegateCount() == roster.delegateCount());
  }));
}

TEST_CASE("No bytes of a file make the import do anything but say so") {
  CHECK(rc::check("arbitrary content", [] {
    Roster roster = city();
    const std::string before = whole(roster);
    const std::string header =
        *rc::gen::element<std::string>("area_id,parent_id,name\n", "site_id,area_id,name\n", "");
    const auto out =
        import(roster, files({{"x", header + *hostileText() + *rc::gen::arbitrary<std::string>()}}));
    RC_ASSERT(out.report.applied() == (out.report.problems_total() == 0));
    if (!out.report.applied()) RC_ASSERT(whole(roster) == before && out.batch.empty());
  }));
}

TEST_CASE("An export has a mark, a header, and an apostrophe before what a spreadsheet would run") {
  Roster roster = city();
  REQUIRE(
      import(roster, files({{"d", "delegate_id,site_id,name\nd8,s3,=1+1\nd9,s3,'=1+1\n"}})).report.applied());
  CHECK(roster.delegate("d8")->name() == "=1+1");
  CHECK(roster.delegate("d9")->name() == "=1+1");  // the guard of a spreadsheet's own
  CHECK_THAT(roster.exportCsv("delegates").value(),
             Catch::StartsWith("\xEF\xBB\xBF"
                               "delegate_id,site_id,name,unit,title\r\n") &&
                 Catch::Contains("d8,s3,'=1+1,,\r\n"));
  CHECK_THAT(roster.exportCsv("sites").value(),
             Catch::Contains("s1,n1,Hội trường Đống Đa,big|4g,Nguyễn Văn A,'+84 "
                             "912 345 678,120,,\r\n"));
  const auto unknown = roster.exportCsv("people");
  REQUIRE_FALSE(unknown.has_value());
  CHECK_THAT(unknown.error().text, Catch::Contains("people"));
}

}  // namespace diemcau::core
