// Marks among the units of a frame, as encoders write them and as they must not be.
#include "wire/feed_mark.hpp"

#include <string_view>

#include "tests/support/catch.hpp"

namespace diemcau::wire {
namespace {

using namespace std::string_literals;

v1::FeedMark markOf(const std::string& briefing, std::uint64_t picture) {
  v1::FeedMark mark;
  mark.set_briefing(briefing);
  mark.set_picture(picture);
  mark.set_made_us(1'795'000'000'000'000);
  mark.set_clock_error_ms(12);
  return mark;
}

std::optional<v1::FeedMark> find(const std::string& frame, VideoCoding coding = VideoCoding::kH264) {
  return findFeedMark({reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()}, coding);
}

const std::string kDelimiter = "\0\0\0\1\x09\xf0"s;
const std::string kSlice = "\0\0\1\x65\x88\x84\0\0\3\0\x10"s;

TEST_CASE("a mark is found before the first slice, in both codings") {
  const v1::FeedMark mark = markOf("Giao ban tháng 11", 70'000);
  const auto h264 = find(kDelimiter + writeFeedMark(mark, VideoCoding::kH264) + kSlice);
  REQUIRE(h264);
  CHECK(h264->SerializeAsString() == mark.SerializeAsString());
  const std::string h265_slice = "\0\0\1\x26\1\x88"s;
  const auto h265 = find(writeFeedMark(mark, VideoCoding::kH265) + h265_slice, VideoCoding::kH265);
  REQUIRE(h265);
  CHECK(h265->picture() == 70'000);
  CHECK_FALSE(find(kDelimiter + kSlice + writeFeedMark(mark, VideoCoding::kH264)));
  CHECK_FALSE(find(kDelimiter + kSlice));
}

// Zeros in it would begin another unit.
TEST_CASE("no start code arises inside a mark, and zeros survive") {
  v1::FeedMark mark = markOf("\1\1"s, 1);
  mark.set_briefing("a");
  mark.GetReflection()->MutableUnknownFields(&mark)->AddFixed64(15, 0);
  mark.GetReflection()->MutableUnknownFields(&mark)->AddFixed64(15, 0x0000'0100'0002'0000);
  const std::string unit = writeFeedMark(mark, VideoCoding::kH264);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(unit.data());
  REQUIRE(afterStartCode(bytes, unit.size(), 0) == 4);
  CHECK(afterStartCode(bytes, unit.size(), 4) == unit.size());
  CHECK(unit.substr(4).find("\0\0\2"s) == std::string::npos);
  const auto found = find(unit + kSlice);
  REQUIRE(found);
  CHECK(found->SerializeAsString() == mark.SerializeAsString());
}

TEST_CASE("what others write beside a picture is passed over") {
  const std::string captions = "\0\0\1\x06\x04\x05GA94\3\x80"s;  // registered user data
  const std::string settings =
      "\0\0\1\x06\x05\x14\xdc\x45\xe9\xbd\xe6\xd9\x48\xb7\x96\x2c\xd8\x20\xd9\x23\xee\xefx264\x80"s;
  const std::string mark = writeFeedMark(markOf("a", 1), VideoCoding::kH264);
  CHECK(find(kDelimiter + captions + settings + mark + kSlice));
  CHECK_FALSE(find(kDelimiter + captions + settings + kSlice));
}

TEST_CASE("what is damaged, too long or no text is no mark") {
  const std::string good = writeFeedMark(markOf("a", 1), VideoCoding::kH264);
  for (std::size_t size = 5; size < good.size() - 1; ++size) CHECK_FALSE(find(good.substr(0, size) + kSlice));
  CHECK(find(writeFeedMark(markOf(std::string(64, 'a'), 1), VideoCoding::kH264) + kSlice));
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "\U0001F3DB";
  const auto found = find(writeFeedMark(markOf(longest, ~0ULL), VideoCoding::kH264) + kSlice);
  REQUIRE(found);
  CHECK(found->briefing() == longest);
  CHECK_FALSE(find(writeFeedMark(markOf(std::string(65, 'a'), 1), VideoCoding::kH264) + kSlice));
  v1::FeedMark no_text = markOf("", 1);
  no_text.GetReflection()->MutableUnknownFields(&no_text)->AddLengthDelimited(1, "\xff\xfe");
  CHECK_FALSE(find(writeFeedMark(no_text, VideoCoding::kH264) + kSlice));
}

}  // namespace
}  // namespace diemcau::wire
