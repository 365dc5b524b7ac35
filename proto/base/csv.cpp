// One pass over the bytes. A row that cannot be read is kept with its reason, and reading goes on with the
// next line, so that a person sees all faults of a file at once.
#include "base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace diemcau {
namespace {

// Spreadsheets run a cell that begins with one of these.
bool formulaStart(char c) {
  return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

// Apostrophes, then what a spreadsheet would run: what csvField() writes for such a value.
bool guardedFormula(std::string_view value) {
  const std::size_t first = value.find_first_not_of('\'');
  return first != std::string_view::npos && formulaStart(value[first]);
}

char delimiterOf(std::string_view text) {
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    commas += c == ',';
    semicolons += c == ';';
    tabs += c == '\t';
  }
  if (semicolons > commas && semicolons >= tabs) return ';';
  return tabs > commas ? '\t' : ',';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), delimiter_(delimiterOf(text)) {}

  bool more() const { return at_ < text_.size(); }

  // The next row; false: an empty line.
  bool row(CsvRow& row) {
    row = CsvRow{};
    row.line = line_;
    const std::size_t start = at_, start_line = line_;
    readFields(row);
    if (runaway_ != Runaway::kNone) {
      // An open quote would swallow the lines that follow: take its first line alone as broken. Each such
      // line may cost one look ahead, so they are counted, and a quote that meets the end of the file is the
      // last that spans lines.
      one_line_quotes_ = one_line_quotes_ || runaway_ == Runaway::kToEnd || ++runaways_ > kMaxRunaways;
      runaway_ = Runaway::kNone;
      at_ = start;
      line_ = start_line;
      skipLine();
      fault(row, "a quote is opened and not closed", "dấu ngoặc kép mở mà không đóng");
    }
    if (row.fault.empty() && !validUtf8(text_.substr(start, at_ - start))) {
      fault(row, "not UTF-8; save the file as \"CSV UTF-8\"",
            "không phải UTF-8; hãy lưu tệp dạng \"CSV UTF-8\"");
    }
    return !row.fault.empty() || row.fields.size() > 1 || (row.fields.size() == 1 && !row.fields[0].empty());
  }

 private:
  static void fault(CsvRow& row, const char* en, const char* vi) {
    row.fields.clear();
    row.fault = en;
    row.fault_vi = vi;
  }

  bool atLineEnd() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  void endLine() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\r') {
      ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    } else {
      ++at_;
    }
    ++line_;
  }

  void skipLine() {
    while (!atLineEnd()) ++at_;
    endLine();
  }

  void readFields(CsvRow& row) {
    for (;;) {
      std::string field;
      const bool quoted = at_ < text_.size() && text_[at_] == '"';
      if (quoted) {
        const std::size_t opened_on = line_;
        if (!readQuoted(field)) {
          runaway_ = Runaway::kToEnd;
          return;
        }
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (!atLineEnd() && text_[at_] != delimiter_) {
          if (line_ != opened_on) {
            runaway_ = Runaway::kToText;
            return;
          }
          skipLine();
          fault(row, "text follows a closing quote; double a quote inside a field",
                "có chữ sau dấu ngoặc kép đóng; dấu ngoặc kép trong ô phải viết đôi");
          return;
        }
      } else {
        const std::size_t start = at_;
        while (!atLineEnd() && text_[at_] != delimiter_) ++at_;
        field = text_.substr(start, at_ - start);
      }
      if (field.size() > 1 && field[0] == '\'' && guardedFormula(field)) field.erase(0, 1);
      row.fields.push_back(std::move(field));
      if (atLineEnd()) break;
      ++at_;
    }
    endLine();
  }

  bool readQuoted(std::string& field) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          field += '"';
          at_ += 2;
          continue;
        }
        ++at_;
        return true;
      }
      if (c == '\n' || (c == '\r' && (at_ + 1 >= text_.size() || text_[at_ + 1] != '\n'))) {
        if (one_line_quotes_) return false;
        ++line_;
      }
      field += c;
      ++at_;
    }
    return false;
  }

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0, line_ = 1;
  bool one_line_quotes_ = false;
  enum class Runaway { kNone, kToText, kToEnd } runaway_ = Runaway::kNone;
  static constexpr int kMaxRunaways = 1000;
  int runaways_ = 0;
};

}  // namespace

Result<std::vector<CsvRow>> parseCsv(std::string_view text, std::size_t max_rows) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
      text.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::kInvalid,
                "this is not a CSV file in UTF-8; save it as \"CSV UTF-8\" and try again",
                "đây không phải tệp CSV dạng UTF-8; hãy lưu lại dạng \"CSV UTF-8\" rồi thử lại");
  }
  std::vector<CsvRow> rows;
  Parser parser(text);
  CsvRow row;
  while (parser.more()) {
    if (!parser.row(row)) continue;
    if (rows.size() == max_rows) {
      return fail(ErrorCode::kTooBig, fmt::format("the file has more than {} rows; split it", max_rows),
                  fmt::format("tệp có hơn {} dòng; hãy chia nhỏ", max_rows));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string csvField(std::string_view value) {
  std::string out;
  const bool guard = guardedFormula(value);
  const bool quote = value.find_first_of(",;\t\"\r\n") != std::string_view::npos || value.starts_with(' ') ||
                     value.ends_with(' ');
  if (quote) out += '"';
  if (guard) out += '\'';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quote) out += '"';
  return out;
}

}  // namespace diemcau
