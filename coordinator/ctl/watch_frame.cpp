#include "coordinator/ctl/watch_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "coordinator/ctl/lines.hpp"
#include "coordinator/ctl/trouble.hpp"
#include "coordinator/ctl/watch_areas.hpp"

namespace diemcau::ctl {
namespace {

constexpr Micros kOld = 3 * kSecond;
constexpr std::size_t kBigFrom = 34;  // lines; below that, plain digits

struct Frame {
  const WatchInput& input;
  const Speech& speech;
  std::size_t width;
  const v1::SessionView& counts;
  const v1::Session& session;
};

bool afterGo(const Frame& frame) {
  return frame.session.start_at_us() != 0;
}

// ---- head

Line titleBar(const Frame& frame) {
  const std::string clock = " " + frame.speech.clock(frame.input.now) + " ";
  const std::string title = " DIEMCAU  " + frame.session.title() + "  " + frame.session.id();
  const std::size_t room = frame.width - std::min(frame.width, displayWidth(clock));
  return Line(pad(title, room), Style::kTitle).add(clock, Style::kTitle);
}

Line phaseRail(const Frame& frame) {
  struct Stop {
    v1::Phase::Name phase;
    const char* vi;
    const char* en;
  };
  static constexpr std::array<Stop, 8> kStops{{{v1::Phase::draft, "nháp", "draft"},
                                               {v1::Phase::scheduled, "lịch", "scheduled"},
                                               {v1::Phase::rehearsing, "chạy thử", "rehearsal"},
                                               {v1::Phase::armed, "chờ lệnh", "armed"},
                                               {v1::Phase::live, "ĐANG PHÁT", "LIVE"},
                                               {v1::Phase::paused, "nghỉ", "paused"},
                                               {v1::Phase::ended, "kết thúc", "ended"},
                                               {v1::Phase::closed, "đóng", "closed"}}};
  if (frame.session.phase() == v1::Phase::cancelled) {
    return Line(" ").add(frame.speech.say(" ĐÃ HỦY ", " CANCELLED "), Style::kBad);
  }
  Line line(" ");
  for (const Stop& stop : kStops) {
    if (stop.phase != v1::Phase::draft) line.add(" › ", Style::kDim);
    const std::string word = frame.speech.say(stop.vi, stop.en);
    const bool here = stop.phase == frame.session.phase();
    if (here) {
      line.add("[" + word + "]", stop.phase == v1::Phase::live ? Style::kLive : Style::kTitle);
    } else {
      line.add(word, stop.phase < frame.session.phase() ? Style::kPlain : Style::kDim);
    }
  }
  return line;
}

Line countdown(const Frame& frame) {
  const v1::Session& session = frame.session;
  const Speech& speech = frame.speech;
  const Micros now = frame.input.now;
  Line line(" ");
  if (session.phase() == v1::Phase::ended || session.phase() == v1::Phase::closed) {
    line.add(speech.say("Kết thúc lúc ", "Ended at ") + speech.time(session.ended_us()), Style::kBold);
  } else if (afterGo(frame) && now < session.start_at_us()) {
    line.add(speech.say("PHÁT SAU ", "STARTS IN ") + formatSpan(session.start_at_us() - now), Style::kLive);
  } else if (afterGo(frame)) {
    line.add(speech.say("Đã phát ", "Running for ") + formatSpan(now - session.start_at_us()), Style::kBold);
    line.add(speech.say("  từ ", "  since ") + speech.time(session.start_at_us()), Style::kDim);
  } else if (session.scheduled_start_us() != 0) {
    const Micros left = session.scheduled_start_us() - now;
    line.add(left >= 0 ? speech.say("Bắt đầu sau ", "Starts in ") + formatSpan(left)
                       : speech.say("Quá giờ ", "Overdue by ") + formatSpan(-left),
             left >= 0 ? Style::kBold : Style::kWarn);
    line.add("  " + speech.time(session.scheduled_start_us()), Style::kDim);
    if (session.auto_start()) line.add(speech.say("  tự phát", "  automatic"), Style::kDim);
  }
  if (frame.counts.sites() > 0 && session.revision() > 0) {
    line.add(fmt::format("   {} {}/{}", speech.say("kế hoạch đã tới", "plan reached"),
                         speech.number(frame.counts.acked()), speech.number(frame.counts.sites())),
             frame.counts.acked() >= frame.counts.sites() ? Style::kDim : Style::kWarn);
  }
  return line;
}

// ---- counts

struct Card {
  std::string label;
  std::uint64_t value = 0;
  std::uint64_t whole = 0;  // 0: a number by itself
  Style style = Style::kPlain;
};

Style shareStyle(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return Style::kDim;
  if (part >= whole) return Style::kGood;
  return part * 10 >= whole * 9 ? Style::kWarn : Style::kBad;
}

std::vector<Card> cards(const Frame& frame) {
  const v1::SessionView& c = frame.counts;
  const Speech& speech = frame.speech;
  const bool launched = afterGo(frame);
  const auto bad = [](std::uint64_t value, Style style) { return value == 0 ? Style::kDim : style; };
  return {{speech.say("SẴN SÀNG", "READY"), c.ready(), c.sites(),
           launched ? Style::kDim : shareStyle(c.ready(), c.sites())},
          {speech.say("ĐÃ BẮT ĐẦU", "STARTED"), c.started(), c.sites(),
           launched ? shareStyle(c.started(), c.sites()) : Style::kDim},
          {speech.say("MUỘN", "LATE"), c.late(), 0, bad(c.late(), Style::kWarn)},
          {speech.say("LỖI", "FAILED"), c.failed(), 0, bad(c.failed(), Style::kBad)},
          {speech.say("TRỰC TUYẾN", "ONLINE"), c.online(), c.sites(), shareStyle(c.online(), c.sites())},
          {speech.say("CẢNH BÁO", "ALARMS"), c.alarms(), 0, bad(c.alarms(), Style::kBad)}};
}

Lines countLines(const Frame& frame, bool big) {
  const std::vector<Card> all = cards(frame);
  const std::size_t card_width = (frame.width - 1) / all.size();
  for (const Card& card : all) {
    big = big && bigNumber(frame.speech.number(card.value), card.style)[0].width() + 2 <= card_width;
  }
  const std::size_t rows = big ? 5 : 3;
  Lines lines(rows, Line(" "));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Card& card = all[i];
    const std::size_t end = 1 + (i + 1) * card_width;
    Lines digits = big ? bigNumber(frame.speech.number(card.value), card.style)
                       : Lines{Line(frame.speech.number(card.value), card.style)};
    Line label(card.label, Style::kDim);
    Line& last = digits.back();
    if (card.whole != 0) last.add("/" + frame.speech.number(card.whole), Style::kDim);
    lines[0].add(label.cutTo(card_width - 1)).fill(end);
    for (std::size_t row = 0; row < digits.size(); ++row)
      lines[1 + row].add(digits[row].cutTo(card_width - 1)).fill(end);
    if (card.whole != 0) lines[rows - 1].add(bar(card.value, card.whole, card_width - 3), card.style);
    lines[rows - 1].fill(end);
  }
  return lines;
}

// ---- the middle

Line heading(const std::string& text, std::size_t count, const Speech& speech) {
  Line line(" " + text, Style::kBold);
  if (count > 0) line.add(" " + speech.number(count), Style::kDim);
  return line;
}

Lines areaLines(const Frame& frame, std::size_t width, std::size_t rows) {
  const AreaBars bars =
      areaBars(frame.input.view, frame.input.roster, afterGo(frame), frame.session.phase(), rows);
  const Speech& speech = frame.speech;
  const std::string what = bars.measure == AreaMeasure::kStarted ? speech.say("đã bắt đầu", "started")
                           : bars.measure == AreaMeasure::kReady ? speech.say("sẵn sàng", "ready")
                                                                 : speech.say("trực tuyến", "online");
  Lines lines{heading(speech.say("ĐỊA BÀN", "AREAS"), 0, speech).add("  " + what, Style::kDim)};
  std::size_t name_width = 8, count_width = 3;
  for (const AreaBar& one : bars.rows) {
    name_width = std::max(name_width, displayWidth(one.name));
    count_width =
        std::max(count_width, displayWidth(speech.number(one.good) + "/" + speech.number(one.whole)));
  }
  name_width = std::min(name_width, width / 2);
  const std::size_t used = 1 + name_width + 1 + 1 + count_width + 1;
  const std::size_t bar_width = width > used + 4 ? std::min<std::size_t>(width - used, 60) : 4;
  for (const AreaBar& one : bars.rows) {
    const Style style = shareStyle(one.good, one.whole);
    Line line(" " + pad(one.name, name_width) + " ");
    line.add(bar(one.good, one.whole, bar_width), style);
    line.add(" " + pad(speech.number(one.good) + "/" + speech.number(one.whole), count_width, true), style);
    lines.push_back(std::move(line));
  }
  if (bars.left_out > 0) {
    lines.push_back(
        Line(fmt::format(" … {} {}", speech.number(bars.left_out), speech.say("địa bàn nữa", "more areas")),
             Style::kDim));
  }
  return lines;
}

Lines alarmLines(const Frame& frame, std::size_t rows) {
  const Speech& speech = frame.speech;
  std::vector<const v1::Alarm*> raised;
  for (const v1::Alarm& alarm : frame.input.view.alarms()) {
    if (alarm.state() == v1::Alarm::raised) raised.push_back(&alarm);
  }
  // What nobody has taken first, then what touches most.
  std::sort(raised.begin(), raised.end(), [](const v1::Alarm* a, const v1::Alarm* b) {
    const auto key = [](const v1::Alarm* one) {
      return std::make_tuple(!one->acked_by().empty(), -static_cast<std::int64_t>(one->sites_peak()),
                             -one->raised_us());
    };
    return key(a) < key(b);
  });
  Lines lines{heading(speech.say("CẢNH BÁO", "ALARMS"), raised.size(), speech)};
  if (raised.empty())
    lines.push_back(Line(" ").add("✓ ", Style::kGood).add(speech.say("không có", "none"), Style::kDim));
  for (std::size_t i = 0; i < raised.size(); ++i) {
    if (i + 1 == rows && raised.size() > rows) {
      lines.push_back(Line(fmt::format(" … {} {}", speech.number(raised.size() - i),
                                       speech.say("cảnh báo nữa", "more alarms")),
                           Style::kDim));
      break;
    }
    const v1::Alarm& alarm = *raised[i];
    const bool taken = !alarm.acked_by().empty();
    Line line(" ");
    line.add(taken ? "○ " : "● ", taken ? Style::kWarn : Style::kBad);
    line.add(formatSpan(std::max<Micros>(0, frame.input.now - alarm.raised_us())), Style::kDim).add(" ");
    line.add(speech.say(alarm.text()), taken ? Style::kPlain : Style::kBold);
    if (taken) line.add(" — " + alarm.acked_by(), Style::kDim);
    lines.push_back(std::move(line));
  }
  return lines;
}

struct TroubledSite {
  const v1::SiteView* site;
  Trouble trouble;
};

std::vector<TroubledSite> troubledSites(const Frame& frame) {
  std::vector<TroubledSite> all;
  for (const v1::SiteView& site : frame.input.view.sites()) {
    Trouble trouble = troubleOf(site, frame.input.now, frame.speech);
    if (trouble.rank > 0) all.push_back({&site, std::move(trouble)});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.trouble.rank > b.trouble.rank; });
  return all;
}

