// The report's page: what a director looks for is on it, in both languages, and nothing that a person typed
// is HTML.
#include "coordinator/report/report_html.hpp"

#include <sodium.h>

#include <set>

#include "base/text.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::report {
namespace {

using Catch::Contains;

const Micros kGo = parseTime("2026-03-01T08:00:00+07:00").value();

core::Roster roster() {
  core::Roster out;
  v1::RosterImport files;
  const auto add = [&](const char* name, const char* content) {
    files.add_files()->set_name(name);
    files.mutable_files(files.files_size() - 1)->set_content(content);
  };
  add("a", "area_id,parent_id,name\ncity,,Thành phố\nnorth,city,Quận Bắc\nsouth,city,Quận Nam & Đông\n");
  add("s", "site_id,area_id,name\ns1,north,Hội trường Đống Đa\ns2,south,Nhà văn hóa\n");
  add("d", "delegate_id,site_id,name\nd1,s1,Trần Thị Bình\n");
  core::StoreBatch batch;
  std::set<std::string> changed;
  REQUIRE(out.import(files, 1, batch, changed).applied());
  return out;
}

v1::SessionReport sample() {
  v1::SessionReport report;
  v1::Session& session = *report.mutable_session();
  session.set_id("briefing");
  session.set_title("Hội nghị tháng 3");
  session.set_time_zone("Asia/Ho_Chi_Minh");
  session.set_go_at_us(kGo);
  session.set_start_at_us(kGo + 5 * kSecond);
  v1::Sitting& sitting = *session.add_sittings();
  sitting.set_id("morning");
  sitting.set_title("Buổi sáng");
  v1::LaunchReport& launch = *report.mutable_launch();
  launch.set_sites(2);
  launch.set_started(1);
  launch.set_failed(1);
  launch.set_last_ack_ms(312.25);
  v1::Outcome& started = *report.add_outcomes();
  started.set_site_id("s1");
  started.set_state(v1::Outcome::started);
  started.set_acked_us(kGo + 80 * kMillisecond);
  v1::Outcome& failed = *report.add_outcomes();
  failed.set_site_id("s2");
  failed.set_state(v1::Outcome::failed);
  failed.set_acked_us(kGo + 312 * kMillisecond);
  *failed.mutable_reason() = text("Không có hình", "No picture");
  v1::Alarm& alarm = *report.add_alarms();
  alarm.set_raised_us(kGo + kMinute);
  alarm.set_cleared_us(kGo + 2 * kMinute);
  alarm.set_state(v1::Alarm::cleared);
  alarm.set_scope(v1::Alarm::source);
  alarm.set_sites_peak(2);
  alarm.set_acked_by("Lan");
  *alarm.mutable_text() = text("Luồng chính bị đen", "The main feed is black");
  v1::SittingAttendance& all = *report.add_attendance();
  all.set_sitting_id("morning");
  all.set_sites(2);
  all.set_reported_sites(1);
  all.mutable_total()->set_expected(12);
  all.mutable_total()->set_present(7);
  all.mutable_total()->set_online(2);
  for (const char* id : {"city", "north", "south"}) {
    v1::AreaAttendance& area = *all.add_by_area();
    area.set_area_id(id);
    area.mutable_counted()->set_expected(6);
    area.mutable_counted()->set_present(4);
  }
  v1::SiteAttendance& site = *all.add_by_site();
  site.set_site_id("s1");
  site.set_reported(true);
  site.set_by("Hà");
  site.set_differs(true);
  all.add_by_site()->set_site_id("s2");
  v1::AttendanceConflict& conflict = *all.add_conflicts();
  conflict.set_delegate_id("d1");
  conflict.add_site_ids("s1");
  conflict.add_site_ids("s2");
  v1::LedgerRecord& help = *report.add_help_requests();
  help.set_site_id("s2");
  help.mutable_record()->mutable_help()->set_topic(v1::HelpRequest::no_sound);
  v1::LedgerRecord& sign_off = *report.add_sign_offs();
  sign_off.set_site_id("s1");
  sign_off.mutable_record()->set_by("Anh Ba");
  sign_off.mutable_record()->mutable_sign_off()->set_screen(true);
  v1::TimelineEntry& entry = *report.add_timeline();
  entry.set_actor("Lan");
  entry.set_kind("session.live");
  report.set_records(17);
  return report;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

// Every element that is opened is closed, in order: our page has no void elements but meta and rect, line,
// polyline.
bool balanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = html.substr(at + 1, end - at - 1);
    if (tag[0] == '!' || tag.back() == '/' || tag.rfind("meta", 0) == 0) continue;
    const std::string name = tag.substr(tag[0] == '/', tag.find(' ') - (tag[0] == '/'));
    if (tag[0] != '/') {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

}  // namespace

TEST_CASE("The page says in Vietnamese what happened, with names and local times") {
  const std::string html = reportHtml(sample(), roster(), false);
  CHECK_THAT(html, Catch::StartsWith("<!doctype html>") && Contains("lang=\"vi\""));
  CHECK_THAT(html, Contains("<h1>Hội nghị tháng 3</h1>"));
  CHECK_THAT(html, Contains("01/03/2026 08:00:05"));
  CHECK_THAT(html, Contains("Nhà văn hóa (s2)") && Contains("Không có hình"));
  CHECK_THAT(html, Contains("Luồng chính bị đen") && Contains("nguồn phát") && Contains(">1:00<"));
  CHECK_THAT(html, Contains("Điểm danh: Buổi sáng") && Contains("1 điểm cầu trong 2 đã báo cáo"));
  CHECK_THAT(html, Contains("số đếm và danh sách không khớp") && Contains("chưa báo cáo"));
  CHECK_THAT(html, Contains("Trần Thị Bình") && Contains("Hội trường Đống Đa (s1); Nhà văn hóa (s2)"));
  CHECK_THAT(html, Contains("mất tiếng") && Contains("Anh Ba") && Contains("session.live"));
  CHECK_THAT(html, Contains("Báo cáo tạm thời"));
  CHECK_THAT(html, Contains("17 bản ghi trong sổ cái"));
  CHECK_THAT(html, Contains("312.2 ms"));
}

TEST_CASE("And in English; a final report is not called preliminary") {
  auto report = sample();
  report.set_final(true);
  const std::string html = reportHtml(report, roster(), true);
  CHECK_THAT(html, Contains("lang=\"en\"") && Contains("No picture") && Contains("The main feed is black"));
  CHECK_THAT(html, Contains("1 sites of 2 reported") && Contains("not reported") && Contains("no sound"));
  CHECK_THAT(html, !Contains("Preliminary"));
  CHECK_THAT(html, !Contains("Không có hình"));
}

TEST_CASE("A text that is there in one language only is shown in that one") {
  auto report = sample();
  report.mutable_alarms(0)->mutable_text()->clear_vi();
  CHECK_THAT(reportHtml(report, roster(), false), Contains("The main feed is black"));
}

TEST_CASE("Nothing that a person typed becomes HTML, wherever it stands") {
  const std::string evil = "<script>alert(1)</script>\"'><img src=x onerror=y>&";
  auto report = sample();
  report.mutable_session()->set_title(evil);
  report.mutable_session()->set_id(evil);
  report.mutable_session()->set_time_zone(evil);
  report.mutable_session()->mutable_sittings(0)->set_title(evil);
  for (auto& outcome : *report.mutable_outcomes()) {
    outcome.set_site_id(evil);
    *outcome.mutable_reason() = text(evil, evil);
  }
  report.mutable_alarms(0)->set_acked_by(evil);
  *report.mutable_alarms(0)->mutable_text() = text(evil, evil);
  auto& sitting = *report.mutable_attendance(0);
  sitting.mutable_by_site(0)->set_by(evil);
  sitting.mutable_by_site(1)->set_site_id(evil);
  sitting.mutable_by_area(1)->set_area_id(evil);
  sitting.mutable_conflicts(0)->set_delegate_id(evil);
  report.mutable_help_requests(0)->mutable_record()->mutable_help()->set_text(evil);
  report.mutable_help_requests(0)->mutable_record()->set_by(evil);
  report.mutable_sign_offs(0)->mutable_record()->mutable_sign_off()->set_note(evil);
  report.mutable_timeline(0)->set_actor(evil);
  report.mutable_timeline(0)->set_kind(evil);
  for (const bool english : {false, true}) {
    const std::string html = reportHtml(report, roster(), english);
    CHECK_THAT(html, !Contains("<script") && !Contains("<img"));
    CHECK(count(html, "&lt;script&gt;") >= 15);
    CHECK(balanced(html));
  }
}

TEST_CASE("The page stands alone: no script, nothing loaded from elsewhere, every element closed") {
  const std::string html = reportHtml(sample(), roster(), false);
  CHECK_THAT(html, Contains("default-src 'none'"));
  CHECK_THAT(html, !Contains("<script") && !Contains("<link") && !Contains("src=") && !Contains("url(") &&
                       !Contains("href"));
  CHECK(balanced(html));
}

TEST_CASE("Charts: a curve of acknowledgements, and a bar for each area below the one root") {
  const std::string html = reportHtml(sample(), roster(), false);
  CHECK(count(html, "<svg") == 2);
  CHECK(count(html, "role=\"img\"") == 2);
  CHECK(count(html, "class=\"there\"") == 2);  // north and south, not the whole city
  CHECK_THAT(html, Contains("Quận Nam &amp; Đông"));
  CHECK(count(html, "<polyline") == 1);

  auto report = sample();
  report.mutable_session()->clear_go_at_us();
  const std::string draft = reportHtml(report, roster(), false);
  CHECK(count(draft, "<polyline") == 0);
  CHECK_THAT(draft, Contains("Chưa phát lệnh"));
}

TEST_CASE("A report of nothing is still a page") {
  const std::string html = reportHtml(v1::SessionReport(), core::Roster(), true);
  CHECK(balanced(html));
  CHECK_THAT(html, Contains("GO was not given") && Contains("There were none."));
}

TEST_CASE("The page allows its own style by its hash, and nothing else that is inline") {
  const std::string html = reportHtml(sample(), roster(), true);
  const auto begin = html.find("<style>") + 7, end = html.find("</style>");
  REQUIRE(end != std::string::npos);
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(html.data()) + begin, end - begin);
  char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
  sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
  CHECK_THAT(html, Contains("style-src 'sha256-" + std::string(text) + "'") && !Contains("unsafe-inline"));
  CHECK_THAT(html, !Contains(" style=") && !Contains("<script") && !Contains(" onclick"));
  CHECK(html.find("<style", end) == std::string::npos);
}

TEST_CASE("A national session's page stays readable: long tables are cut and say so") {
  auto report = sample();
  auto& sitting = *report.mutable_attendance(0);
  sitting.clear_by_site();
  for (int i = 0; i < 31'000; ++i) {
    sitting.add_by_site()->set_site_id("site" + std::to_string(i));
    v1::Outcome& outcome = *report.add_outcomes();
    outcome.set_state(v1::Outcome::started);
    outcome.set_acked_us(kGo + i);
  }
  const std::string html = reportHtml(report, roster(), true);
  CHECK_THAT(html, Contains("site1999") && !Contains("site2000") && Contains("The first 2000 rows of 31000"));
  CHECK(html.size() < 2'000'000);
  CHECK(balanced(html));
}

}  // namespace diemcau::report
