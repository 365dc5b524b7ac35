// Settings: defaults stay, and every fault names file, line, section and key.
#include "base/settings.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;

namespace {
struct Settings {
  std::string listen = "127.0.0.1:7600";
  std::int64_t heartbeat = 5000;
  bool strict = true;
  std::vector<std::string> hosts{"localhost"};
  std::string name = "centre";
};

Done read(std::string_view text, Settings& into, std::vector<std::string>* keys = nullptr) {
  SettingsReader in(text, "c.toml");
  in.value("name", into.name);
  in.section("sites")
      .value("listen", into.listen)
      .value("heartbeat_ms", into.heartbeat, 1000, 60000)
      .value("strict", into.strict);
  in.section("web").value("hosts", into.hosts);
  if (keys != nullptr) *keys = in.keys();
  return in.finish();
}
}  // namespace

TEST_CASE("what the file says is taken, the rest keeps its default") {
  Settings settings;
  std::vector<std::string> keys;
  REQUIRE(read("name = \"Hà Nội\"\n[sites]\nheartbeat_ms = 2000\n[web]\nhosts = [\"a\", \"b\"]\n", settings,
               &keys));
  CHECK(settings.name == "Hà Nội");
  CHECK(settings.heartbeat == 2000);
  CHECK(settings.listen == "127.0.0.1:7600");
  CHECK(settings.strict);
  CHECK(settings.hosts == std::vector<std::string>{"a", "b"});
  CHECK(keys ==
        std::vector<std::string>{"name", "sites.listen", "sites.heartbeat_ms", "sites.strict", "web.hosts"});
  Settings defaults;
  CHECK(read("", defaults));
  CHECK(defaults.heartbeat == 5000);
}

TEST_CASE("faults name file, line, section and key") {
  struct Row {
    const char *text, *fault;
  };
  const Row rows[] = {
      {"[sites]\nlisten = 5\n", "c.toml:2: [sites] listen: needs a text in quotes"},
      {"[sites]\n\nheartbeat_ms = 10\n", "c.toml:3: [sites] heartbeat_ms: 10 is outside of 1000 to 60000"},
      {"[sites]\nheartbeat_ms = 70000\n",
       "c.toml:2: [sites] heartbeat_ms: 70000 is outside of 1000 to 60000"},
      {"[sites]\nheartbeat_ms = 1.5\n", "c.toml:2: [sites] heartbeat_ms: needs a whole number"},
      {"[sites]\nstrict = \"yes\"\n", "c.toml:2: [sites] strict: needs true or false"},
      {"[web]\nhosts = [1]\n", "c.toml:2: [web] hosts: needs a list of texts in quotes"},
      {"[web]\nhosts = \"a\"\n", "c.toml:2: [web] hosts: needs a list of texts in quotes"},
      {"[sites]\nlisen = \"x\"\n", "c.toml:2: [sites] lisen: there is no such key"},
      {"\ncolour = 1\n", "c.toml:2: colour: there is no such key"},
      {"[site]\nlisten = \"x\"\n", "c.toml:1: [site] there is no such section"},
      {"sites = 5\n", "c.toml:1: [sites] this is the name of a section and not of a key"},
      {"name = \n", "c.toml:1: not TOML"},
      {"a = 1\na = 2\n", "c.toml:2: not TOML"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    Settings settings;
    const auto got = read(row.text, settings);
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find(row.fault) == 0);
    CHECK(settings.heartbeat == 5000);
  }
}

TEST_CASE("all faults are told at once, by line") {
  Settings settings;
  const auto got = read("name = 1\n[sites]\nheartbeat_ms = 1\nnope = 1\n", settings);
  REQUIRE_FALSE(got);
  CHECK(got.error().text ==
        "c.toml:1: name: needs a text in quotes\n"
        "c.toml:3: [sites] heartbeat_ms: 1 is outside of 1000 to 60000\n"
        "c.toml:4: [sites] nope: there is no such key");
}
