// diemcau-studio: sends a test broadcast, with faults on cue. See options.cpp for its command line.
#include "tests/studio/app.hpp"

int main(int argc, char** argv) {
  return diemcau::studio::run(argc, argv);
}
