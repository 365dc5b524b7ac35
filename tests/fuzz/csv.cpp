// Any file: read without a fault of ours, every row says where it is, and rows that are written again are
// read as the same.
#include <algorithm>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace diemcau;

namespace {

std::string written(const std::vector<CsvRow>& rows) {
  std::string out = "\xEF\xBB\xBF";  // as our exports begin
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) out += (i == 0 ? "" : ",") + csvField(row.fields[i]);
    out += "\r\n";
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::asText(data, size);
  const auto lines = 1 + static_cast<std::size_t>(std::count_if(
                             text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }));
  auto rows = parseCsv(text, 1000);
  if (!rows) {
    MUST(!rows.error().text.empty() && !rows.error().vi.empty());
    return 0;
  }
  std::size_t line = 0;
  for (const auto& row : *rows) {
    MUST(row.line > line && row.line <= lines);
    line = row.line;
    MUST(row.fault.empty() == row.fault_vi.empty());
    MUST(row.fault.empty() != row.fields.empty());
    for (const auto& field : row.fields) MUST(validUtf8(field) && field.find('\0') == std::string::npos);
  }
  std::erase_if(*rows, [](const CsvRow& row) { return !row.fault.empty(); });
  const auto again = parseCsv(written(*rows), 1000);
  MUST(again && again->size() == rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) MUST((*again)[i].fields == (*rows)[i].fields);
  return 0;
}
