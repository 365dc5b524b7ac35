// Segments, playlists, and who gets what.
#include "tests/studio/hls.hpp"

#include <filesystem>

#include "base/random.hpp"
#include "base/settings.hpp"
#include "packets.hpp"
#include "tests/studio/hls_shelf.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::studio {

using namespace test;

namespace {

// One second: tables, a key frame at `second`, more of the picture, sound and filling.
std::string second(std::uint64_t number, std::uint64_t first_pts = 0) {
  const std::uint64_t pts = (first_pts + number * 90'000) & 0x1FFFFFFFF;
  std::string out = tables() + packet({.start = true, .key = true, .pts = pts});
  for (int i = 0; i < 5; ++i) out += packet({.body = 'p'}) + packet({.pid = kPidNull});
  return out + packet({.pid = kAudioPid, .start = true, .pts = pts});
}

}  // namespace

TEST_CASE("segments begin with tables and a key frame, and lose nothing but filling") {
  HlsCutter cutter(kSecond);
  CHECK_FALSE(cutter.add(packet({.body = 'p'}) + second(0), 10));
  for (std::uint64_t n = 1; n < 4; ++n) {
    const auto segment = cutter.add(second(n), static_cast<Micros>(n) * kSecond);
    REQUIRE(segment);
    CHECK(segment->number == n - 1);
    CHECK(segment->length == kSecond);
    CHECK_FALSE(segment->discontinuity);
    const auto packets = split(*segment->bytes);
    CHECK(pidOf(packets[0]) == kPidTables);
    CHECK(pidOf(packets[1]) == kStreamsPid);
    CHECK(pidOf(packets[2]) == kVideoPid);
    auto counts = countByPid(*segment->bytes);
    CHECK(counts[kVideoPid] == 6);
    CHECK(counts[kAudioPid] == 1);
    CHECK(counts.count(kPidNull) == 0);
  }
}

TEST_CASE("lengths are right across the wrap of the clock") {
  HlsCutter cutter(kSecond);
  cutter.add(second(0, 0x1FFFFFFFF - 45'000), 0);
  const auto segment = cutter.add(second(1, 0x1FFFFFFFF - 45'000), 0);
  REQUIRE(segment);
  CHECK(segment->length == kSecond);
}

TEST_CASE("a longer target joins key frames") {
  HlsCutter cutter(2 * kSecond);
  cutter.add(second(0), 0);
  CHECK_FALSE(cutter.add(second(1), 0));
  const auto segment = cutter.add(second(2), 0);
  REQUIRE(segment);
  CHECK(segment->length == 2 * kSecond);
}

TEST_CASE("after an interruption the next segment is marked, and what was begun is gone") {
  HlsCutter cutter(kSecond);
  cutter.add(second(0), 0);
  REQUIRE(cutter.add(second(1), 0));
  cutter.interrupted();
  CHECK_FALSE(cutter.add(second(9), 0));
  const auto segment = cutter.add(second(10), 0);
  REQUIRE(segment);
  CHECK(segment->number == 1);
  CHECK(segment->length == kSecond);
  CHECK(segment->discontinuity);
}

TEST_CASE("the playlist names the newest segments") {
  HlsWindow window(3);
  for (std::uint64_t n = 0; n < 9; ++n) {
    window.add({n, n == 5 ? 1'960'000 : kSecond, static_cast<Micros>(n) * kSecond, n == 1 || n == 5 || n == 7,
                std::make_shared<const std::string>("bytes " + std::to_string(n))});
  }
  CHECK(window.dropped() == "000002.ts");
  CHECK(window.playlist() ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:6\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:2\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:06.000Z\n#EXTINF:1.000,\n000006.ts\n#EXT-X-DISCONTINUITY\n"
        "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:07.000Z\n#EXTINF:1.000,\n000007.ts\n"
        "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:08.000Z\n#EXTINF:1.000,\n000008.ts\n");
  // Kept a little past the playlist, for those who read it a moment ago.
  REQUIRE(window.find("000003.ts"));
  CHECK(*window.find("000003.ts") == "bytes 3");
  CHECK_FALSE(window.find("000002.ts"));
  CHECK_FALSE(window.find("../000003.ts"));
}

TEST_CASE("the shelf answers by feed, and refuses while cut") {
  HlsShelf shelf;
  CHECK(shelf.answer("/main/index.m3u8").status == 404);
  const auto output = hlsOutput(shelf, "main", "");
  CHECK(shelf.answer("/main/index.m3u8").status == 503);
  shelf.put("main", {0, kSecond, 0, false, std::make_shared<const std::string>("abc")});
  const auto list = shelf.answer("/main/index.m3u8");
  CHECK(list.status == 200);
  CHECK(list.type == "application/vnd.apple.mpegurl");
  CHECK_THAT(list.body, Catch::Contains("000000.ts"));
  CHECK(shelf.answer("/main/000000.ts").body == "abc");
  CHECK(shelf.answer("/main/000001.ts").status == 404);
  CHECK(shelf.answer("/main").status == 404);
  CHECK(shelf.answer("/backup/index.m3u8").status == 404);
  shelf.cut("main", true);
  CHECK(shelf.answer("/main/index.m3u8").status == 503);
  shelf.cut("main", false);
  CHECK(shelf.answer("/main/index.m3u8").status == 200);
}

TEST_CASE("the directory holds the playlist and the segments that it names") {
  const auto dir = std::filesystem::temp_directory_path() / ("diemcau-hls-" + randomHex(8));
  HlsShelf shelf;
  auto output = hlsOutput(shelf, "main", dir.string());
  REQUIRE(output);
  for (std::uint64_t n = 0; n < 15; ++n) (*output)->send(second(n), 0);
  const auto list = readFile((dir / "main" / "index.m3u8").string());
  REQUIRE(list);
  CHECK(*list == shelf.playlist("main"));
  for (const char* name : {"000009.ts", "000013.ts"}) {
    CHECK_THAT(*list, Catch::Contains(name));
    const auto bytes = readFile((dir / "main" / name).string());
    REQUIRE(bytes);
    CHECK(bytes->size() % kPacket == 0);
  }
  CHECK_FALSE(std::filesystem::exists(dir / "main" / "000000.ts"));
  std::filesystem::remove_all(dir);
}

TEST_CASE("a directory that cannot be made is an error that names it") {
  HlsShelf shelf;
  const auto output = hlsOutput(shelf, "main", "/dev/null/hls");
  REQUIRE_FALSE(output);
  CHECK_THAT(output.error().text, Catch::Contains("/dev/null/hls/main"));
}

}  // namespace diemcau::studio