Line troubleLine(const Frame& frame, const TroubledSite& one, std::size_t width) {
  const v1::SiteView& site = *one.site;
  const std::size_t name_width = std::clamp<std::size_t>(width * 3 / 10, 14, 30);
  const std::size_t area_width = width >= 100 ? 18 : 0;
  const std::string contact =
      site.technician().phone().empty() ? site.technician().name() : site.technician().phone();
  const std::size_t contact_width = width >= 70 ? 14 : 0;
  const std::size_t used = 3 + name_width + 2 + (area_width == 0 ? 0 : area_width + 2) + contact_width +
                           (contact_width == 0 ? 0 : 2);
  const std::size_t what_width = width > used ? width - used : 8;
  Line line(" ");
  line.add("● ", one.trouble.style)
      .add(pad(site.name().empty() ? site.site_id() : site.name(), name_width))
      .add("  ");
  if (area_width > 0)
    line.add(pad(frame.input.roster.areaName(site.area_id()), area_width), Style::kDim).add("  ");
  line.add(pad(one.trouble.text, what_width), one.trouble.style);
  if (contact_width > 0) line.add("  ").add(pad(contact, contact_width), Style::kDim);
  return line;
}

Lines troubleLines(const Frame& frame, const std::vector<TroubledSite>& all, std::size_t rows) {
  const Speech& speech = frame.speech;
  Lines lines{heading(speech.say("ĐIỂM CẦU CẦN CHÚ Ý", "SITES IN TROUBLE"), all.size(), speech)};
  if (all.empty()) {
    lines.push_back(Line(" ")
                        .add("✓ ", Style::kGood)
                        .add(speech.say("mọi điểm cầu đều ổn", "all sites are well"), Style::kDim));
    return lines;
  }
  const std::size_t columns = frame.width >= 160 && all.size() > rows ? 2 : 1;
  const std::size_t column_width = frame.width / columns - (columns - 1);
  const std::size_t room = rows * columns;
  const bool cut_off = all.size() > room;
  const std::size_t shown = cut_off ? room - 1 : all.size();
  std::array<Lines, 2> column;
  for (std::size_t i = 0; i < shown; ++i)
    column[i / rows].push_back(troubleLine(frame, all[i], column_width));
  if (cut_off) {
    column[columns - 1].push_back(Line(
        fmt::format(" … {} {}", speech.number(all.size() - shown), speech.say("điểm cầu nữa", "more sites")),
        Style::kDim));
  }
  const Lines both = columns == 1 ? column[0] : beside(column[0], column[1], column_width, 2);
  lines.insert(lines.end(), both.begin(), both.end());
  return lines;
}

