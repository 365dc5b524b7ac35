// Reading the roster's CSV files, row by row.
#include "coordinator/core/roster_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "coordinator/core/roster_columns.hpp"

namespace diemcau::core {
namespace {

constexpr int kMaxFiles = 8;
constexpr std::size_t kMaxBytes = 32u << 20;
constexpr std::size_t kMaxName = 200, kMaxText = 500, kMaxPhone = 32, kMaxTags = 20, kMaxTag = 40;
constexpr std::uint32_t kMaxSeats = 100'000;
constexpr std::size_t kMaxRows = 2'000'000;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string comparable(std::string_view header) {
  std::string folded = fold(header), out;
  for (char c : folded) {
    const bool gap = c == ' ' || c == '_' || c == '-' || c == '\t' || c == '\n';
    if (!gap) out += c;
    if (gap && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '*')) out.pop_back();
  return out;
}

std::unordered_map<std::string, RosterColumn> columnNames() {
  std::unordered_map<std::string, RosterColumn> names;
  for (const RosterColumnInfo& info : kColumnInfo) {
    names.emplace(comparable(info.name), info.column);
    for (std::string_view other : info.others)
      if (!other.empty()) names.emplace(comparable(other), info.column);
  }
  return names;
}

std::string columnsOf(const RosterKindInfo& kind) {
  std::string out;
  for (RosterColumn column : kind.required)
    out += fmt::format("{}{}", out.empty() ? "" : ", ", columnInfo(column).name);
  return out;
}

// One file, read into `out`.
class FileReader {
 public:
  FileReader(RosterFiles& out, std::size_t file) : out_(out), file_(file) {}

  void read(const std::string& content) {
    if (content.size() > kMaxBytes)
      return refuse(
          0, text("Tệp lớn hơn 32 MiB; hãy chia thành nhiều tệp", "The file is over 32 MiB; split it"));
    auto rows = parseCsv(content, kMaxRows);
    if (!rows) {
      const Error& why = rows.error();
      return refuse(0, text(why.vi.empty() ? why.text : why.vi, why.text));
    }
    if (rows->empty()) return refuse(1, text("Tệp trống", "The file is empty"));
    if (!header(rows->front())) {
      out_.unread = true;
      return;
    }
    for (std::size_t i = 1; i < rows->size(); ++i) row((*rows)[i]);
  }

 private:
  RosterSheet& sheet() { return out_.sheets[file_]; }

  void refuse(std::size_t line, v1::Text reason) {
    out_.problems.add({file_, line}, 0, "", std::move(reason));
    out_.unread = true;
  }

  bool header(const CsvRow& first) {
    const std::size_t before = out_.problems.total();
    if (!first.fault.empty()) {
      out_.problems.add({file_, first.line}, 0, "", text(first.fault_vi, first.fault));
      return false;
    }
    const auto names = columnNames();
    std::vector<std::optional<RosterColumn>> columns;
    for (const std::string& name : first.fields) {
      const auto found = names.find(comparable(name));
      columns.push_back(found == names.end() ? std::nullopt : std::optional(found->second));
      sheet().headers.push_back(shownValue(name));
    }
    if (!tellKind(columns, first.line)) return false;
    for (std::size_t i = 0; i < columns.size(); ++i) place(columns[i], i, first.line);
    const RosterKindInfo& kind = kindInfo(sheet().kind);
    for (RosterColumn column : kind.required)
      if (sheet().place[static_cast<std::size_t>(column)] == 0) {
        const RosterColumnInfo& info = columnInfo(column);
        out_.problems.add(
            {file_, first.line}, 0, std::string(info.name),
            text(fmt::format("Thiếu cột {} ({}) của tệp {}", info.name, info.others[0], kind.vi),
                 fmt::format("Column {} is missing from this file of {}", info.name, kind.name)));
      }
    return out_.problems.total() == before;
  }

