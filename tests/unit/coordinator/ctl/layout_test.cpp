// Columns, bars and frames, with the widths of Vietnamese.
#include "base/text.hpp"
#include "coordinator/ctl/lines.hpp"
#include "coordinator/ctl/report_text.hpp"
#include "coordinator/ctl/table.hpp"
#include "coordinator/ctl/trouble.hpp"
#include "coordinator/ctl/watch_frame.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/ctl/canned.hpp"

using namespace diemcau;
using namespace diemcau::ctl;
using namespace diemcau::ctl::test;

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

std::vector<std::string> frameOf(const v1::ViewUpdate& view, const RosterNames& roster, std::size_t width,
                                 std::size_t height, bool english = false) {
  Speech speech;
  speech.english = english;
  return watchFrame({view, roster, view.now_us(), 0, ""}, speech, width, height);
}

}  // namespace

TEST_CASE("columns line up whatever marks the letters carry") {
  Table table({"TÊN", ">SỐ", "GHI CHÚ"});
  table.add({{"Đống Đa"}, {"7"}, {"ngắn"}});
  table.add({{"Nguyễn Thị Ánh Nguyệt"}, {"1.234"}, {"x"}});
  table.add({{"日本"}, {"12"}, {"wide"}});
  table.add({{"Dong De\xcc\x82"}, {"0"}, {"ê as two"}});
  const auto lines = split(table.render(Speech{}));
  REQUIRE(lines.size() == 5);
  const auto columnOf = [](const std::string& line, const std::string& word) {
    return displayWidth(line.substr(0, line.rfind(word)));
  };
  CHECK(columnOf(lines[0], "GHI CHÚ") == columnOf(lines[1], "ngắn"));
  CHECK(columnOf(lines[1], "ngắn") == columnOf(lines[2], "x"));
  CHECK(columnOf(lines[2], "x") == columnOf(lines[3], "wide"));
  CHECK(columnOf(lines[3], "wide") == columnOf(lines[4], "ê as two"));
  CHECK(has(lines[1], "    7"));  // numbers to the right
}

TEST_CASE("a table fits the terminal by cutting its last column") {
  Table table({"ID", "NỘI DUNG"});
  table.add({{"a1"}, {"một câu rất dài mà màn hình tám mươi cột không thể nào chứa hết được đâu"}});
  for (const std::string& line : split(table.render(Speech{}, 40))) CHECK(displayWidth(line) <= 40);
  CHECK(has(table.render(Speech{}, 40), "…"));
  CHECK_FALSE(has(table.render(Speech{}), "…"));
}

TEST_CASE("cutting and filling count columns, not bytes") {
  CHECK(cut("Đống Đa", 7) == "Đống Đa");
  CHECK(cut("Đống Đa", 5) == "Đống…");
  CHECK(cut("Đống Đa", 0).empty());
  CHECK(displayWidth(cut("日本語", 4)) <= 4);
  CHECK(pad("Đa", 5) == "Đa   ");
  CHECK(pad("7", 3, true) == "  7");
}

TEST_CASE("numbers and times in both languages") {
  Speech speech;
  CHECK(speech.number(0) == "0");
  CHECK(speech.number(999) == "999");
  CHECK(speech.number(1000) == "1.000");
  CHECK(speech.number(1234567) == "1.234.567");
  CHECK(speech.time(0) == "-");
  CHECK(speech.time(*parseTime("2026-03-01T08:05:09+07:00")) == "01/03/2026 08:05:09");
  speech.english = true;
  CHECK(speech.number(1234567) == "1,234,567");
  CHECK(speech.paint("x", Style::kBad) == "x");
  speech.colour = true;
  CHECK(speech.paint("x", Style::kBad) != "x");
}

TEST_CASE("bars are honest at their ends") {
  CHECK(bar(0, 10, 4) == "····");
  CHECK(bar(10, 10, 4) == "████");
  CHECK(bar(5, 10, 4) == "██··");
  CHECK(bar(1, 1000, 4) == "▏···");
  CHECK(bar(999, 1000, 4) == "███▉");
  CHECK(bar(3, 0, 4) == "····");
}

TEST_CASE("every frame has the size of its terminal") {
  for (const std::size_t sites : {0U, 1U, 3U, 766U}) {
    const RosterNames roster = cityRoster(sites);
    for (const auto phase :
         {v1::Phase::draft, v1::Phase::scheduled, v1::Phase::rehearsing, v1::Phase::armed, v1::Phase::live,
          v1::Phase::paused, v1::Phase::ended, v1::Phase::closed, v1::Phase::cancelled}) {
      const v1::ViewUpdate view = city(sites, phase);
      for (const auto& [width, height] :
           {std::pair<std::size_t, std::size_t>{80, 24}, {200, 50}, {120, 40}, {60, 16}, {40, 10}}) {
        INFO(sites << " sites, phase " << phase << ", " << width << "x" << height);
        const auto lines = frameOf(view, roster, width, height, sites % 2 == 0);
        REQUIRE(lines.size() == height);
        for (const std::string& line : lines) CHECK(displayWidth(line) <= width);
      }
    }
  }
}

