// What a person may enter at the desk, and what is refused with which reason.
#include "agent/desk/desk_acts.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/agent/desk/desk_site.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;

namespace {

struct Row {
  const char* what;
  Act act;
  std::string body;
  ErrorCode code;
};

}  // namespace

TEST_CASE("what is right becomes a record of the present session and sitting") {
  DeskSite site;
  const auto count =
      readAct(Act::kHeadcount, R"({"by":"  Phạm Dung ","headcount":{"present":57,"absent":2,"note":"đủ"}})",
              site.follower, site.book, site.now);
  REQUIRE(count);
  CHECK(count->session_id() == "s1");
  CHECK(count->sitting_id() == "sang");
  CHECK(count->by() == "Phạm Dung");
  CHECK(count->at_us() == site.now.coordinator);
  CHECK(count->headcount().present() == 57);

  const auto afternoon = readAct(
      Act::kCheckIn,
      R"({"by":"Dung","sitting_id":"chieu","check_in":{"delegate_id":"d2","state":"excused","reason":"ốm"}})",
      site.follower, site.book, site.now);
  REQUIRE(afternoon);
  CHECK(afternoon->sitting_id() == "chieu");
  CHECK(afternoon->check_in().state() == v1::Presence::excused);

  const auto sign_off =
      readAct(Act::kConfirm, R"({"by":"Tám","sitting_id":"sang","sign_off":{"screen":true}})", site.follower,
              site.book, site.now);
  REQUIRE(sign_off);
  CHECK(sign_off->sitting_id().empty());

  // Who calls for help need not stop to type a name.
  CHECK(readAct(Act::kHelp, R"({"help":{"topic":"no_picture"}})", site.follower, site.book, site.now));
}

TEST_CASE("what is wrong is refused with a sentence in both languages") {
  DeskSite site;
  const std::vector<Row> rows{
      {"not JSON", Act::kHelp, "picture!", ErrorCode::kInvalid},
      {"an unknown field", Act::kHelp, R"({"help":{"volume":11}})", ErrorCode::kInvalid},
      {"nobody's name", Act::kHeadcount, R"({"headcount":{"present":1}})", ErrorCode::kInvalid},
      {"a name of spaces", Act::kConfirm, R"({"by":"   ","sign_off":{}})", ErrorCode::kInvalid},
      {"a name without end", Act::kConfirm, R"({"by":")" + std::string(101, 'a') + R"(","sign_off":{}})",
       ErrorCode::kInvalid},
      {"another body", Act::kHeadcount, R"({"by":"An","help":{}})", ErrorCode::kInvalid},
      {"no body", Act::kCheckIn, R"({"by":"An"})", ErrorCode::kInvalid},
      {"too many people", Act::kHeadcount, R"({"by":"An","headcount":{"online":100001}})",
       ErrorCode::kInvalid},
      {"fewer than none", Act::kHeadcount, R"({"by":"An","headcount":{"online":-1}})", ErrorCode::kInvalid},
      {"an unknown session", Act::kHeadcount, R"({"by":"An","session_id":"s9","headcount":{}})",
       ErrorCode::kNotFound},
      {"an unknown sitting", Act::kHeadcount, R"({"by":"An","sitting_id":"toi","headcount":{}})",
       ErrorCode::kNotFound},
      {"an unknown delegate", Act::kCheckIn,
       R"({"by":"An","check_in":{"delegate_id":"d9","state":"present"}})", ErrorCode::kNotFound},
      {"an unknown state", Act::kCheckIn, R"({"by":"An","check_in":{"delegate_id":"d1","state":"asleep"}})",
       ErrorCode::kInvalid},
      {"a state by number", Act::kCheckIn, R"({"by":"An","check_in":{"delegate_id":"d1","state":77}})",
       ErrorCode::kInvalid},
      {"an unknown topic", Act::kHelp, R"({"help":{"topic":99}})", ErrorCode::kInvalid},
      {"its own id", Act::kHelp, R"({"id":"x","help":{}})", ErrorCode::kInvalid},
      {"its own number", Act::kHelp, R"({"number":"7","help":{}})", ErrorCode::kInvalid},
      {"a word of this program's", Act::kHelp, R"({"held":true,"help":{}})", ErrorCode::kInvalid},
      {"an undo of nothing", Act::kUndo, R"({"by":"An"})", ErrorCode::kNotFound},
      {"an undo by nobody", Act::kUndo, R"({"corrects_id":"00000000000000000000000000000001"})",
       ErrorCode::kInvalid},
      {"a correction of nonsense", Act::kHeadcount, R"({"by":"An","corrects_id":"../x","headcount":{}})",
       ErrorCode::kInvalid},
      {"a note without end", Act::kHeadcount,
       R"({"by":"An","headcount":{"note":")" + std::string(501, 'a') + R"("}})", ErrorCode::kInvalid},
      {"bytes that are no text", Act::kHelp, "{\"help\":{\"text\":\"\xff\xfe\"}}", ErrorCode::kInvalid},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto record = readAct(row.act, row.body, site.follower, site.book, site.now);
    REQUIRE_FALSE(record);
    CHECK((record.error().code == row.code || record.error().code == ErrorCode::kTooBig));
    CHECK_FALSE(record.error().text.empty());
  }
}