  // The kind that most columns belong to; its own id counts twice.
  bool tellKind(const std::vector<std::optional<RosterColumn>>& columns, std::size_t line) {
    int best = 1;
    for (const RosterKindInfo& kind : kKindInfo) {
      int score = 0;
      for (const auto& column : columns)
        if (column && belongs(kind, *column)) score += *column == kind.required[0] ? 2 : 1;
      if (score <= best) continue;
      best = score;
      sheet().kind = kind.kind;
    }
    if (best > 1) return true;
    std::string known;
    for (const RosterKindInfo& kind : kKindInfo)
      known += fmt::format("{}{}: {}", known.empty() ? "" : "; ", kind.name, columnsOf(kind));
    out_.problems.add({file_, line}, 0, "",
                      text("Dòng đầu phải ghi tên cột để biết tệp chứa gì; " + known,
                           "The first line must name the columns, which tell what the file holds; " + known));
    return false;
  }

  void place(std::optional<RosterColumn> column, std::size_t index, std::size_t line) {
    const std::string& name = sheet().headers[index];
    const RosterKindInfo& kind = kindInfo(sheet().kind);
    if (!column || !belongs(kind, *column)) {
      out_.problems.add({file_, line}, index + 1, name,
                        text(fmt::format("Cột \"{}\" không thuộc tệp {}", name, kind.vi),
                             fmt::format("Column \"{}\" does not belong in a file of {}", name, kind.name)));
      return;
    }
    std::size_t& at = sheet().place[static_cast<std::size_t>(*column)];
    if (at != 0) {
      out_.problems.add(
          {file_, line}, index + 1, name,
          text(fmt::format("Cột {} đã có ở cột thứ {}", columnInfo(*column).name, at),
               fmt::format("Column {} is there already, as column {}", columnInfo(*column).name, at)));
      return;
    }
    at = index + 1;
  }

  void row(const CsvRow& row) {
    row_ = &row;
    at_ = {file_, row.line};
    const std::size_t before = out_.problems.total();
    if (!row.fault.empty()) {
      out_.problems.add(at_, 0, "", text(row.fault_vi, row.fault));
    } else if (row.fields.size() != sheet().headers.size()) {
      const std::size_t has = row.fields.size(), wants = sheet().headers.size();
      out_.problems.add(at_, 0, "",
                        text(fmt::format("Dòng có {} ô, tiêu đề có {} cột", has, wants),
                             fmt::format("The row has {} fields, the header has {} columns", has, wants)));
    }
    const bool whole = out_.problems.total() == before;
    switch (sheet().kind) {
      case RosterKind::kAreas:
        return area(whole, before);
      case RosterKind::kSites:
        return site(whole, before);
      case RosterKind::kDelegates:
        return delegate(whole, before);
    }
  }

  void area(bool whole, std::size_t before) {
    v1::Area area;
    if (!ownId(RosterColumn::kAreaId, out_.areas_at, whole, *area.mutable_id()) || !whole) return;
    if (!trimmed(raw(RosterColumn::kParentId)).empty())
      id(RosterColumn::kParentId, *area.mutable_parent_id());
    required(RosterColumn::kName, kMaxName, *area.mutable_name());
    dates(area);
    out_.areas.push_back({std::move(area), at_, out_.problems.total() == before});
  }

  void site(bool whole, std::size_t before) {
    v1::Site site;
    if (!ownId(RosterColumn::kSiteId, out_.sites_at, whole, *site.mutable_id()) || !whole) return;
    id(RosterColumn::kAreaId, *site.mutable_area_id());
    required(RosterColumn::kName, kMaxName, *site.mutable_name());
    tags(site);
    std::string name, phone;
    clean(RosterColumn::kTechnician, kMaxText, name);
    clean(RosterColumn::kPhone, kMaxPhone, phone);
    if (!name.empty() || !phone.empty()) {
      site.mutable_technician()->set_name(name);
      site.mutable_technician()->set_phone(phone);
    }
    seats(site);
    dates(site);
    out_.sites.push_back({std::move(site), at_, out_.problems.total() == before});
  }

