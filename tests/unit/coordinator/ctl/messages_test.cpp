// From words to messages.
#include "coordinator/ctl/messages.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::ctl;

namespace {

constexpr const char* kZone = "Asia/Ho_Chi_Minh";
const Micros kNow = *parseTime("2026-03-01T09:30:00+07:00");

std::string local(const Result<Micros>& at) {
  return at ? formatLocal(*at, kZone) : at.error().text;
}

}  // namespace

TEST_CASE("times as people write them") {
  struct Row {
    const char *text, *expected;
  };
  const Row rows[] = {{"2026-03-02T08:00:00+07:00", "02/03/2026 08:00:00"},
                      {"2026-03-02T01:00:00Z", "02/03/2026 08:00:00"},
                      {"2026-03-02 08:00", "02/03/2026 08:00:00"},
                      {"02/03/2026 08:00", "02/03/2026 08:00:00"},
                      {"2/3/2026 08:00", "02/03/2026 08:00:00"},
                      {"10:15", "01/03/2026 10:15:00"},
                      {"08:00", "02/03/2026 08:00:00"},
                      {"8:00", "02/03/2026 08:00:00"},
                      {"+15m", "01/03/2026 09:45:00"},
                      {"+90s", "01/03/2026 09:31:30"},
                      {"+2h", "01/03/2026 11:30:00"}};
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(local(readWhen(row.text, kZone, kNow)) == row.expected);
  }
  for (const char* bad :
       {"", "mai", "+", "+5", "+5d", "25:00", "32/03/2026 08:00", "2026-13-01 08:00", "08:00:xx"}) {
    INFO(bad);
    const auto at = readWhen(bad, kZone, kNow);
    REQUIRE_FALSE(at);
    CHECK(at.error().text.find("08:00") != std::string::npos);
    CHECK_FALSE(at.error().vi.empty());
  }
}

TEST_CASE("what a feed must be") {
  const auto all = readProfile("1280x720@25,h264,aac,500-6000kbps");
  REQUIRE(all);
  CHECK(all->width() == 1280);
  CHECK(all->height() == 720);
  CHECK(all->fps() == 25);
  CHECK(all->video_codec() == "h264");
  CHECK(all->audio_codec() == "aac");
  CHECK(all->min_bitrate_kbps() == 500);
  CHECK(all->max_bitrate_kbps() == 6000);
  CHECK(readProfile("1920x1080")->fps() == 0);
  CHECK(readProfile("video=none,aac")->video_codec() == "none");
  CHECK(readProfile("h264,audio=none")->audio_codec() == "none");
  CHECK(readProfile("@29.97")->fps() == Approx(29.97));
  CHECK(readProfile("@29.97")->width() == 0);
  for (const char* bad : {"", "1280", "1280x", "x720", "1280x720@", "1280x720@abc", "h263", "6000-500kbps",
                          "500kbps", "h264,,aac"}) {
    INFO(bad);
    const auto profile = readProfile(bad);
    REQUIRE_FALSE(profile);
    CHECK(profile.error().text.find("1280x720@25") != std::string::npos);
  }
}

TEST_CASE("a new session takes everything that was said") {
  const auto secret = std::filesystem::temp_directory_path() / "diemcau-ctl-secret.txt";
  std::ofstream(secret) << "mat-khau-luong\n";
  SessionArguments edit;
  edit.title = "Giao ban";
  edit.start = "02/03/2026 08:00";
  edit.end = "11:30";
  edit.feeds = {"main=srt://192.0.2.10:7001?latency=200", "backup=http://192.0.2.11/x.m3u8"};
  edit.passphrases = {"main=" + secret.string()};
  edit.sittings = {"sang=Buổi sáng", "chieu=Buổi chiều"};
  edit.expect = "1280x720@25,h264";
  edit.auto_start = true;
  edit.arm_lead = 300;
  edit.rehearse_leads = {1800, 600};
  edit.selection.areas = {"q1"};
  edit.selection.tags = {"vip"};
  const auto session = newSession(edit, kNow);
  std::filesystem::remove(secret);
  REQUIRE(session);
  CHECK(session->title() == "Giao ban");
  CHECK(formatLocal(session->scheduled_start_us(), kZone) == "02/03/2026 08:00:00");
  CHECK(formatLocal(session->scheduled_end_us(), kZone) == "02/03/2026 11:30:00");
  REQUIRE(session->feeds_size() == 2);
  CHECK(session->feeds(0).uri() == "srt://192.0.2.10:7001?latency=200");
  CHECK(session->feeds(0).passphrase() == "mat-khau-luong");
  CHECK(session->feeds(1).id() == "backup");
  REQUIRE(session->sittings_size() == 2);
  CHECK(session->sittings(1).title() == "Buổi chiều");
  CHECK(session->profile().width() == 1280);
  CHECK(session->auto_start());
  CHECK(session->arm_lead_s() == 300);
  CHECK(session->rehearsal_leads_s_size() == 2);
  CHECK(session->selection().area_ids(0) == "q1");
  CHECK(session->selection().tags(0) == "vip");
}

TEST_CASE("an update leaves alone what was not said") {
  v1::Session session;
  session.set_title("cũ");
  session.add_feeds()->set_id("main");
  session.set_auto_start(true);
  session.mutable_selection()->set_everyone(true);
  SessionArguments edit;
  edit.title = "mới";
  REQUIRE(applyEdit(edit, kNow, session));
  CHECK(session.title() == "mới");
  CHECK(session.feeds_size() == 1);
  CHECK(session.auto_start());
  CHECK(session.selection().everyone());
  edit.auto_start = false;
  REQUIRE(applyEdit(edit, kNow, session));
  CHECK_FALSE(session.auto_start());
}

TEST_CASE("pairs without a value are told with an example") {
  SessionArguments edit;
  edit.feeds = {"srt://192.0.2.10:7001"};
  CHECK(newSession(edit, kNow).error().text.find("main=srt://") != std::string::npos);
  edit.feeds = {"=x"};
  CHECK_FALSE(newSession(edit, kNow));
  edit.feeds.clear();
  edit.sittings = {"sang"};
  CHECK_FALSE(newSession(edit, kNow));
  edit.sittings.clear();
  edit.passphrases = {"main=/nowhere/at/all"};
  CHECK_FALSE(newSession(edit, kNow));
}

TEST_CASE("texts, pins and headcounts say what is missing") {
  Arguments arguments;
  arguments.text = "xin chào";
  CHECK_FALSE(sendText(arguments));
  arguments.selection.sites = {"s1"};
  CHECK(sendText(arguments)->selection().site_ids(0) == "s1");
  arguments.sites = {"s1", "s2"};
  CHECK_FALSE(pinFeed(arguments));
  arguments.feed = "backup";
  CHECK(pinFeed(arguments)->feed_id() == "backup");
  arguments.automatic = true;
  CHECK_FALSE(pinFeed(arguments));
  arguments.feed.clear();
  CHECK(pinFeed(arguments)->feed_id().empty());
  arguments.id = "p1";
  arguments.site = "s1";
  arguments.present = 62;
  arguments.excused = 3;
  CHECK(enterAttendance(arguments)->headcount().present() == 62);
  CHECK(enterAttendance(arguments)->headcount().excused() == 3);
  arguments.corrects = "abc";
  CHECK_FALSE(enterAttendance(arguments));
  arguments.reason = "ghi nhầm";
  CHECK(enterAttendance(arguments)->corrects_id() == "abc");
}