// ---- foot

Line attendanceLine(const Frame& frame) {
  const Speech& speech = frame.speech;
  const v1::Counts& counts = frame.counts.attendance();
  Line line(speech.say(" ĐIỂM DANH", " ATTENDANCE"), Style::kBold);
  const auto add = [&](const std::string& name, const std::string& value, Style style = Style::kPlain) {
    Line next = Line("  ").add(value, style).add(" " + name, Style::kDim);
    if (line.width() + next.width() < frame.width) line.add(next);
  };
  add(speech.say("có mặt", "present"), speech.number(counts.present()), Style::kBold);
  add(speech.say("điểm cầu đã báo", "sites reported"),
      speech.number(frame.counts.reported_sites()) + "/" + speech.number(frame.counts.sites()));
  add(speech.say("vắng", "absent"), speech.number(counts.absent()));
  add(speech.say("có lý do", "excused"), speech.number(counts.excused()));
  add(speech.say("trực tuyến", "online"), speech.number(counts.online()));
  add(speech.say("theo tên", "by name"), speech.number(frame.counts.checkins()));
  return line;
}

Line footer(const Frame& frame) {
  const Speech& speech = frame.speech;
  Line line(speech.say(" q thoát", " q quit"), Style::kDim);
  const std::string age = fmt::format("{}", frame.input.age / kSecond);
  if (!frame.input.problem.empty()) {
    line.add("   " + speech.say("DỮ LIỆU CŨ ", "OLD DATA ") + age + " s: " + frame.input.problem,
             Style::kBad);
  } else if (frame.input.age > kOld) {
    line.add("   " + speech.say("DỮ LIỆU CŨ ", "OLD DATA ") + age + " s", Style::kBad);
  } else {
    line.add("   " + speech.say("dữ liệu lúc ", "data of ") + speech.clock(frame.input.view.now_us()),
             Style::kDim);
  }
  if (frame.counts.on_backup() > 0) {
    line.add(fmt::format("   {} {}", speech.number(frame.counts.on_backup()),
                         speech.say("điểm cầu dùng luồng dự phòng", "sites on backup")),
             Style::kWarn);
  }
  return line;
}

