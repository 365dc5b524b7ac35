// Writing the roster's CSV files, row by row, and the dates that they hold.
#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "base/csv.hpp"
#include "coordinator/core/roster_columns.hpp"
#include "coordinator/core/roster_csv.hpp"

namespace diemcau::core {
namespace {

constexpr Micros kVietnam = 7 * kHour;

}  // namespace

bool parseRosterDate(std::string_view text, Micros& at) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t size, int& to) {
    const char* end = text.data() + from + size;
    const auto [stop, fault] = std::from_chars(text.data() + from, end, to);
    return fault == std::errc() && stop == end && to > 0;
  };
  int year = 0, month = 0, day = 0;
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day)) return false;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1900) return false;
  at = std::chrono::microseconds(std::chrono::sys_days(date).time_since_epoch()).count() - kVietnam;
  return true;
}

std::string formatRosterDate(Micros at) {
  if (at == 0) return {};
  using Point = std::chrono::sys_time<std::chrono::microseconds>;
  const std::chrono::year_month_day date(
      std::chrono::floor<std::chrono::days>(Point(std::chrono::microseconds(at + kVietnam))));
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

RosterWriter::RosterWriter(RosterKind kind)
    : out_("\xEF\xBB\xBF") {  // spreadsheets need the mark to show Vietnamese
  const RosterKindInfo& info = kindInfo(kind);
  std::vector<std::string> names;
  for (RosterColumn column : info.required) names.emplace_back(columnInfo(column).name);
  for (std::size_t i = 0; i < info.optionals; ++i) names.emplace_back(columnInfo(info.optional[i]).name);
  row(names);
}

void RosterWriter::add(const v1::Area& area) {
  row({area.id(), area.parent_id(), area.name(), formatRosterDate(area.valid_from_us()),
       formatRosterDate(area.valid_until_us())});
}

void RosterWriter::add(const v1::Site& site) {
  std::string tags;
  for (const std::string& tag : site.tags()) tags += (tags.empty() ? "" : "|") + tag;
  row({site.id(), site.area_id(), site.name(), tags, site.technician().name(), site.technician().phone(),
       site.seats() == 0 ? "" : std::to_string(site.seats()), formatRosterDate(site.valid_from_us()),
       formatRosterDate(site.valid_until_us())});
}

void RosterWriter::add(const v1::Delegate& delegate) {
  row({delegate.id(), delegate.site_id(), delegate.name(), delegate.unit(), delegate.title()});
}

void RosterWriter::row(const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out_ += ',';
    out_ += csvField(fields[i]);
  }
  out_ += "\r\n";
}

}  // namespace diemcau::core
