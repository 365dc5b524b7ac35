// Cues as people and scripts write them.
#include "tests/studio/cue.hpp"

#include "tests/support/catch.hpp"

namespace diemcau::studio {

TEST_CASE("commands that are understood") {
  struct Row {
    const char* line;
    Command::Kind kind;
    const char* feed;
    Fault fault;
    Micros length;
  };
  const Row rows[] = {
      {"main black 8", Command::Kind::kCue, "main", Fault::kBlack, 8 * kSecond},
      {"  main\tfreeze   2.5 \r", Command::Kind::kCue, "main", Fault::kFreeze, 2'500'000},
      {"backup silence", Command::Kind::kCue, "backup", Fault::kSilence, 0},
      {"backup low_bitrate 0", Command::Kind::kCue, "backup", Fault::kLowBitrate, 0},
      {"all cut 5", Command::Kind::kCue, "all", Fault::kCut, 5 * kSecond},
      {"main no_audio 86400", Command::Kind::kCue, "main", Fault::kNoAudio, kLongestCue},
      {"main ok", Command::Kind::kOk, "main", Fault::kBlack, 0},
      {"quit", Command::Kind::kQuit, "", Fault::kBlack, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const auto command = parseCommand(row.line);
    REQUIRE(command);
    CHECK(command->kind == row.kind);
    CHECK((row.kind == Command::Kind::kCue ? command->cue.feed : command->feed) == row.feed);
    if (row.kind != Command::Kind::kCue) continue;
    CHECK(command->cue.fault == row.fault);
    CHECK(command->cue.length == row.length);
  }
}

TEST_CASE("what is not a command says what to write") {
  struct Row {
    const char* line;
    const char* says;
  };
  const Row rows[] = {
      {"", "FEED FAULT"},
      {"main", "FEED FAULT"},
      {"main black 8 9", "FEED FAULT"},
      {"main blakc 8", "unknown fault 'blakc'"},
      {"main BLACK 8", "low_bitrate"},
      {"ma/in black 8", "cannot be a feed's name"},
      {"main black -1", "seconds from 0"},
      {"main black nan", "seconds from 0"},
      {"main black inf", "seconds from 0"},
      {"main black 86401", "seconds from 0"},
      {"main black 8s", "seconds from 0"},
      {"main black 1e3", "seconds from 0"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const auto command = parseCommand(row.line);
    REQUIRE_FALSE(command);
    CHECK(command.error().code == ErrorCode::kInvalid);
    CHECK_THAT(command.error().text, Catch::Contains(row.says));
  }
}

TEST_CASE("cues with a time") {
  const auto cue = parseTimedCue("12.5 main corruption 8");
  REQUIRE(cue);
  CHECK(cue->at == 12'500'000);
  CHECK(cue->cue.feed == "main");
  CHECK(cue->cue.fault == Fault::kCorruption);
  CHECK(cue->cue.length == 8 * kSecond);
  for (const char* bad : {"", "main black 8", "12", "12 main", "-1 main black 8", "12 main grey 8"}) {
    CAPTURE(bad);
    CHECK_FALSE(parseTimedCue(bad));
  }
}

TEST_CASE("every fault has a word that leads back to it") {
  for (std::size_t i = 0; i < kFaults; ++i) {
    const Fault fault = faultAt(i);
    const auto command = parseCommand("main " + std::string(faultWord(fault)));
    REQUIRE(command);
    CHECK(command->cue.fault == fault);
    CHECK_THAT(faultWords(), Catch::Contains(std::string(faultWord(fault))));
  }
}

}  // namespace diemcau::studio
