// Columns of text without boxes, aligned by what a terminal shows. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "coordinator/ctl/speech.hpp"

namespace diemcau::ctl {

struct Cell {
  std::string text;
  Style style = Style::kPlain;
};

class Table {
 public:
  // A title that begins with '>' makes a column of numbers: to the right.
  explicit Table(std::vector<std::string> titles);
  void add(std::vector<Cell> cells);
  bool empty() const { return rows_.empty(); }
  // The last column is cut where a line would be longer than `width`; 0: never.
  std::string render(const Speech& speech, std::size_t width = 0) const;

 private:
  std::vector<std::string> titles_;
  std::vector<bool> right_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace diemcau::ctl