TEST_CASE("766 sites on 80x24: what matters is there") {
  const auto lines = frameOf(city(766, v1::Phase::live), cityRoster(766), 80, 24);
  const std::string all = joined(lines);
  CHECK(has(lines[0], "Hội nghị giao ban"));
  CHECK(has(lines[0], "08:01:05"));
  CHECK(has(lines[1], "[ĐANG PHÁT]"));
  CHECK(has(lines[2], "Đã phát 1:05"));
  CHECK(has(all, "SẴN SÀNG"));
  CHECK(has(all, "/766"));
  CHECK(has(all, "ĐIỂM CẦU CẦN CHÚ Ý"));
  CHECK(has(all, "không bắt đầu được: "));
  CHECK(has(all, "điểm cầu nữa"));
  CHECK(has(all, "Luồng chính hình đen"));
  CHECK(has(lines[22], "có mặt"));
  CHECK(has(lines[22], "47.492"));
  CHECK(has(lines[23], "q thoát"));
}

TEST_CASE("766 sites on 200x50: all districts, all alarms, names of halls in two columns") {
  const std::string all = joined(frameOf(city(766, v1::Phase::live), cityRoster(766), 200, 50));
  for (const char* district : {"Quận 1", "Huyện Cần Giờ", "Thành phố Thủ Đức"}) CHECK(has(all, district));
  CHECK(has(all, "mất liên lạc 1:50"));
  CHECK(has(all, "main: hình đen"));
  CHECK(has(all, "— Lan"));
  CHECK(has(all, "█▀█"));  // large digits
  CHECK_FALSE(has(all, "điểm cầu nữa"));
}

TEST_CASE("three sites, all well: calm") {
  v1::ViewUpdate view = city(3, v1::Phase::armed);
  view.clear_alarms();
  const std::string all = joined(frameOf(view, cityRoster(3), 80, 24));
  CHECK(has(all, "[chờ lệnh]"));
  CHECK(has(all, "Bắt đầu sau 13:55"));
  CHECK(has(all, "mọi điểm cầu đều ổn"));
  CHECK(has(all, "không có"));
}

TEST_CASE("the worst comes first, and what nobody has taken") {
  const std::string all = joined(frameOf(city(766, v1::Phase::live), cityRoster(766), 120, 40));
  CHECK(all.find("không bắt đầu được") < all.find("mất liên lạc"));
  CHECK(all.find("ở 10 điểm cầu") < all.find("ở 4 điểm cầu"));  // the one that Lan has taken comes last
}

TEST_CASE("old data is told as old") {
  const v1::ViewUpdate view = city(3, v1::Phase::live);
  const RosterNames roster = cityRoster(3);
  const auto old = watchFrame({view, roster, view.now_us(), 7 * kSecond, ""}, Speech{}, 80, 24);
  CHECK(has(old.back(), "DỮ LIỆU CŨ 7 s"));
  const auto lost = watchFrame({view, roster, view.now_us(), 7 * kSecond, "bị từ chối"}, Speech{}, 80, 24);
  CHECK(has(lost.back(), "bị từ chối"));
  const v1::ViewUpdate nothing;
  CHECK(joined(watchFrame({nothing, roster, 0, 0, ""}, Speech{}, 80, 24)).find("chưa có phiên") !=
        std::string::npos);
}

TEST_CASE("a waived site is no trouble, a silent one is worse than a late one") {
  const Speech speech;
  v1::SiteView site;
  site.set_link(v1::LinkState::offline);
  CHECK(troubleOf(site, 0, speech).rank > 0);
  const int offline = troubleOf(site, 0, speech).rank;
  site.set_waived(true);
  CHECK(troubleOf(site, 0, speech).rank == 0);
  site.Clear();
  site.set_link(v1::LinkState::online);
  CHECK(troubleOf(site, 0, speech).rank == 0);
  site.mutable_outcome()->set_state(v1::Outcome::late);
  CHECK(troubleOf(site, 0, speech).rank > 0);
  CHECK(troubleOf(site, 0, speech).rank < offline);
  site.mutable_outcome()->set_state(v1::Outcome::failed);
  CHECK(troubleOf(site, 0, speech).rank > offline);
}

TEST_CASE("a report names who did not start, and its CSV holds every site") {
  v1::SessionReport report;
  report.mutable_session()->set_title("Giao ban");
  report.mutable_launch()->set_started(2);
  report.mutable_launch()->set_skew_p99_ms(12.34);
  auto& late = *report.add_outcomes();
  late.set_site_id("s1");
  late.set_state(v1::Outcome::failed);
  *late.mutable_reason() = text("mất điện, chờ máy nổ", "no power");
  auto& fine = *report.add_outcomes();
  fine.set_site_id("s2");
  fine.set_state(v1::Outcome::started);
  fine.set_started_us(1'772'326'800'000'000);
  const std::string text_of_it = reportText(Speech{}, report, 0);
  CHECK(has(text_of_it, "mất điện"));
  CHECK(has(text_of_it, "p99 12,3 ms"));
  CHECK(has(text_of_it, "báo cáo tạm"));
  const auto rows = split(outcomesCsv(report));
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].starts_with("s1,failed,\"mất điện, chờ máy nổ\""));
  CHECK(has(rows[2], "2026-03-01T01:00:00.000Z"));
}
