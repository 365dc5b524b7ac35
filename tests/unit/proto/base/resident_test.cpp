// What the start of a process leaves behind.
#include "base/resident.hpp"

#include <fstream>
#include <string>

#include "tests/support/catch.hpp"

namespace diemcau {
namespace {

// kB of files' pages in this process.
long filePages() {
  std::ifstream status("/proc/self/status");
  std::string word;
  long value = 0;
  while (status >> word)
    if (word == "RssFile:" && status >> value) return value;
  return 0;
}

TEST_CASE("pages that only the start needed leave the process, which goes on") {
  const long before = filePages();
  forgetStart();
  const long after = filePages();
  REQUIRE(before > 0);
  CHECK(after < before * 3 / 4);
}

}  // namespace
}  // namespace diemcau
