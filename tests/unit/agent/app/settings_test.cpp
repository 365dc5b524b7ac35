// Settings and the command line of the agent; the shipped file is held to the struct.
#include "agent/app/settings.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

#include "agent/app/options.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::agent;

namespace {

const std::string kShipped = DIEMCAU_SOURCE "/deploy/config/agent.toml";

Parsed parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "diemcau-agent");
  return parseOptions(static_cast<int>(words.size()), words.data());
}

}  // namespace

TEST_CASE("the shipped file shows every key, commented, with its default") {
  const auto text = readFile(kShipped).value();
  AgentSettings as_shipped;
  std::vector<std::string> keys;
  REQUIRE(readSettings(text, kShipped, as_shipped, &keys));

  // With every "# key = value" taken in, the file says the same as the defaults.
  std::string open, section;
  std::vector<std::string> shown;
  std::istringstream lines(text);
  const std::regex key("^# ([a-z_]+) = (.*)$"), head("^\\[([a-z]+)\\]$");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, head)) section = match[1];
    if (std::regex_match(line, match, key)) {
      shown.push_back(section + "." + match[1].str());
      line = line.substr(2);
    }
    open += line + "\n";
  }
  CHECK(shown == keys);
  AgentSettings opened;
  REQUIRE(readSettings(open, kShipped, opened));
  const AgentSettings defaults;
  CHECK(opened.site.id == defaults.site.id);
  CHECK(opened.coordinator.url == defaults.coordinator.url);
  CHECK(opened.coordinator.fingerprint == defaults.coordinator.fingerprint);
  CHECK(opened.data.dir == defaults.data.dir);
  CHECK(opened.desk.listen == defaults.desk.listen);
  CHECK(opened.probe.program == defaults.probe.program);
  CHECK(opened.probe.show == defaults.probe.show);
  CHECK(opened.log.level == defaults.log.level);
  CHECK(opened.log.file == defaults.log.file);
}

TEST_CASE("a wrong key is named with file and line") {
  AgentSettings settings;
  const auto done = readSettings("[site]\nid = \"a\"\nname = \"b\"\n", "agent.toml", settings);
  REQUIRE_FALSE(done);
  CHECK(done.error().text.find("agent.toml") != std::string::npos);
  CHECK(done.error().text.find("name") != std::string::npos);
  CHECK(done.error().text.find('3') != std::string::npos);
}

TEST_CASE("values that cannot be used are refused, whatever they came from") {
  struct Row {
    const char* what;
    std::function<void(AgentSettings&)> change;
    bool good;
  };
  for (const auto& row : std::vector<Row>{
           {"as it is", [](AgentSettings&) {}, true},
           {"IPv6 loopback", [](AgentSettings& s) { s.coordinator.url = "ws://[::1]:7600/site"; }, true},
           {"no id: as enrolled", [](AgentSettings& s) { s.site.id = ""; }, true},
           {"an id with a slash", [](AgentSettings& s) { s.site.id = "../x"; }, false},
           {"http", [](AgentSettings& s) { s.coordinator.url = "http://127.0.0.1:7600/site"; }, false},
           {"TLS", [](AgentSettings& s) { s.coordinator.url = "wss://centre.example:7600/site"; }, true},
           {"half a fingerprint", [](AgentSettings& s) { s.coordinator.fingerprint = "abc"; }, false},
           {"a fingerprint", [](AgentSettings& s) { s.coordinator.fingerprint = std::string(64, 'A'); },
            true},
           {"another computer", [](AgentSettings& s) { s.coordinator.url = "ws://192.168.1.2:7600/site"; },
            false},
           {"a name that only looks local",
            [](AgentSettings& s) { s.coordinator.url = "ws://127.0.0.1.example:7600/"; }, false},
           {"user info", [](AgentSettings& s) { s.coordinator.url = "ws://127.0.0.1:7600@10.0.0.1:80/"; },
            false},
           {"no directory", [](AgentSettings& s) { s.data.dir = ""; }, false},
           {"a desk that is open to the hall", [](AgentSettings& s) { s.desk.listen = "0.0.0.0:7690"; },
            true},
           {"a desk without port", [](AgentSettings& s) { s.desk.listen = "127.0.0.1"; }, false},
           {"show", [](AgentSettings& s) { s.probe.show = "always"; }, false},
       }) {
    CAPTURE(row.what);
    AgentSettings settings;
    settings.site.id = "T01";
    row.change(settings);
    const auto done = checkSettings(settings);
    CHECK(done.has_value() == row.good);
    if (!done) CHECK_FALSE(done.error().text.empty());
    if (done) CHECK(settings.probe.program.ends_with("/diemcau-probe"));
  }
}