TEST_CASE("control and direction characters are taken out") {
  DeskSite site;
  const auto record =
      readAct(Act::kHelp, "{\"by\":\"An\\u202e\\u0007\",\"help\":{\"text\":\"a\\u0000b\\u2066c\"}}",
              site.follower, site.book, site.now);
  REQUIRE(record);
  CHECK(record->by() == "An");
  CHECK(record->help().text() == "abc");
}

TEST_CASE("without a session only help can be called") {
  Follower nobody;
  const Now now;
  CHECK(readAct(Act::kHelp, R"({"help":{"topic":"no_connection"}})", nobody, Book(), now));
  const auto count =
      readAct(Act::kHeadcount, R"({"by":"An","headcount":{"present":1}})", nobody, Book(), now);
  REQUIRE_FALSE(count);
  CHECK(count.error().code == ErrorCode::kConflict);
  CHECK_FALSE(count.error().vi.empty());
}

namespace {

const std::string kId = "0123456789abcdef0123456789abcdef";

std::string at(Micros moment) {
  return R"(,"at_us":")" + std::to_string(moment) + "\"";
}

}  // namespace

TEST_CASE("what a device kept says itself when it was entered, within reason") {
  DeskSite site;
  const auto read = [&](const std::string& more) {
    return readAct(Act::kHeadcount,
                   R"({"by":"An","headcount":{"present":1},"id":")" + kId + "\"" + more + "}", site.follower,
                   site.book, site.now)
        .value();
  };
  CHECK(read("").id() == kId);
  CHECK(read("").at_us() == kMorning);
  CHECK_FALSE(read("").held());
  // On its way for a moment only: the agent's own clock says when.
  CHECK(read(at(kMorning - kSecond)).at_us() == kMorning);
  CHECK_FALSE(read(at(kMorning - kSecond)).held());
  const auto kept = read(at(kMorning - kHour));
  CHECK(kept.at_us() == kMorning - kHour);
  CHECK(kept.held());
  // A device whose clock runs ahead, and one that lost all sense of time.
  CHECK(read(at(kMorning + kHour)).at_us() == kMorning);
  CHECK(read(at(5)).at_us() == kMorning - kOldestHeld);
}

TEST_CASE("undo puts back what counted before, as a correction") {
  DeskSite site;
  const auto enter = [&](Act act, const std::string& body) {
    auto record = readAct(act, body, site.follower, site.book, site.now).value();
    record.set_id(std::string(31, '0') + std::to_string(site.appended.size()));
    REQUIRE(site.append(record));
    return record.id();
  };
  const auto undo = [&](const std::string& id) {
    return readAct(Act::kUndo, R"({"by":"Hoa","corrects_id":")" + id + "\"}", site.follower, site.book,
                   site.now);
  };
  const auto first = enter(Act::kHeadcount, R"({"by":"An","headcount":{"present":50}})");
  CHECK(undo(first).error().code == ErrorCode::kConflict);
  const auto second = enter(Act::kHeadcount, R"({"by":"An","headcount":{"present":5}})");
  CHECK(undo(first).error().code == ErrorCode::kConflict);
  const auto back = undo(second).value();
  CHECK(back.headcount().present() == 50);
  CHECK(back.corrects_id() == second);
  CHECK(back.by() == "Hoa");
  CHECK(back.sitting_id() == "sang");

  const auto here = enter(Act::kCheckIn, R"({"by":"An","check_in":{"delegate_id":"d1","state":"present"}})");
  CHECK(undo(here).value().check_in().state() == v1::Presence::not_marked);
  CHECK(undo(here).value().check_in().delegate_id() == "d1");
  const auto away = enter(Act::kCheckIn, R"({"by":"An","check_in":{"delegate_id":"d1","state":"absent"}})");
  CHECK(undo(away).value().check_in().state() == v1::Presence::present);
}

TEST_CASE("names of acts") {
  CHECK(actNamed("confirm").value() == Act::kConfirm);
  CHECK(actNamed("headcount").value() == Act::kHeadcount);
  CHECK(actNamed("checkin").value() == Act::kCheckIn);
  CHECK(actNamed("help").value() == Act::kHelp);
  CHECK(actNamed("undo").value() == Act::kUndo);
  CHECK_FALSE(actNamed("../secret"));
}
