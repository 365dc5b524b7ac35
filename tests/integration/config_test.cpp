// Starting the coordinator: what it refuses, and how it says so.

#include <fstream>

#include "tests/integration/centre.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

struct Ended {
  int code;
  std::string out, errors;
};

Ended run(std::vector<std::string> args) {
  args.insert(args.begin(), COORDINATOR);
  Process process(std::move(args));
  auto code = process.wait();
  REQUIRE(code);
  std::string out;
  while (auto line = process.line(0)) out += *line + "\n";
  return {*code, out, process.errors()};
}

bool says(const Ended& ended, const std::string& part) {
  return ended.errors.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the coordinator tells of itself") {
  const auto version = run({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("diemcau-coordinator "));
  const auto help = run({"--help"});
  CHECK(help.code == 0);
  for (const char* option : {"--config", "--check-config", "--data", "--sites-listen", "--api-listen"}) {
    CHECK(help.out.find(option) != std::string::npos);
  }
  CHECK(run({"--colour"}).code == 64);
}

TEST_CASE("the shipped settings are good") {
  CHECK(run({"--config", SHIPPED_CONFIG, "--check-config"}).code == 0);
}

TEST_CASE("wrong settings end with 78 and name file, line and key") {
  TempDir dir;
  struct Row {
    const char *text, *said;
  };
  const auto row = GENERATE(values<Row>({
      {"[api]\n# fine\nlistn = \"127.0.0.1:1\"\n", "bad.toml:3"},
      {"[api]\n# fine\nlistn = \"127.0.0.1:1\"\n", "listn"},
      {"[sites]\nheartbeat_ms = \"often\"\n", "bad.toml:2"},
      {"[sites]\nlisten = \"nowhere\"\n", "[sites] listen"},
      {"[log]\nlevel = \"loud\"\n", "loud"},
      {"not toml", "bad.toml:1"},
  }));
  CAPTURE(row.text);
  const auto ended = run({"--config", dir.write("bad.toml", row.text), "--data", dir.path()});
  CAPTURE(ended.errors);
  CHECK(ended.code == 78);
  CHECK(says(ended, row.said));
  CHECK(ended.out.empty());
}

TEST_CASE("people's address is refused where others can reach it, while there are no accounts") {
  TempDir dir;
  const std::string address = GENERATE("0.0.0.0:0", "[::]:0", "192.0.2.1:7600");
  const auto ended = run({"--data", dir.path(), "--api-listen", address});
  CAPTURE(address, ended.errors);
  CHECK(ended.code == 78);
  CHECK(says(ended, address));
  CHECK(says(ended, "accounts"));
  CHECK(says(ended, "[api] listen"));
}

TEST_CASE("sites' address may be reached by others, but never without TLS") {
  TempDir dir;
  const auto file = dir.write("plain.toml", "[sites]\ntls = \"off\"\n");
  const auto ended = run({"--config", file, "--data", dir.path(), "--sites-listen", "0.0.0.0:0"});
  CHECK(ended.code == 78);
  CHECK(says(ended, "[sites] tls"));
}

TEST_CASE("a certificate that is not there, or a key that was lost, is refused by name") {
  TempDir dir;
  const auto file = dir.write("tls.toml", "[sites]\ntls = \"on\"\n[tls]\ncertificate = \"" +
                                              (dir / "no.crt") + "\"\nkey = \"" + (dir / "no.key") + "\"\n");
  const auto ended = run({"--config", file, "--data", dir.path(), "--sites-listen", "127.0.0.1:0"});
  CHECK(ended.code == 78);
  CHECK(says(ended, "no.crt"));
  dir.write("tls.crt", "of a key that is gone");
  const auto lost = run({"--data", dir.path(), "--sites-listen", "0.0.0.0:0"});
  CHECK(lost.code == 78);
  CHECK(says(lost, "tls.key"));
  dir.write("signing.key", "half a ke");
  const auto torn = run({"--data", dir.path(), "--sites-listen", "127.0.0.1:0"});
  CHECK(torn.code == 78);
  CHECK(says(torn, "signing.key"));
}

TEST_CASE("a second coordinator on the same store or the same port is refused, and the first goes on") {
  Centre first;
  const auto store =
      run({"--data", first.dir(), "--sites-listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"});
  CAPTURE(store.errors);
  CHECK(store.code == 75);
  CHECK(says(store, "coordinator.db"));

  TempDir other;
  const std::string taken = "127.0.0.1:" + std::to_string(first.apiPort());
  const auto port = run({"--data", other.path(), "--sites-listen", "127.0.0.1:0", "--api-listen", taken});
  CAPTURE(port.errors);
  CHECK(port.code == 69);
  CHECK(says(port, taken));
  CHECK(first.get("/readyz").status == 200);
}

TEST_CASE("a store that is damaged is refused and left as it is") {
  std::string path, before;
  Centre centre;
  centre.importCity(40);
  centre.process().signal(SIGTERM);
  REQUIRE(centre.process().wait() == 0);
  path = centre.dir() + "/coordinator.db";
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(0, std::ios::end);
    const auto size = static_cast<long>(file.tellp());
    REQUIRE(size > 8192);
    file.seekp(4096);
    const std::string rubbish(static_cast<std::size_t>(size - 4096), '\x5a');
    file.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
  }
  auto bytes = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  before = bytes();
  const auto ended =
      run({"--data", centre.dir(), "--sites-listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"});
  CAPTURE(ended.errors);
  CHECK(ended.code == 78);
  CHECK(says(ended, "damaged"));
  CHECK(says(ended, path));
  CHECK(bytes() == before);
}

TEST_CASE("a data directory that is not there is refused with its name") {
  const auto ended =
      run({"--data", "/nonexistent/here", "--sites-listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"});
  CHECK(ended.code == 78);
  CHECK(says(ended, "/nonexistent/here"));
}

TEST_CASE("asked to end, it ends with 0") {
  const int number = GENERATE(SIGTERM, SIGINT);
  Centre centre;
  centre.process().signal(number);
  CHECK(centre.process().wait() == 0);
}