TEST_CASE("flags count more than the file") {
  const auto it = parsed(
      {"run", "--config", kShipped.c_str(), "--site", "T07", "--desk", "127.0.0.1:0", "--show", "none"});
  CHECK(it.what == Parsed::Do::kRun);
  CHECK(it.settings.site.id == "T07");
  CHECK(it.settings.desk.listen == "127.0.0.1:0");
  CHECK(it.settings.probe.show == "none");
  CHECK(it.settings.coordinator.url.empty());
  CHECK(parsed({"--site", "T07"}).what == Parsed::Do::kRun);
  CHECK(parsed({"--site", "T07", "--check-config"}).what == Parsed::Do::kCheck);
}

TEST_CASE("help and version end well, wrong options do not") {
  CHECK(parsed({"--help"}).code == 0);
  CHECK(parsed({"--help"}).output.find("desk") != std::string::npos);
  CHECK(parsed({"--version"}).output.find(DIEMCAU_VERSION) != std::string::npos);
  CHECK(parsed({"--sight", "T07"}).code == exit_code::kUsage);
  CHECK(parsed({"desk"}).code == exit_code::kUsage);
  CHECK(parsed({"desk", "help", "fire"}).code == exit_code::kUsage);
  CHECK(parsed({"desk", "confirm"}).code == exit_code::kUsage);
  CHECK(parsed({"desk", "checkin", "--by", "An"}).code == exit_code::kUsage);
  CHECK(parsed({"--site", "../x"}).code == exit_code::kConfig);
  CHECK(parsed({"enrol"}).code == exit_code::kUsage);
}

TEST_CASE("desk commands become records") {
  const auto confirm =
      parsed({"desk", "confirm", "--by", "An", "--screen", "--camera", "--url", "http://127.0.0.1:5/"});
  REQUIRE(confirm.what == Parsed::Do::kDesk);
  CHECK(confirm.desk.url == "http://127.0.0.1:5");
  CHECK(confirm.desk.record.sign_off().screen());
  CHECK_FALSE(confirm.desk.record.sign_off().microphone());
  CHECK(parsed({"desk", "confirm", "--by", "An", "--all"}).desk.record.sign_off().microphone());

  const auto count =
      parsed({"desk", "headcount", "--by", "An", "--present", "51", "--online", "4", "--absent", "9"});
  CHECK(count.desk.record.headcount().present() == 51);
  CHECK(count.desk.record.headcount().absent() == 9);
  CHECK(count.desk.url == "http://127.0.0.1:7690");

  const auto check_in =
      parsed({"desk", "checkin", "--desk", "127.0.0.1:9", "--by", "An", "d1", "d2", "--state", "online"});
  CHECK(check_in.desk.ids == std::vector<std::string>{"d1", "d2"});
  CHECK(check_in.desk.record.check_in().state() == v1::Presence::online);
  CHECK(check_in.desk.url == "http://127.0.0.1:9");

  const auto help = parsed({"desk", "help", "no_picture", "--text", "đen"});
  CHECK(help.desk.record.help().topic() == v1::HelpRequest::no_picture);
  CHECK(help.desk.record.help().text() == "đen");
  CHECK(parsed({"desk", "messages", "--received-all"}).desk.all);
  CHECK(parsed({"desk", "status", "--json", "--lang", "en"}).desk.english);
}
