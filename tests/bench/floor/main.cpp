// diemcau-floor [RECORDS [CERTIFICATE KEY]]: prints "ready port=N" and serves until it is ended.
#include <sys/resource.h>

#include <cstdio>
#include <exception>

#include "tests/bench/floor/floor.hpp"

int main(int argc, char** argv) {
  using namespace diemcau::bench;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  try {
    floor::Setup setup;
    if (argc > 1) setup.records = argv[1];
    if (argc > 3) setup.certificate = argv[2], setup.key = argv[3];
    floor::Floor all(setup);
    std::printf("ready port=%u\n", all.port());
    std::fflush(stdout);
    all.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "diemcau-floor: %s\n", error.what());
    return 1;
  }
}
