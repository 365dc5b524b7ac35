// What still counts of a site's own records.
#include "agent/core/book.hpp"

#include <fmt/format.h>

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::agent;

namespace {

struct Writer {
  std::uint64_t number = 0;
  v1::Record record(const std::string& session, const std::string& sitting) {
    v1::Record record;
    record.set_number(++number);
    record.set_id(fmt::format("r{}", number));
    record.set_session_id(session);
    record.set_sitting_id(sitting);
    return record;
  }
  v1::Record checkIn(const std::string& delegate, v1::Presence::State state,
                     const std::string& sitting = "am") {
    auto made = record("s1", sitting);
    made.mutable_check_in()->set_delegate_id(delegate);
    made.mutable_check_in()->set_state(state);
    return made;
  }
  v1::Record headcount(std::uint32_t present, const std::string& session = "s1") {
    auto made = record(session, "am");
    made.mutable_headcount()->set_present(present);
    return made;
  }
  v1::Record help(const std::string& session = "s1") {
    auto made = record(session, "");
    made.set_at_us(static_cast<std::int64_t>(number) * 1000);
    made.mutable_help()->set_topic(v1::HelpRequest::no_sound);
    return made;
  }
};

v1::SiteRoster roster(std::initializer_list<const char*> ids) {
  v1::SiteRoster roster;
  for (const auto* id : ids) roster.add_delegates()->set_id(id);
  return roster;
}

}  // namespace

TEST_CASE("the newest counts") {
  Writer writer;
  Book book;
  const auto first = writer.headcount(10), second = writer.headcount(12);
  book.add(first);
  book.add(second);
  REQUIRE(book.headcount("s1", "am") != nullptr);
  CHECK(book.headcount("s1", "am")->headcount().present() == 12);
  CHECK(book.headcount("s1", "pm") == nullptr);
  CHECK(book.headcount("s2", "am") == nullptr);
  // After a damaged spool was rebuilt numbers begin anew.
  auto rebuilt = writer.headcount(13);
  rebuilt.set_number(1);
  book.add(rebuilt);
  CHECK(book.headcount("s1", "am")->headcount().present() == 13);
  const auto version = book.version();
  book.add(rebuilt);
  CHECK(book.version() == version);
}

TEST_CASE("what a device kept counts from when it was entered; what is entered now counts now") {
  Writer writer;
  Book book;
  const auto at = [&](std::uint32_t present, std::int64_t moment, bool held) {
    auto record = writer.headcount(present);
    record.set_at_us(moment);
    record.set_held(held);
    book.add(record);
    return record.id();
  };
  at(10, 100, false);
  const auto late = at(11, 50, true);
  CHECK(book.headcount("s1", "am")->headcount().present() == 10);
  CHECK(book.knows(late));
  at(12, 150, true);
  CHECK(book.headcount("s1", "am")->headcount().present() == 12);
  // The clock of this computer was set back in between.
  at(13, 90, false);
  CHECK(book.headcount("s1", "am")->headcount().present() == 13);
  at(14, 140, true);
  CHECK(book.headcount("s1", "am")->headcount().present() == 13);
}

TEST_CASE("the last changes of a sitting, each with what it replaced, also after a restart") {
  Writer writer;
  Book book;
  book.add(writer.headcount(10));
  const auto first = writer.checkIn("a", v1::Presence::present);
  book.add(first);
  const auto second = writer.headcount(12);
  book.add(second);
  book.add(writer.checkIn("b", v1::Presence::present, "pm"));
  book.add(writer.help());
  const auto look = [&](const Book& of) {
    const auto changes = of.changes("s1", "am", 5);
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].now->id() == second.id());
    REQUIRE(changes[0].before != nullptr);
    CHECK(changes[0].before->headcount().present() == 10);
    CHECK(changes[1].now->id() == first.id());
    CHECK(changes[1].before == nullptr);
    CHECK(of.changes("s1", "am", 1).size() == 1);
    CHECK(of.change(second.id())->before->headcount().present() == 10);
    CHECK_FALSE(of.change("r1"));
  };
  look(book);
  Book again;
  const auto kept = book.keep({"s1"});
  for (const auto& record : kept.records()) again.add(record);
  look(again);
}

TEST_CASE("names are counted once each, per sitting, and only those on the roster") {
  Writer writer;
  Book book;
  book.add(writer.checkIn("a", v1::Presence::absent));
  book.add(writer.checkIn("a", v1::Presence::present));
  book.add(writer.checkIn("b", v1::Presence::online));
  book.add(writer.checkIn("gone", v1::Presence::present));
  book.add(writer.checkIn("c", v1::Presence::excused, "pm"));
  const auto counts = book.byName("s1", "am", roster({"a", "b", "c", "d"}));
  CHECK(counts.expected() == 4);
  CHECK(counts.present() == 1);
  CHECK(counts.online() == 1);
  CHECK(counts.absent() == 0);
  CHECK(counts.excused() == 0);
  CHECK(counts.not_marked() == 2);
}

TEST_CASE("what is kept gives the same book again, without sessions that are over") {
  Writer writer;
  Book book;
  book.add(writer.headcount(5));
  book.add(writer.checkIn("a", v1::Presence::present));
  book.add(writer.help());
  book.add(writer.headcount(7, "over"));
  Book again;
  const auto kept = book.keep({"s1"});
  for (const auto& record : kept.records()) again.add(record);
  CHECK(kept.records_size() == 3);
  CHECK(again.headcount("s1", "am")->headcount().present() == 5);
  CHECK(again.checkIn("s1", "am", "a") != nullptr);
  CHECK(again.help("s1").size() == 1);
  CHECK(again.headcount("over", "am") == nullptr);
}

TEST_CASE("calls for help: the newest twenty, oldest first") {
  Writer writer;
  Book book;
  for (int i = 0; i < 30; ++i) book.add(writer.help());
  const auto calls = book.help("s1");
  REQUIRE(calls.size() == Book::kMostHelp);
  CHECK(calls.front()->number() == 11);
  CHECK(calls.back()->number() == 30);
}
