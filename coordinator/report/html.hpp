// A page under construction: text is escaped unless it is a Markup, which only our own code makes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace diemcau::report {

std::string escaped(std::string_view text);

// HTML that is already safe.
struct Markup {
  std::string html;
};

inline Markup plain(std::string_view text) {
  return {escaped(text)};
}

// A table with a caption; `numbers` marks the columns that hold numbers, "n" or " ", one letter a column.
class Table {
 public:
  Table(std::string_view caption, std::string numbers, const std::vector<std::string>& heads);
  void row(const std::vector<Markup>& cells, std::string_view row_class = {});
  bool empty() const { return rows_ == 0; }
  std::string html() const;

 private:
  std::string numbers_, out_;
  std::size_t rows_ = 0;
};

}  // namespace diemcau::report
