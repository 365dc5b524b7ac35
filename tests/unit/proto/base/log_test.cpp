// The log: levels, form of a line, and a full queue that drops its oldest lines and counts them.
#include "base/log.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/random.hpp"
#include "diemcau/v1/link.pb.h"
#include "tests/support/catch.hpp"

using namespace diemcau;

namespace {
std::string content(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

struct LogFile {
  std::string path = std::filesystem::temp_directory_path() / ("diemcau-log-" + randomHex(8));
  ~LogFile() {
    stopLog();
    for (const std::string end : {"", ".1", ".2"}) std::filesystem::remove(path + end);
  }
};
}  // namespace

TEST_CASE("a line has time, level and component, and what is below the level is left out") {
  const LogFile file;
  REQUIRE(startLog({"info", file.path}));
  logger("gateway")->info("site=D001 joined");
  logger("gateway")->debug("too small to tell");
  logger("store")->error("disk full");
  stopLog();
  const std::string text = content(file.path);
  CHECK(std::regex_search(
      text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info +gateway: site=D001 joined)")));
  CHECK(std::regex_search(text, std::regex(R"(Z error +store: disk full)")));
  CHECK(text.find("too small") == std::string::npos);
}

TEST_CASE("what the library of the messages says goes to the log, for those who look closer") {
  // A hello whose site_id is not UTF-8.
  const std::string frame = "\x52\x04\x0a\x02\xff\xff";
  for (const std::string level : {"info", "debug"}) {
    const LogFile file;
    REQUIRE(startLog({level, file.path}));
    v1::Envelope envelope;
    CHECK_FALSE(envelope.ParseFromString(frame));
    stopLog();
    CHECK((content(file.path).find("protobuf: String field") == std::string::npos) == (level == "info"));
  }
}

TEST_CASE("a logger got before the start follows the settings") {
  const LogFile file;
  stopLog();
  const auto early = logger("early");
  REQUIRE(startLog({"debug", file.path}));
  early->debug("now it is heard");
  stopLog();
  early->error("after the end nobody listens");
  CHECK(content(file.path).find("now it is heard") != std::string::npos);
  CHECK(content(file.path).find("nobody") == std::string::npos);
}

TEST_CASE("wrong settings are refused") {
  CHECK_FALSE(startLog({"loud", ""}));
  CHECK_FALSE(startLog({"info", "/proc/none/such.log"}));
  stopLog();
}

TEST_CASE("every line is written or counted as dropped") {
  const LogFile file;
  REQUIRE(startLog({"info", file.path}));
  const std::uint64_t before = droppedLogLines();
  const auto log = logger("storm");
  constexpr int kLines = 60'000;
  for (int i = 0; i < kLines; ++i) log->info("line {}", i);
  stopLog();
  const std::string text = content(file.path);
  const auto written = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  // Flush requests share the queue, and may be dropped and counted too.
  CHECK(written + (droppedLogLines() - before) >= kLines);
  CHECK(written <= kLines);
  CHECK(text.find("line 59999") != std::string::npos);
}
