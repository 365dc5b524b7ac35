// Text that people typed: what is taken away, what is kept, and how it compares.
#include "base/text.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;

TEST_CASE("cleanText keeps Vietnamese in NFC and removes what cannot be seen") {
  struct Row {
    const char* what;
    std::string in, out;
  };
  const Row rows[] = {
      {"plain", "Hoi truong A", "Hoi truong A"},
      {"trimmed", "  Hội trường \t", "Hội trường"},
      {"decomposed becomes composed", "Ho\xcc\xa3\xcc\x82i", "Hội"},
      {"control characters go",
       std::string("a\x01"
                   "b\x7f"
                   "c"),
       "abc"},
      {"a line break becomes a blank", "dòng một\ndòng hai", "dòng một dòng hai"},
      {"bidi override", "abc\u202Edef", "abcdef"},
      {"bidi isolate", "a\u2066b\u2069c", "abc"},
      {"left-to-right mark", "a\u200Eb\u200Fc", "abc"},
      {"zero width", "a\u200Bb\u200Cc\u200Dd\u2060e", "abcde"},
      {"byte order mark", "\uFEFFabc", "abc"},
      {"no-break space is a blank", "a\u00A0b", "a b"},
      {"nothing left", "\u200B\u202A ", ""},
      {"a mark that was split by an invisible character is joined", "e\u200B\u0301", "é"},
      {"NUL", std::string("a\0b", 3), "ab"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto got = cleanText(row.in, 100, "name");
    REQUIRE(got);
    CHECK(*got == row.out);
  }
}

TEST_CASE("cleanText refuses what is too long or not UTF-8, and names the field") {
  CHECK(cleanText("ắắắ", 3, "title"));
  const auto tooLong = cleanText("ắắắắ", 3, "title");
  REQUIRE_FALSE(tooLong);
  CHECK(tooLong.error().code == ErrorCode::kInvalid);
  CHECK(tooLong.error().text == "title has 4 characters; at most 3 are allowed");
  CHECK(tooLong.error().vi.find("4 ký tự") != std::string::npos);
  for (const std::string bad : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
    const auto got = cleanText(bad, 100, "title");
    REQUIRE_FALSE(got);
    CHECK(got.error().text == "title is not UTF-8 text");
    CHECK_FALSE(validUtf8(bad));
  }
}

TEST_CASE("fold makes search blind to case and marks") {
  CHECK(fold("Đống Đa") == "dong da");
  CHECK(fold("ĐỐNG ĐA") == "dong da");
  CHECK(fold("Xã Ea H'Leo") == "xa ea h'leo");
  CHECK(fold("Quận 1") == "quan 1");
  CHECK(fold("Thừa Thiên Huế") == fold("thua thien hue"));
  CHECK(fold("ABC xyz") == "abc xyz");
}

TEST_CASE("validId") {
  for (const char* good : {"a", "D-001", "main", "x.y_z-9"}) CHECK(validId(good));
  CHECK(validId(std::string(64, 'a')));
  for (const char* bad : {"", "a b", "á", "a/b", "a\n"}) CHECK_FALSE(validId(bad));
  CHECK_FALSE(validId(std::string(65, 'a')));
}

TEST_CASE("displayWidth counts columns and not bytes") {
  CHECK(displayWidth("abc") == 3);
  CHECK(displayWidth("Điểm cầu") == 8);
  CHECK(displayWidth("Ho\xcc\xa3\xcc\x82i") == 3);
  CHECK(displayWidth("\u4f1a\u8bae") == 4);
  CHECK(displayWidth("a\u200Bb") == 2);
  CHECK(displayWidth("") == 0);
}

TEST_CASE("text holds both languages") {
  const v1::Text both = text("mất hình", "no picture");
  CHECK(both.vi() == "mất hình");
  CHECK(both.en() == "no picture");
}
