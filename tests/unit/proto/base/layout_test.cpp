// Who may include whom (design, chapter 5): read from the sources themselves, so that a forbidden line fails
// here and not in a review. The rules are a pure function with its own table of cases; then every source of
// the tree is read.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace fs = std::filesystem;

namespace {

bool under(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.substr(0, folder.size()) == folder && path[folder.size()] == '/';
}

bool underAny(std::string_view path, std::initializer_list<std::string_view> folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view folder) { return under(path, folder); });
}

// What a pure part may not touch: sockets, SQL, media, files, threads, clocks and chance.
bool impure(const std::string& include) {
  static const std::set<std::string> headers = {"base/loop.hpp",
                                                "base/settings.hpp",
                                                "base/log.hpp",
                                                "base/random.hpp",
                                                "fstream",
                                                "thread",
                                                "mutex",
                                                "atomic",
                                                "future",
                                                "filesystem",
                                                "condition_variable",
                                                "random",
                                                "libwebsockets.h",
                                                "uv.h",
                                                "sodium.h",
                                                "sqlite3.h",
                                                "unistd.h",
                                                "fcntl.h",
                                                "netdb.h",
                                                "poll.h",
                                                "time.h",
                                                "ctime",
                                                "cstdio"};
  return headers.count(include) != 0 ||
         underAny(include, {"net", "gst", "soci", "sys", "arpa", "netinet", "spdlog", "proto/net"});
}

// Parts of the coordinator that only its `app` may put together.
std::optional<std::string> partOfCoordinator(std::string_view path) {
  for (const char* part : {"gateway", "api", "store", "auth", "report"}) {
    if (under(path, std::string("coordinator/") + part)) return part;
  }
  return {};
}

// Why `file` may not include `include`, or nothing.
std::optional<std::string> forbidden(const std::string& file, const std::string& include) {
  if (under(include, "tests") && !under(file, "tests")) return "only tests include tests";
  const bool net = underAny(include, {"net", "proto/net"}), wire = underAny(include, {"wire", "proto/wire"});
  const bool ends = underAny(include, {"coordinator", "agent"});
  if (under(file, "proto") && ends) return "proto knows neither end";
  if (under(file, "proto/base") && (wire || net)) return "base stands below wire and net";
  if (under(file, "proto/wire") && net) return "wire stands below net";
  if (under(file, "proto/wire") && impure(include)) return "wire is pure";
  if (under(file, "coordinator") && under(include, "agent")) return "the coordinator does not know the agent";
  if (under(file, "agent") && under(include, "coordinator")) return "the agent does not know the coordinator";
  if (under(file, "coordinator/core")) {
    if (impure(include)) return "the core is pure";
    if (under(include, "coordinator") && !under(include, "coordinator/core"))
      return "the core stands below the others";
  }
  if (under(file, "agent/core")) {
    if (impure(include)) return "the core is pure";
    if (under(include, "agent") && !under(include, "agent/core")) return "the core stands below the others";
  }
  const auto from = partOfCoordinator(file), to = partOfCoordinator(include);
  if (from && to && *from != *to) return *from + " and " + *to + " meet only in app";
  return {};
}

struct Include {
  std::string file, target;
  int line = 0;
};

// All #include lines below the folders that hold our sources; paths relative to the top.
std::vector<Include> includesOf(const fs::path& top) {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  for (const char* folder : {"proto", "coordinator", "agent", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
      const std::string extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp" && extension != ".h"))
        continue;
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      std::ifstream in(entry.path());
      std::string line;
      for (int number = 1; std::getline(in, line); ++number) {
        std::smatch match;
        if (line.find("include") == std::string::npos || !std::regex_search(line, match, pattern)) continue;
        std::string target = match[1];
        // Beside the file itself: named in full, so that the rules see where it is.
        const fs::path beside = entry.path().parent_path() / target;
        if (fs::exists(beside))
          target = fs::weakly_canonical(beside).lexically_relative(fs::weakly_canonical(top));
        found.push_back({fs::relative(entry.path(), top), target, number});
      }
    }
  }
  return found;
}

}  // namespace

TEST_CASE("the rules forbid what the design forbids, and nothing else") {
  struct Row {
    const char *file, *include;
    bool allowed;
  };
  const Row rows[] = {
      {"proto/base/text.cpp", "base/text.hpp", true},
      {"proto/base/text.cpp", "unicode/uchar.h", true},
      {"proto/base/text.cpp", "wire/codec.hpp", false},
      {"proto/base/text.cpp", "net/server.hpp", false},
      {"proto/wire/codec.cpp", "base/json.hpp", true},
      {"proto/wire/codec.cpp", "net/client.hpp", false},
      {"proto/wire/codec.cpp", "base/loop.hpp", false},
      {"proto/net/server.cpp", "wire/codec.hpp", true},
      {"proto/net/server.cpp", "coordinator/core/core.hpp", false},
      {"coordinator/core/core.cpp", "wire/hub_link.hpp", true},
      {"coordinator/core/core.cpp", "coordinator/core/roster.hpp", true},
      {"coordinator/core/core.cpp", "net/server.hpp", false},
      {"coordinator/core/core.cpp", "base/loop.hpp", false},
      {"coordinator/core/core.cpp", "coordinator/store/store.hpp", false},
      {"coordinator/core/core.cpp", "sqlite3.h", false},
      {"coordinator/core/core.cpp", "fstream", false},
      {"coordinator/core/core.cpp", "thread", false},
      {"coordinator/core/core.cpp", "sys/socket.h", false},
      {"coordinator/store/sqlite.cpp", "sqlite3.h", true},
      {"coordinator/store/sqlite.cpp", "coordinator/core/effects.hpp", true},
      {"coordinator/store/sqlite.cpp", "coordinator/api/api.hpp", false},
      {"coordinator/gateway/gateway.cpp", "coordinator/store/store.hpp", false},
      {"coordinator/app/app.cpp", "coordinator/store/store.hpp", true},
      {"coordinator/app/app.cpp", "agent/core/conditions.hpp", false},
      {"agent/core/failover.cpp", "gst/gst.h", false},
      {"agent/core/failover.cpp", "agent/core/conditions.hpp", true},
      {"agent/core/failover.cpp", "agent/spool/spool.hpp", false},
      {"agent/probe/pipeline.cpp", "gst/gst.h", true},
      {"agent/app/app.cpp", "coordinator/core/core.hpp", false},
      {"agent/app/app.cpp", "tests/support/catch.hpp", false},
      {"tests/unit/a_test.cpp", "tests/support/catch.hpp", true},
      {"tests/integration/a_test.cpp", "coordinator/core/core.hpp", true},
  };
  for (const Row& row : rows) {
    INFO(row.file << " includes " << row.include);
    CHECK(forbidden(row.file, row.include).has_value() != row.allowed);
  }
}

TEST_CASE("no source includes what it must not know") {
  const auto includes = includesOf(DIEMCAU_SOURCE_DIR);
  REQUIRE(includes.size() > 100);
  for (const Include& include : includes) {
    if (const auto why = forbidden(include.file, include.target)) {
      FAIL_CHECK(include.file << ":" << include.line << ": includes " << include.target << ": " << *why);
    }
  }
}
