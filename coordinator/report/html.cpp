// Escaping, and tables.
#include "coordinator/report/html.hpp"

#include <fmt/format.h>

namespace diemcau::report {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Table::Table(std::string_view caption, std::string numbers, const std::vector<std::string>& heads)
    : numbers_(std::move(numbers)) {
  out_ = fmt::format("<table><caption>{}</caption><thead><tr>", escaped(caption));
  for (std::size_t i = 0; i < heads.size(); ++i)
    out_ += fmt::format("<th scope=\"col\"{}>{}</th>",
                        i < numbers_.size() && numbers_[i] == 'n' ? " class=\"n\"" : "", escaped(heads[i]));
  out_ += "</tr></thead><tbody>\n";
}

void Table::row(const std::vector<Markup>& cells, std::string_view row_class) {
  ++rows_;
  out_ += row_class.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", escaped(row_class));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool number = i < numbers_.size() && numbers_[i] == 'n';
    out_ += fmt::format("<td{}>{}</td>", number ? " class=\"n\"" : "", cells[i].html);
  }
  out_ += "</tr>\n";
}

std::string Table::html() const {
  return out_ + "</tbody></table>\n";
}

}  // namespace diemcau::report
