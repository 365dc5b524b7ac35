#include "coordinator/ctl/table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace diemcau::ctl {

Table::Table(std::vector<std::string> titles) : titles_(std::move(titles)) {
  for (std::string& title : titles_) {
    right_.push_back(title.starts_with('>'));
    if (right_.back()) title.erase(0, 1);
  }
}

void Table::add(std::vector<Cell> cells) {
  cells.resize(titles_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::render(const Speech& speech, std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < titles_.size(); ++column) {
    std::size_t widest = displayWidth(titles_[column]);
    for (const auto& row : rows_) widest = std::max(widest, displayWidth(row[column].text));
    widths.push_back(widest);
  }
  std::size_t before_last = 0;
  for (std::size_t column = 0; column + 1 < widths.size(); ++column) before_last += widths[column] + 2;
  if (width != 0 && !widths.empty()) {
    const std::size_t room = width > before_last + 8 ? width - before_last : 8;
    widths.back() = std::min(widths.back(), room);
  }
  const auto line = [&](const std::vector<Cell>& cells) {
    std::string out;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const bool last = column + 1 == cells.size();
      const std::string text = last && !right_[column]
                                   ? cut(cells[column].text, widths[column])
                                   : pad(cells[column].text, widths[column], right_[column]);
      out += speech.paint(text, cells[column].style);
      if (!last) out += "  ";
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out + "\n";
  };
  std::vector<Cell> heads;
  for (const std::string& title : titles_) heads.push_back({title, Style::kDim});
  std::string out = line(heads);
  for (const auto& row : rows_) out += line(row);
  return out;
}

}  // namespace diemcau::ctl
