// The command line and the site list: what is taken, and that mistakes end with 64.
#include "tests/fleet/options.hpp"

#include <filesystem>

#include "base/random.hpp"
#include "base/settings.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::fleet;

namespace {
Parsed parse(std::vector<const char*> words) {
  words.insert(words.begin(), "diemcau-fleet");
  return parseOptions(static_cast<int>(words.size()), words.data());
}
struct ListFile {
  std::string path = std::filesystem::temp_directory_path() / ("diemcau-sites-" + randomHex(6) + ".csv");
  explicit ListFile(const std::string& text) { REQUIRE(writeFileAtomically(path, text)); }
  ~ListFile() { std::filesystem::remove(path); }
};
}  // namespace

TEST_CASE("numbered sites") {
  const auto got = parse({"--url", "ws://127.0.0.1:7600/site", "--sites", "3", "--prefix", "H", "--first",
                          "9", "--late", "2.5", "--headcounts", "--ramp-ms", "100"});
  REQUIRE_FALSE(got.done);
  REQUIRE(got.options.sites.size() == 3);
  CHECK(got.options.sites[0].id == "H0009");
  CHECK(got.options.sites[2].id == "H0011");
  CHECK(got.options.shares.late == 2.5);
  CHECK(got.options.habits.counts);
  CHECK(got.options.ramp == 100 * kMillisecond);
  CHECK(parse({"--url", "ws://h:1/site", "--sites", "1"}).options.sites[0].id == "D0001");
  CHECK(parse({"--url", "ws://h:1/site", "--sites", "0"}).options.sites.empty());
}

TEST_CASE("sites of a list, all or the first ones") {
  const ListFile file("area_id;site_id;name\nkhu-01;D1;Hội trường\nkhu-02;D2;Nhà văn hoá\n");
  const auto all = parse({"--url", "ws://h:1/site", "--site-list", file.path.c_str()});
  REQUIRE(all.options.sites.size() == 2);
  CHECK(all.options.sites[1].id == "D2");
  CHECK(all.options.sites[1].area == "khu-02");
  CHECK(parse({"--url", "ws://h:1/site", "--site-list", file.path.c_str(), "--sites", "1"})
            .options.sites.size() == 1);
  CHECK(parse({"--url", "ws://h:1/site", "--site-list", file.path.c_str(), "--sites", "3"}).exit_code ==
        kExitUsage);
}

TEST_CASE("help and version are no mistake; everything else that is wrong is") {
  CHECK(parse({"--help"}).done);
  CHECK(parse({"--help"}).exit_code == 0);
  CHECK(parse({"--version"}).exit_code == 0);
  const std::vector<std::vector<const char*>> mistakes = {
      {},
      {"--url", "ws://h:1/site"},
      {"--sites", "3"},
      {"--url", "http://h:1/site", "--sites", "3"},
      {"--url", "ws://h:1/site", "--sites", "-1"},
      {"--url", "ws://h:1/site", "--sites", "3", "--late", "101"},
      {"--url", "ws://h:1/site", "--sites", "3", "--nonsense"},
      {"--url", "ws://h:1/site", "--sites", "3", "--prefix", "a b"},
      {"--url", "ws://h:1/site", "--site-list", "/no/such/file"},
      {"--url", "ws://h:1/site", "--site-list", "x", "--prefix", "D"},
  };
  for (const auto& words : mistakes) {
    const auto got = parse(words);
    CHECK(got.done);
    CHECK(got.exit_code == kExitUsage);
  }
}

TEST_CASE("a broken site list names the line") {
  struct Row {
    const char *text, *told;
  };
  for (const Row& row :
       {Row{"", "header"}, Row{"id,area\nD1,x\n", "site_id"}, Row{"site_id,area_id\nD1,x\nD 2,x\n", "line 3"},
        Row{"site_id,area_id\n\"D1\"x,y\n", "line 2"}}) {
    const auto got = readSiteList(row.text);
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find(row.told) != std::string::npos);
  }
  CHECK(readSiteList("site_id\nD1\n").value()[0].area.empty());
}