  void delegate(bool whole, std::size_t before) {
    v1::Delegate one;
    if (!ownId(RosterColumn::kDelegateId, out_.delegates_at, whole, *one.mutable_id()) || !whole) return;
    id(RosterColumn::kSiteId, *one.mutable_site_id());
    required(RosterColumn::kName, kMaxName, *one.mutable_name());
    clean(RosterColumn::kUnit, kMaxText, *one.mutable_unit());
    clean(RosterColumn::kTitle, kMaxText, *one.mutable_title());
    out_.delegates.push_back({std::move(one), at_, out_.problems.total() == before});
  }

  std::string_view raw(RosterColumn column) const {
    const std::size_t place = out_.sheets[file_].place[static_cast<std::size_t>(column)];
    if (place == 0 || place > row_->fields.size()) return {};
    return row_->fields[place - 1];
  }

  bool id(RosterColumn column, std::string& to) {
    const std::string_view value = trimmed(raw(column));
    to = value;
    if (validId(value)) return true;
    if (value.empty()) {
      out_.problem(at_, column, text("Thiếu mã", "The id is missing"));
    } else {
      const std::string shown = shownValue(value);
      out_.problem(at_, column,
                   text(fmt::format("\"{}\" không phải là mã: cần 1-64 ký tự A-Z a-z 0-9 . _ -", shown),
                        fmt::format("\"{}\" is not an id: 1-64 characters of A-Z a-z 0-9 . _ -", shown)));
    }
    return false;
  }

  // The id of the row itself, which may be there once in all files. A row that cannot be read says its id if
  // it can.
  bool ownId(RosterColumn column, RosterFiles::Places& places, bool whole, std::string& to) {
    if (!whole) {
      const std::string_view value = trimmed(raw(column));
      if (validId(value)) places.emplace(value, at_);
      return false;
    }
    if (!id(column, to)) return true;  // the other fields are still looked at
    const auto [first, added] = places.emplace(to, at_);
    if (added) return true;
    const std::string& in = out_.sheets[first->second.file].name;
    out_.problem(at_, column,
                 text(fmt::format("Mã {} đã có ở tệp {} dòng {}", to, in, first->second.line),
                      fmt::format("{} is there already in {} line {}", to, in, first->second.line)));
    return true;
  }

  bool clean(RosterColumn column, std::size_t most, std::string& to) {
    auto value = cleanText(raw(column), most, columnInfo(column).name);
    if (value) {
      to = std::move(*value);
      return true;
    }
    const Error& why = value.error();
    out_.problem(at_, column, text(why.vi.empty() ? why.text : why.vi, why.text));
    return false;
  }

  void required(RosterColumn column, std::size_t most, std::string& to) {
    if (clean(column, most, to) && to.empty())
      out_.problem(at_, column, text("Thiếu tên", "The name is empty"));
  }

  void tags(v1::Site& site) {
    std::string all;
    if (!clean(RosterColumn::kTags, kMaxTags * (kMaxTag + 3) * 4, all)) return;
    std::string_view rest = all;
    while (!rest.empty()) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      auto tag = cleanText(rest.substr(0, bar), kMaxTag, "tag");
      rest.remove_prefix(std::min(bar + 1, rest.size()));
      if (!tag) {
        const Error& why = tag.error();
        return out_.problem(at_, RosterColumn::kTags, text(why.vi.empty() ? why.text : why.vi, why.text));
      }
      const bool there = std::find(site.tags().begin(), site.tags().end(), *tag) != site.tags().end();
      if (!tag->empty() && !there) site.add_tags(std::move(*tag));
    }
    if (static_cast<std::size_t>(site.tags_size()) > kMaxTags)
      out_.problem(at_, RosterColumn::kTags,
                   text(fmt::format("{} thẻ, tối đa {}", site.tags_size(), kMaxTags),
                        fmt::format("{} tags, at most {} are allowed", site.tags_size(), kMaxTags)));
  }

