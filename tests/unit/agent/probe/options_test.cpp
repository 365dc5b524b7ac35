// The command line: what it takes, and what it answers to what it does not.
#include "agent/probe/options.hpp"

#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::probe {
namespace {

Parsed parse(std::vector<const char*> words) {
  words.insert(words.begin(), "diemcau-probe");
  return parseOptions(static_cast<int>(words.size()), words.data());
}

TEST_CASE("what a feed should be") {
  const auto full = parseExpected("1920x1080@25,h264,aac,3000-6000kbps");
  REQUIRE(full);
  CHECK(full->width() == 1920);
  CHECK(full->height() == 1080);
  CHECK(full->fps() == 25);
  CHECK(full->video_codec() == "h264");
  CHECK(full->audio_codec() == "aac");
  CHECK(full->min_bitrate_kbps() == 3000);
  CHECK(full->max_bitrate_kbps() == 6000);

  const auto part = parseExpected("@29.97,2000kbps");
  REQUIRE(part);
  CHECK(part->fps() == 29.97);
  CHECK(part->width() == 0);
  CHECK(part->min_bitrate_kbps() == 2000);
  CHECK(part->max_bitrate_kbps() == 0);
  CHECK(parseExpected(""));

  CHECK(parseExpected("video=none,aac").value().video_codec() == "none");
  CHECK(parseExpected("h264,audio=none").value().audio_codec() == "none");
  CHECK_FALSE(parseExpected("audio=none,video=none"));

  for (const char* bad : {"1920", "1920x", "x1080", "1920x1080@", "1920x1080@0", "19.5x10", "h266",
                          "6000-3000kbps", "kbps", "-kbps", "1920x1080,,h264", "9999x9999", "0x0", "25fps"}) {
    CAPTURE(bad);
    const auto profile = parseExpected(bad);
    REQUIRE_FALSE(profile);
    CHECK(profile.error().text.find("1920x1080@25,h264,3000-6000kbps") != std::string::npos);
    CHECK_FALSE(profile.error().vi.empty());
  }
}

TEST_CASE("modes and their options") {
  const Parsed json =
      parse({"--json", "--seconds", "12.5", "--lang", "en", "srt://127.0.0.1:9000?latency=200"});
  REQUIRE(json.options);
  CHECK(json.options->mode == Mode::kJson);
  CHECK(json.options->seconds == 12.5);
  CHECK_FALSE(json.options->vietnamese);
  CHECK(json.options->address.kind == FeedKind::kSrt);
  CHECK(json.options->address.latency_ms == 200);

  CHECK(parse({"test://"}).options->mode == Mode::kPanel);
  CHECK(parse({"--once", "test://"}).options->seconds == 5);
  CHECK(parse({"--once", "--seconds", "2", "test://black"}).options->seconds == 2);
  CHECK(parse({"/srv/trial.ts"}).options->address.kind == FeedKind::kFile);
  ::setenv("DISPLAY", ":7", 1);
  CHECK(parse({"--child", "--show", "auto"}).options->screen);
  CHECK_FALSE(parse({"--child", "--show", "none"}).options->screen);
  ::unsetenv("DISPLAY");
  CHECK_FALSE(parse({"--child"}).options->screen);
  CHECK(parse({"--list-elements"}).options->mode == Mode::kListElements);
  CHECK(parse({"--lang", "vi", "test://"}).options->vietnamese);
}

TEST_CASE("a file is named from where one stands, too") {
  const test::TempDir dir;
  const std::string path = std::filesystem::canonical(dir.write("trial.ts", "G")).string();
  const std::string near = std::filesystem::relative(path).string();
  REQUIRE(near.front() != '/');
  const Parsed parsed = parse({near.c_str()});
  INFO(parsed.output);
  REQUIRE(parsed.options);
  CHECK(parsed.options->address.path == path);
  CHECK(parse({"nowhere/trial.ts"}).exit_code == kUsage);
}

TEST_CASE("what is wrong is said, with exit code 64") {
  struct Row {
    std::vector<const char*> words;
    const char* says;
  };
  const Row rows[] = {
      {{}, "Give an address"},
      {{"rtp:/x"}, "srt://"},
      {{"srt://127.0.0.1"}, "srt://127.0.0.1"},
      {{"--json", "--once", "test://"}, "exclude each other"},
      {{"--child", "test://"}, "--child"},
      {{"--expect", "big", "test://"}, "\"big\""},
      {{"--lang", "fr", "test://"}, "--lang"},
      {{"--seconds", "0", "test://"}, "--seconds"},
      {{"--what", "test://"}, "--what"},
      {{"--passphrase-file", "/nowhere/at/all", "test://"}, "/nowhere/at/all"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    const Parsed parsed = parse(row.words);
    CHECK_FALSE(parsed.options);
    CHECK(parsed.exit_code == kUsage);
    CHECK(parsed.output.find(row.says) != std::string::npos);
  }
}

TEST_CASE("help and version are no mistakes") {
  CHECK(parse({"--help"}).exit_code == 0);
  CHECK(parse({"--help"}).output.find("66  the file is not there") != std::string::npos);
  CHECK(parse({"--version"}).exit_code == 0);
  CHECK(parse({"--version"}).output.find("diemcau-probe") != std::string::npos);
}

TEST_CASE("a passphrase comes from a file, so that no list of processes shows it") {
  const test::TempDir dir;
  const std::string good = dir.write("good", "correct horse battery\n");
  const Parsed parsed = parse({"--passphrase-file", good.c_str(), "srt://127.0.0.1:9000"});
  REQUIRE(parsed.options);
  CHECK(parsed.options->passphrase == "correct horse battery");
  const std::string brief = dir.write("brief", "short\n");
  CHECK(parse({"--passphrase-file", brief.c_str(), "srt://127.0.0.1:9000"}).exit_code == kUsage);
}

}  // namespace
}  // namespace diemcau::probe
