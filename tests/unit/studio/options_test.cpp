// The command line: what is understood, and what the others are told.
#include "tests/studio/options.hpp"

#include <nlohmann/json.hpp>

#include "tests/studio/events.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::studio {

namespace {

Parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "diemcau-studio");
  return parseOptions(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("without arguments there are a main and a backup feed") {
  const auto parsed = parse({});
  REQUIRE(parsed.options);
  REQUIRE(parsed.options->feeds.size() == 2);
  CHECK(parsed.options->feeds[0].id == "main");
  CHECK(parsed.options->feeds[0].srt->port == 9001);
  CHECK(parsed.options->feeds[1].id == "backup");
  CHECK(parsed.options->feeds[1].srt->port == 9002);
  CHECK(parsed.options->width == 1280);
  CHECK(parsed.options->height == 720);
  CHECK(parsed.options->live());
}

TEST_CASE("everything at once") {
  const auto parsed = parse({"--feed",       "a=srt://127.0.0.1:1234?latency=200",
                             "--feed",       "b",
                             "--udp",        "a=udp://239.1.1.1:5004",
                             "--udp",        "c=udp://127.0.0.1:5005",
                             "--http",       "127.0.0.1:0",
                             "--hls",        "/tmp/x",
                             "--size",       "640x360",
                             "--fps",        "30",
                             "--kbps",       "800",
                             "--passphrase", "0123456789",
                             "--seconds",    "2.5",
                             "--file",       "x.ts",
                             "--cue",        "1 a black 2",
                             "--cue",        "3 all cut"});
  REQUIRE(parsed.options);
  const Options& options = *parsed.options;
  REQUIRE(options.feeds.size() == 3);
  CHECK(options.feeds[0].srt->latency_ms == 200);
  CHECK(options.feeds[0].udp->host == "239.1.1.1");
  CHECK_FALSE(options.feeds[1].srt);
  CHECK(options.feeds[2].id == "c");
  CHECK(options.http->port == 0);
  CHECK(options.width == 640);
  CHECK(options.fps == 30);
  CHECK(options.length == 2'500'000);
  REQUIRE(options.cues.size() == 2);
  CHECK(options.cues[1].cue.feed == "all");
}

TEST_CASE("a file alone is not live") {
  const auto parsed = parse({"--file", "x.ts", "--seconds", "5"});
  REQUIRE(parsed.options);
  CHECK(parsed.options->feeds.size() == 1);
  CHECK_FALSE(parsed.options->live());
}

TEST_CASE("wrong usage leaves with 64 and says what to write") {
  struct Row {
    std::vector<const char*> arguments;
    const char* says;
  };
  const std::vector<Row> rows = {
      {{"--feed", "main=http://127.0.0.1/x.m3u8"}, "wrong kind"},
      {{"--feed", "main=srt://127.0.0.1"}, "srt://"},
      {{"--feed", "=srt://127.0.0.1:1"}, "feed's name"},
      {{"--feed", "all=srt://127.0.0.1:1"}, "feed's name"},
      {{"--feed", "a=srt://127.0.0.1:1", "--feed", "a=srt://127.0.0.1:2"}, "twice"},
      {{"--feed", "a=srt://127.0.0.1:1", "--feed", "b=srt://127.0.0.1:1"}, "port 1"},
      {{"--udp", "a"}, "no address"},
      {{"--udp", "a=srt://127.0.0.1:1"}, "wrong kind"},
      {{"--size", "1280"}, "WIDTHxHEIGHT"},
      {{"--size", "1281x720"}, "WIDTHxHEIGHT"},
      {{"--size", "1280x721"}, "WIDTHxHEIGHT"},
      {{"--size", "x"}, "WIDTHxHEIGHT"},
      {{"--mark-picture"}, "--mark NAME"},
      {{"--mark-tone"}, "--mark NAME"},
      {{"--fps", "0"}, "--fps"},
      {{"--kbps", "1"}, "--kbps"},
      {{"--passphrase", "short"}, "10 to 79"},
      {{"--http", "nonsense"}, "--http"},
      {{"--file", "x.ts"}, "--seconds"},
      {{"--cue", "1 third black 2"}, "no feed 'third'"},
      {{"--cue", "main black 2"}, "--cue"},
      {{"--no-such-thing"}, "--no-such-thing"},
  };
  for (const Row& row : rows) {
    const auto parsed = parse(row.arguments);
    CAPTURE(row.arguments, parsed.text);
    CHECK_FALSE(parsed.options);
    CHECK(parsed.code == 64);
    CHECK_THAT(parsed.text, Catch::Contains(row.says));
  }
}

TEST_CASE("help and version leave with 0") {
  for (const char* argument : {"--help", "--version"}) {
    const auto parsed = parse({argument});
    CHECK_FALSE(parsed.options);
    CHECK(parsed.code == 0);
    CHECK_THAT(parsed.text, Catch::Contains("diemcau-studio"));
  }
  CHECK_THAT(parse({"--help"}).text, Catch::Contains("low_bitrate"));
}

TEST_CASE("events are one JSON object each, whatever they hold") {
  std::vector<std::string> lines;
  Events events([&lines](const std::string& line) { lines.push_back(line); });
  const auto parsed = parse({"--feed", "main=srt://127.0.0.1:9001", "--udp", "main=udp://239.1.1.1:5004"});
  events.ready(*parsed.options, "http://127.0.0.1:8080");
  events.cue("main", Fault::kLowFps, true, 1'767'225'600'000'000, 12'000'000);
  events.cue("main", Fault::kLowFps, false, 1, 2);
  events.callers("main", 3);
  events.error("a \"quote\",\na new line and a broken \xFF byte");
  events.end(100, 2);
  REQUIRE(lines.size() == 6);
  std::vector<nlohmann::json> read;
  for (const auto& line : lines) {
    CHECK(line.find('\n') == std::string::npos);
    read.push_back(nlohmann::json::parse(line));
  }
  CHECK(read[0]["feeds"][0]["srt"] == "srt://127.0.0.1:9001");
  CHECK(read[0]["feeds"][0]["udp"] == "udp://239.1.1.1:5004");
  CHECK(read[0]["feeds"][0]["hls"] == "http://127.0.0.1:8080/main/index.m3u8");
  CHECK(read[1] == nlohmann::json::parse(R"({"event":"cue","feed":"main","cue":"low_fps","state":"begin",
                                             "at_us":1767225600000000,"media_us":12000000})"));
  CHECK(read[2]["state"] == "end");
  CHECK(read[3]["count"] == 3);
  CHECK(read[4]["event"] == "error");
  CHECK(read[5]["frames_lost"] == 2);
}

}  // namespace diemcau::studio
