// CSV as people's spreadsheets write it: UTF-8 with or without BOM, comma or semicolon, quotes, CRLF or LF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace diemcau {

struct CsvRow {
  std::size_t line = 0;  // where it starts, from 1
  std::vector<std::string> fields;
  std::string fault;  // not empty: this row could not be read (unclosed quote, not UTF-8), and why (English)
  std::string fault_vi;
};

// The delimiter is the one of ',', ';' or tab that the first line holds most often. Empty lines are left out.
// Rows with a fault are returned too, so that all can be reported at once. More than `max_rows` are an error.
// The apostrophe that csvField() puts before a formula is taken off again, so what was written is what is
// read.
Result<std::vector<CsvRow>> parseCsv(std::string_view text, std::size_t max_rows = 2'000'000);

// One field for writing: quoted where needed; a leading = + - @ tab or CR gets an apostrophe before it,
// because spreadsheets would run it as a formula.
std::string csvField(std::string_view value);

}  // namespace diemcau
