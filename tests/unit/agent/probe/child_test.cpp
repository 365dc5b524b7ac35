// The agent's words to a probe child.
#include "agent/probe/child.hpp"

#include <unistd.h>

#include "agent/probe/line_reader.hpp"
#include "agent/probe/show_time.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hand_clock.hpp"

namespace diemcau::probe {
namespace {

TEST_CASE("words") {
  CHECK(parseWord("hide").kind == ChildWord::kHide);
  CHECK(parseWord("light").kind == ChildWord::kLight);
  CHECK(parseWord("full").kind == ChildWord::kFull);
  CHECK(parseWord("quit").kind == ChildWord::kQuit);
  CHECK(parseWord("quit ").kind == ChildWord::kQuit);
  CHECK(parseWord("prepare").kind == ChildWord::kPrepare);
  const ChildWord show = parseWord("show 1795356404000000");
  CHECK(show.kind == ChildWord::kShow);
  CHECK(show.at == 1795356404000000);
  for (const char* bad :
       {"", "show", "show ", "show x", "show -1", "show 1 2", "show 99999999999999999999", "SHOW 1"}) {
    CAPTURE(bad);
    CHECK(parseWord(bad).kind == ChildWord::kUnknown);
  }
}

TEST_CASE("a wall clock that is set while the probe waits does not open the picture") {
  test::HandClock clock;
  const ShowTime at(clock.wall() + 10 * kSecond, clock);
  clock.steady_at += 4 * kSecond;
  for (const Micros jump : {kHour, -2 * kHour}) {
    clock.offset += jump;
    CHECK(at.left(clock) == 6 * kSecond);
  }
  clock.steady_at += 6 * kSecond;
  CHECK(at.left(clock) == 0);
}

TEST_CASE("setup") {
  const auto setup = parseSetup(R"({"feed":{"id":"main","uri":"test://"},"profile":{"width":1280}})");
  REQUIRE(setup);
  CHECK(setup->feed().id() == "main");
  CHECK(setup->profile().width() == 1280);
  CHECK(setup->feed().depth() == v1::Depth::light);
  CHECK(parseSetup(R"({"feed":{"uri":"test://","depth":"full"}})")->feed().depth() == v1::Depth::full);
  CHECK_FALSE(parseSetup("{"));
  CHECK_FALSE(parseSetup(R"({"feet":1})"));
  const auto brief = parseSetup(R"({"feed":{"uri":"srt://h:1","passphrase":"short"}})");
  REQUIRE_FALSE(brief);
  CHECK(brief.error().text.find("short") == std::string::npos);  // never repeats a secret
}

TEST_CASE("lines from a pipe") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  LineReader reader(ends[0]);
  const auto write = [&](const std::string& text) {
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  };
  write("one\r\ntwo\nthr");
  CHECK(reader.read() == std::vector<std::string>{"one", "two"});
  write("ee\n");
  CHECK(reader.read() == std::vector<std::string>{"three"});
  CHECK_FALSE(reader.ended());
  SECTION("the end") {
    close(ends[1]);
    CHECK(reader.read().empty());
    CHECK(reader.ended());
  }
  SECTION("a line without an end is cut off") {
    const std::string much(4096, 'x');
    for (std::size_t sent = 0; sent <= LineReader::kLongest; sent += much.size()) {
      write(much);
      CHECK(reader.read().empty());
    }
    CHECK(reader.ended());
    close(ends[1]);
  }
  close(ends[0]);
}

}  // namespace
}  // namespace diemcau::probe