  void seats(v1::Site& site) {
    const std::string_view value = trimmed(raw(RosterColumn::kSeats));
    if (value.empty()) return;
    std::uint32_t seats = 0;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), seats);
    if (fault != std::errc() || end != value.data() + value.size() || seats > kMaxSeats) {
      const std::string shown = shownValue(value);
      return out_.problem(at_, RosterColumn::kSeats,
                          text(fmt::format("\"{}\" không phải là số nguyên từ 0 đến {}", shown, kMaxSeats),
                               fmt::format("\"{}\" is not a whole number from 0 to {}", shown, kMaxSeats)));
    }
    site.set_seats(seats);
  }

  bool date(RosterColumn column, Micros& at) {
    const std::string_view value = trimmed(raw(column));
    if (value.empty() || parseRosterDate(value, at)) return true;
    const std::string shown = shownValue(value);
    out_.problem(
        at_, column,
        text(fmt::format("\"{}\" không phải là ngày; hãy ghi năm-tháng-ngày, ví dụ 2025-07-01", shown),
             fmt::format("\"{}\" is not a date; write year-month-day, for example 2025-07-01", shown)));
    return false;
  }

  template <class Message>
  void dates(Message& message) {
    Micros from = 0, until = 0;
    if (!date(RosterColumn::kValidFrom, from) || !date(RosterColumn::kValidUntil, until)) return;
    if (from != 0 && until != 0 && until <= from)
      return out_.problem(
          at_, RosterColumn::kValidUntil,
          text("Ngày hết hiệu lực phải sau ngày bắt đầu hiệu lực", "valid_until must be after valid_from"));
    message.set_valid_from_us(from);
    message.set_valid_until_us(until);
  }

  RosterFiles& out_;
  std::size_t file_;
  const CsvRow* row_ = nullptr;
  RowPlace at_;
};

}  // namespace

void RosterFiles::problem(RowPlace at, RosterColumn column, v1::Text reason) {
  const RosterSheet& sheet = sheets[at.file];
  const std::size_t place = sheet.place[static_cast<std::size_t>(column)];
  problems.add(at, place, place == 0 ? std::string(columnInfo(column).name) : sheet.headers[place - 1],
               std::move(reason));
}

RosterFiles readRosterFiles(const v1::RosterImport& import) {
  RosterFiles out;
  for (int i = 0; i < import.files_size(); ++i) {
    RosterSheet sheet;
    sheet.name = shownValue(import.files(i).name());
    if (sheet.name.empty()) sheet.name = fmt::format("#{}", i + 1);
    out.sheets.push_back(std::move(sheet));
  }
  if (import.files_size() == 0 || import.files_size() > kMaxFiles) {
    out.problems.add({0, 0}, 0, "",
                     text(fmt::format("Mỗi lần nhập cần 1 đến {} tệp", kMaxFiles),
                          fmt::format("An import takes 1 to {} files", kMaxFiles)));
    return out;
  }
  for (int i = 0; i < import.files_size(); ++i)
    FileReader(out, static_cast<std::size_t>(i)).read(import.files(i).content());
  return out;
}

std::string shownValue(std::string_view value) {
  constexpr std::size_t kShown = 40;
  const bool utf8 = validUtf8(value);
  // Cut before cleaning: a hostile value may be megabytes. At least 4 bytes a character are looked at.
  std::size_t cut = std::min(value.size(), kShown * 8);
  while (utf8 && cut < value.size() && cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xC0) == 0x80)
    --cut;
  auto cleaned = utf8 ? cleanText(value.substr(0, cut), kShown * 8, "value") : Result<std::string>("?");
  if (!cleaned) return "?";
  std::size_t points = 0, i = 0;
  for (; i < cleaned->size(); ++i)
    if ((static_cast<unsigned char>((*cleaned)[i]) & 0xC0) != 0x80 && ++points > kShown) break;
  const bool shortened = i < cleaned->size() || cut < value.size();
  cleaned->resize(i);
  return shortened ? *cleaned + "…" : *cleaned;
}

}  // namespace diemcau::core
