// diemcau-bench: started by tests/bench/run.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "base/log.hpp"
#include "tests/bench/course.hpp"
#include "tests/bench/machine.hpp"

int main(int argc, char** argv) {
  using namespace diemcau;
  int code = 0;
  auto options = bench::parseOptions(argc, argv, code);
  if (!options) return code;
  startLog({"warn", ""});
  if (options->bin.empty())
    options->bin = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
  bench::watchForEnd();
  try {
    bench::Course course(std::move(*options));
    try {
      course.run();
    } catch (const bench::Ended&) {
      code = 130;  // what was measured until then is told
    }
    if (!course.tell()) code = code == 0 ? 74 : code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "diemcau-bench: %s\n", error.what());
    code = 70;
  }
  stopLog();
  return code;
}
