// CSV as people's spreadsheets write it, good and broken.
#include "base/csv.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;
using Fields = std::vector<std::string>;

namespace {
std::vector<CsvRow> parsed(std::string_view text) {
  auto rows = parseCsv(text);
  REQUIRE(rows);
  return *rows;
}
}  // namespace

TEST_CASE("parseCsv reads what spreadsheets write") {
  struct Row {
    const char* what;
    std::string text;
    std::vector<Fields> rows;
  };
  const Row rows[] = {
      {"comma, LF", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"no end of line at the end", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"CRLF", "a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
      {"CR alone", "a,b\r1,2\r", {{"a", "b"}, {"1", "2"}}},
      {"BOM",
       "\xef\xbb\xbf"
       "a,b\n",
       {{"a", "b"}}},
      {"semicolon", "a;b;c\n1,5;2;3\n", {{"a", "b", "c"}, {"1,5", "2", "3"}}},
      {"tab", "a\tb\n1\t2\n", {{"a", "b"}, {"1", "2"}}},
      {"a quoted header does not decide the delimiter", "\"a,b,c\";d\n1;2\n", {{"a,b,c", "d"}, {"1", "2"}}},
      {"quotes", "\"a,1\",\"b\"\"c\"\n", {{"a,1", "b\"c"}}},
      {"a field over two lines", "\"a\nb\",c\n", {{"a\nb", "c"}}},
      {"blanks after a closing quote", "\"a\" ,b\n", {{"a", "b"}}},
      {"a quote inside an unquoted field", "5\" pipe,b\n", {{"5\" pipe", "b"}}},
      {"empty lines are left out", "\n\na,b\n\n1,2\n\n", {{"a", "b"}, {"1", "2"}}},
      {"empty fields stay", "a,,c\n,,\n", {{"a", "", "c"}, {"", "", ""}}},
      {"Vietnamese", "mã,tên\nD1,Đống Đa\n", {{"mã", "tên"}, {"D1", "Đống Đa"}}},
      {"nothing", "", {}},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto got = parsed(row.text);
    REQUIRE(got.size() == row.rows.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i].fault.empty());
      CHECK(got[i].fields == row.rows[i]);
    }
  }
}

TEST_CASE("a row knows the line that it starts on") {
  const auto rows = parsed("a,b\n\n\"x\ny\",1\r\nz,2\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].line == 1);
  CHECK(rows[1].line == 3);
  CHECK(rows[2].line == 5);
}

TEST_CASE("broken rows are reported and the others are still read") {
  const auto rows = parsed("a,b\n\"1\"x,2\n3,\xff\n4,5\n6,\"open\n7,8\n9,\"y\"\n");
  REQUIRE(rows.size() == 7);
  CHECK(rows[1].fault.find("closing quote") != std::string::npos);
  CHECK(rows[1].line == 2);
  CHECK(rows[2].fault.find("UTF-8") != std::string::npos);
  CHECK_FALSE(rows[2].fault_vi.empty());
  CHECK(rows[3].fields == Fields{"4", "5"});
  // The open quote of line 5 meets the one of line 7, where text follows: line 5 alone is broken.
  CHECK(rows[4].line == 5);
  CHECK(rows[4].fault.find("not closed") != std::string::npos);
  CHECK(rows[5].fields == Fields{"7", "8"});
  CHECK(rows[6].fields == Fields{"9", "y"});
  const auto open = parsed("a,b\n6,\"open\n7,8\n9,z\n");
  REQUIRE(open.size() == 4);
  CHECK(open[1].line == 2);
  CHECK(open[1].fault.find("not closed") != std::string::npos);
  CHECK(open[2].fields == Fields{"7", "8"});
  CHECK(open[3].line == 4);
}

TEST_CASE("what is not a text file is refused as a whole") {
  CHECK_FALSE(
      parseCsv(std::string("\xff\xfe"
                           "a\0",
                           4)));
  CHECK_FALSE(parseCsv(std::string("a,b\n\0,1\n", 8)));
  const auto many = parseCsv("a\nb\nc\n", 2);
  REQUIRE_FALSE(many);
  CHECK(many.error().code == ErrorCode::kTooBig);
  CHECK(parseCsv("a\nb\n", 2));
}

TEST_CASE("many unclosed quotes are still read in one go") {
  std::string text = "a,b\n";
  for (int i = 0; i < 20001; ++i) text += "x,\"a\"\"\n";
  CHECK(parsed(text).size() > 10000);
}

TEST_CASE("csvField quotes, and guards against formulas") {
  CHECK(csvField("Đống Đa") == "Đống Đa");
  CHECK(csvField("a,b") == "\"a,b\"");
  CHECK(csvField("a;b") == "\"a;b\"");
  CHECK(csvField("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(csvField("=1+1") == "'=1+1");
  CHECK(csvField("+84901") == "'+84901");
  CHECK(csvField("-5") == "'-5");
  CHECK(csvField("@x") == "'@x");
  CHECK(csvField("\tx") == "\"'\tx\"");
  CHECK(csvField("") == "");
}

TEST_CASE("what csvField wrote is what parseCsv reads") {
  for (const std::string value : {"a", "=1+1", "'=1+1", "''+84", "'quoted'", "'", "a\nb", "a\r\nb", " x ",
                                  "\"", ",;\t", "-", "\t", "\r"}) {
    INFO(value);
    const auto rows = parsed("h,i\n" + csvField(value) + ",end\n");
    REQUIRE(rows.size() == 2);
    REQUIRE(rows[1].fault == "");
    CHECK(rows[1].fields == Fields{value, "end"});
  }
}
