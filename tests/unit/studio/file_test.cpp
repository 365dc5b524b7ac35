// A broadcast written to a file and decoded again: pictures and sound are where the cues put them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "packets.hpp"
#include "receive.hpp"
#include "stage_set.hpp"
#include "tests/support/process.hpp"

namespace diemcau::studio {

using namespace test;

namespace {

std::string contentOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Media times of the begin and the end of a cue, as told.
std::pair<Micros, Micros> toldTimes(Broadcast& broadcast, const char* cue) {
  std::pair<Micros, Micros> out{-1, -1};
  for (const auto& event : broadcast.events("cue")) {
    if (event["cue"] != cue) continue;
    (event["state"] == "begin" ? out.first : out.second) = event["media_us"].get<Micros>();
  }
  return out;
}

}  // namespace

TEST_CASE("black, freeze and silence are on the very frames of their cues") {
  const diemcau::test::TempDir dir;
  const std::string file = dir.path() + "/out.ts";
  Broadcast broadcast({"--file", file.c_str(), "--seconds", "5", "--size", "320x180", "--kbps", "800",
                       "--cue", "1 main black 1", "--cue", "3 main freeze 1", "--cue", "2 main silence 1"});
  broadcast.run();
  const Decoded decoded = decode(file);
  INFO(decoded.error);
  CHECK(decoded.error.empty());
  CHECK(decoded.width == 320);
  CHECK(decoded.height == 180);
  REQUIRE(decoded.luma.size() == 125);
  for (std::size_t i = 0; i < decoded.luma.size(); ++i) {
    CAPTURE(i, decoded.luma[i]);
    CHECK((decoded.luma[i] < 18) == (i >= 25 && i < 50));
  }
  // The frame that holds is the first of the cue; the key frame a second later is coded anew, hence not
  // exactly zero.
  for (std::size_t i = 76; i < 100; ++i) CHECK(decoded.moved[i] < 0.2);
  for (std::size_t i = 101; i < 125; ++i) CHECK(decoded.moved[i] > 0.2);
  CHECK(toldTimes(broadcast, "black") == std::pair<Micros, Micros>(kSecond, 2 * kSecond));
  CHECK(toldTimes(broadcast, "freeze") == std::pair<Micros, Micros>(3 * kSecond, 4 * kSecond));
  REQUIRE(decoded.level.size() > 200);
  for (std::size_t i = 0; i < decoded.level.size(); ++i) {
    const double at = decoded.level_at[i];
    CAPTURE(at);
    if (at > 0.2 && at < 1.9) CHECK(decoded.level[i] > 0.03);
    if (at > 2.2 && at < 2.8) CHECK(decoded.level[i] < 0.001);
    if (at > 3.2 && at < 4.8) CHECK(decoded.level[i] > 0.03);
  }
  REQUIRE(broadcast.events("end").size() == 1);
  CHECK(broadcast.events("end")[0]["frames"] == 125);
  CHECK(broadcast.events("end")[0]["frames_lost"] == 0);
}

TEST_CASE("the stream has its rate, a key frame a second, and no gaps") {
  const diemcau::test::TempDir dir;
  const std::string file = dir.path() + "/out.ts";
  Broadcast broadcast({"--file", file.c_str(), "--seconds", "4", "--size", "320x180", "--kbps", "800"});
  broadcast.run();
  const std::string bytes = contentOf(file);
  CHECK(static_cast<double>(bytes.size()) * 8 / 4 / 1000 == Approx(800).margin(40));
  CHECK(counterGaps(bytes) == 0);
  std::vector<std::uint64_t> keys;
  for (auto& one : split(bytes)) {
    const Packet packet(std::span(reinterpret_cast<std::uint8_t*>(one.data()), one.size()));
    if (packet.randomAccess() && packet.stream() == Stream::kVideo)
      keys.push_back(packet.presentation().value());
  }
  REQUIRE(keys.size() == 4);
  for (std::size_t i = 1; i < keys.size(); ++i) CHECK(keys[i] - keys[i - 1] == 90'000);
}

TEST_CASE("low rates: a fifth of the frames, a fraction of the bytes") {
  const diemcau::test::TempDir dir;
  const std::string file = dir.path() + "/out.ts", plain = dir.path() + "/plain.ts";
  Broadcast slow(
      {"--file", file.c_str(), "--seconds", "2", "--size", "320x180", "--cue", "0 main low_fps 1"});
  slow.run();
  CHECK(decode(file).luma.size() == 5 + 25);
  Broadcast thin({"--file", plain.c_str(), "--seconds", "4", "--size", "320x180", "--kbps", "1500", "--cue",
                  "0 main low_bitrate"});
  thin.run();
  CHECK(contentOf(plain).size() * 8 / 4 / 1000 < 750);
  CHECK(decode(plain).luma.size() == 100);
}

TEST_CASE("streams that are taken out are gone from the file, for their time") {
  const diemcau::test::TempDir dir;
  const std::string file = dir.path() + "/out.ts";
  Broadcast broadcast({"--file", file.c_str(), "--seconds", "4", "--size", "320x180", "--cue",
                       "1 main no_video 1", "--cue", "3 main stall"});
  broadcast.run();
  const Decoded decoded = decode(file);
  CHECK(decoded.error.empty());
  CHECK(decoded.luma.size() >= 49);
  CHECK(decoded.luma.size() <= 51);
  CHECK(toldTimes(broadcast, "no_video").second >= 2 * kSecond);
  CHECK(broadcast.told("main", "stall", "begin"));
  CHECK_FALSE(broadcast.told("main", "stall", "end"));
}

TEST_CASE("other frame rates keep picture and sound together") {
  const diemcau::test::TempDir dir;
  const std::string file = dir.path() + "/out.ts";
  Broadcast broadcast({"--file", file.c_str(), "--seconds", "3", "--size", "320x180", "--fps", "30"});
  broadcast.run();
  const Decoded decoded = decode(file);
  CHECK(decoded.luma.size() == 90);
  REQUIRE_FALSE(decoded.level_at.empty());
  CHECK(decoded.level_at.back() == Approx(3).margin(0.1));
}

TEST_CASE("a file that cannot be written is an error that names it") {
  Broadcast broadcast({"--file", "/dev/null/out.ts", "--seconds", "1"});
  const auto done = broadcast.director().start();
  REQUIRE_FALSE(done);
  CHECK_THAT(done.error().text, Catch::Contains("/dev/null/out.ts"));
}

}  // namespace diemcau::studio
