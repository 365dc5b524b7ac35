// Lines that a demo or a drill writes.
#include "tests/fleet/command.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;
using fleet::Command;
using fleet::parseCommand;

TEST_CASE("commands are read") {
  const auto feed = parseCommand("feed main black").value();
  CHECK(feed.kind == Command::Kind::kFeed);
  CHECK(feed.name == "main");
  CHECK(feed.condition == v1::Condition::black);
  CHECK(parseCommand("feed main ok").value().condition == v1::Condition::none);
  CHECK(parseCommand("  feed\tbackup   no_signal\r").value().condition == v1::Condition::no_signal);
  const auto cut = parseCommand("area khu-01 cut").value();
  CHECK(cut.kind == Command::Kind::kArea);
  CHECK(cut.name == "khu-01");
  CHECK(cut.cut);
  CHECK_FALSE(parseCommand("area khu-01 back").value().cut);
  const auto alone = parseCommand("site D0001 cut").value();
  CHECK(alone.kind == Command::Kind::kSiteLine);
  CHECK(alone.name == "D0001");
  CHECK(alone.cut);
  CHECK_FALSE(parseCommand("site D0001 back").value().cut);
  const auto seen = parseCommand("site D0001 main black").value();
  CHECK(seen.kind == Command::Kind::kSiteFeed);
  CHECK(seen.name == "D0001");
  CHECK(seen.feed == "main");
  CHECK(seen.condition == v1::Condition::black);
  CHECK(parseCommand("site D0001 main ok").value().condition == v1::Condition::none);
  CHECK(parseCommand("ledger").value().kind == Command::Kind::kLedger);
  CHECK(parseCommand("headcounts").value().kind == Command::Kind::kHeadcounts);
  CHECK(parseCommand("status").value().kind == Command::Kind::kStatus);
  CHECK(parseCommand("quit").value().kind == Command::Kind::kQuit);
}

TEST_CASE("what is no command is refused with the list of commands") {
  for (const char* bad :
       {"", "   ", "stop", "feed", "feed main", "feed main purple", "feed main none", "feed m/n black",
        "area x", "area x gone", "area x main black", "feed main black D0001", "site x", "site x gone",
        "site x main purple", "site x m/n ok", "status now please", "quit now", "sing a song"}) {
    INFO(bad);
    const auto got = parseCommand(bad);
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find("headcounts, status, quit") != std::string::npos);
  }
  CHECK_FALSE(parseCommand(std::string(100'000, 'x')));
}
