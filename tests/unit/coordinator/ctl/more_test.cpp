// Commands of what is made from others, put aside, looked back at and tested: the right body to the right
// place, and what is shown of the answer.
#include "base/json.hpp"
#include "diemcau/v1/history.pb.h"
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/ctl/canned.hpp"

namespace diemcau::ctl::test {

TEST_CASE("an alarm is put aside until a moment, for a reason") {
  CannedCoordinator at;
  at.answer("POST /api/v1/alarms/a-3/shelve", v1::CommandReply());
  at.answer("POST /api/v1/alarms/a-3/unshelve", v1::CommandReply());
  const Micros now = systemClock().wall();
  CHECK(shell(at, {"alarm", "shelve", "a-3", "--until", "+30m", "--reason", "thợ đang đến"}).code == 0);
  v1::ShelveAlarm shelve;
  REQUIRE(readJson(at.last().body, shelve));
  CHECK(shelve.reason() == "thợ đang đến");
  CHECK(shelve.until_us() > now);
  CHECK(shell(at, {"alarm", "shelve", "a-3", "--until", "+30m"}).code == 64);
  CHECK(shell(at, {"alarm", "shelve", "a-3", "--until", "mai", "--reason", "x"}).code == 64);
  CHECK(shell(at, {"alarm", "unshelve", "a-3"}).code == 0);

  v1::AlarmHistory history;
  auto& story = *history.add_stories();
  story.mutable_alarm()->set_id("a-3");
  auto& event = *story.add_events();
  event.set_actor("Mai");
  event.mutable_text()->set_vi("tạm gác đến 09:15");
  at.answer("GET /api/v1/sessions/s-1/alarms/history", history);
  const Ran ran = shell(at, {"alarm", "history", "s-1"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "Mai"));
  CHECK(has(ran.out, "tạm gác đến 09:15"));
}

TEST_CASE("sessions are made from others, and the id is all that is printed") {
  CannedCoordinator at;
  v1::CommandReply reply;
  reply.mutable_session()->set_id("s-9");
  reply.set_id("m-4");
  at.answer("POST /api/v1/sessions/copy", toJson(reply), 201);
  at.answer("POST /api/v1/templates", toJson(reply), 201);
  at.answer("DELETE /api/v1/templates/m-4", v1::CommandReply());
  CHECK(shell(at, {"session", "copy", "s-1", "--start", "08/03/2026 08:00"}).out == "s-9\n");
  v1::CopySession copy;
  REQUIRE(readJson(at.last().body, copy));
  CHECK(copy.from_id() == "s-1");
  CHECK_FALSE(copy.from_template());
  CHECK(copy.scheduled_start_us() == 1'772'931'600'000'000);
  CHECK(shell(at, {"template", "use", "m-4", "--title", "Tuần sau"}).out == "s-9\n");
  REQUIRE(readJson(at.last().body, copy));
  CHECK(copy.from_template());
  CHECK(shell(at, {"template", "save", "s-1", "--name", "Hằng tuần"}).out == "m-4\n");
  CHECK(shell(at, {"template", "delete", "m-4"}).code == 0);
}

TEST_CASE("attendance down to the delegate, and reminders") {
  CannedCoordinator at;
  v1::DelegateAttendanceList list;
  auto& one = *list.add_delegates();
  one.mutable_delegate()->set_name("Trần Thị Bình");
  one.set_site_id("S1");
  one.add_also_at("S2");
  list.set_total(1);
  at.answer("GET /api/v1/sessions/s-1/attendance/delegates", list);
  const Ran ran = shell(at, {"attendance", "delegates", "s-1", "--area", "q1", "--search", "binh"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "Trần Thị Bình"));
  CHECK(has(ran.out, "cũng ở S2"));
  CHECK(at.last().query.at("area") == "q1");
  CHECK(at.last().query.at("q") == "binh");
  v1::CommandReply reply;
  reply.set_sites(12);
  at.answer("POST /api/v1/sessions/s-1/attendance/remind", reply);
  CHECK(has(shell(at, {"attendance", "remind", "s-1"}).out, "12"));
  at.answer("POST /api/v1/sessions/s-1/attendance", reply);
  CHECK(shell(at, {"attendance", "mark", "s-1", "S1", "d1", "excused", "--corrects", "r1"}).code == 64);
  CHECK(
      shell(at, {"attendance", "mark", "s-1", "S1", "d1", "excused", "--corrects", "r1", "--reason", "nhầm"})
          .code == 0);
  v1::EnterAttendance mark;
  REQUIRE(readJson(at.last().body, mark));
  CHECK(mark.check_in().state() == v1::Presence::excused);
  CHECK(mark.reason() == "nhầm");
}

TEST_CASE("a feed that is not good is a failure of the command") {
  CannedCoordinator at;
  v1::FeedTestReport report;
  report.mutable_text()->set_vi("màn hình đen");
  at.answer("POST /api/v1/feeds/test", report);
  const Ran bad = shell(at, {"feed", "test", "srt://192.0.2.10:7001", "--seconds", "5"});
  CHECK(bad.code == 1);
  CHECK(has(bad.out, "màn hình đen"));
  v1::FeedTest test;
  REQUIRE(readJson(at.last().body, test));
  CHECK(test.seconds() == 5);
  report.set_verdict(v1::FeedTestReport::good);
  at.answer("POST /api/v1/feeds/test", report);
  CHECK(shell(at, {"feed", "test", "srt://192.0.2.10:7001"}).code == 0);
}

TEST_CASE("a look at the past, at texts and at the last hour") {
  CannedCoordinator at;
  v1::ViewUpdate past;
  past.add_sessions()->mutable_session()->set_title("Giao ban");
  auto& site = *past.add_sites();
  site.set_site_id("S1");
  site.set_link(v1::LinkState::offline);
  at.answer("GET /api/v1/sessions/s-1/view", past);
  const Ran ran = shell(at, {"session", "replay", "s-1", "--at", "01/03/2026 08:12"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "Giao ban"));
  CHECK(at.last().query.at("at") == "1772327520000000");
  v1::SentTextList texts;
  auto& sent = *texts.add_texts();
  sent.mutable_text()->set_text("Kiểm tra loa");
  sent.set_sites(2);
  sent.set_reached(1);
  at.answer("GET /api/v1/sessions/s-1/texts", texts);
  CHECK(has(shell(at, {"session", "messages", "s-1"}).out, "1/2"));
  v1::SiteHistory history;
  history.set_step_ms(5000);
  for (const int kbps : {2000, -1, 4000}) {
    history.add_kbps(kbps);
    history.add_lost(0);
    history.add_rtt_ms(20);
    history.add_lufs(-23);
  }
  at.answer("GET /api/v1/sites/S1/history", history);
  const Ran hour = shell(at, {"site", "history", "S1"});
  CHECK(hour.code == 0);
  CHECK(has(hour.out, "▄ █"));
  CHECK(has(hour.out, "4000 kbps"));
}

}  // namespace diemcau::ctl::test