Lines nothingToShow(const WatchInput& input, const Speech& speech) {
  return {
      Line(" DIEMCAU", Style::kTitle), Line(),
      Line(" " + (input.problem.empty() ? speech.say("chưa có phiên nào", "no session yet") : input.problem),
           Style::kBad)};
}

void append(Lines& lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> watchFrame(const WatchInput& input, const Speech& given, std::size_t width,
                                    std::size_t height) {
  Speech speech = given;
  Lines lines;
  if (input.view.sessions_size() == 0) {
    lines = nothingToShow(input, speech);
  } else {
    const v1::SessionView& counts = input.view.sessions(0);
    if (!counts.session().time_zone().empty()) speech.zone = counts.session().time_zone();
    const Frame frame{input, speech, width, counts, counts.session()};
    const bool airy = height >= 22;
    lines = {titleBar(frame), phaseRail(frame), countdown(frame)};
    if (airy) lines.emplace_back();
    append(lines, countLines(frame, height >= kBigFrom));
    if (airy) lines.emplace_back();

    const std::vector<TroubledSite> troubled = troubledSites(frame);
    const std::size_t middle = height > lines.size() + 3 ? height - lines.size() - 3 : 2;
    const std::size_t trouble_wish = 2 + std::max<std::size_t>(troubled.size(), 1);
    const std::size_t band = std::max(std::min<std::size_t>(middle, 4),
                                      std::max(middle / 2, middle - std::min(middle, trouble_wish)));
    const std::size_t left = width / 2 - 1;
    Lines top = beside(areaLines(frame, left, band - 2), alarmLines(frame, band - 2), left, 2);
    if (top.size() > band - 1) top.resize(band - 1);
    append(lines, top);
    lines.emplace_back();
    const std::size_t room = middle > top.size() + 2 ? middle - top.size() - 2 : 1;
    append(lines, troubleLines(frame, troubled, room));
    lines.resize(height > 2 ? height - 2 : 0);
    lines.push_back(attendanceLine(frame));
    lines.push_back(footer(frame));
  }
  lines.resize(height);
  std::vector<std::string> painted;
  painted.reserve(height);
  for (const Line& line : lines) painted.push_back(line.paint(speech, width));
  return painted;
}

}  // namespace diemcau::ctl
