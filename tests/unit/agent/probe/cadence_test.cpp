// Even motion, and motion in jerks, on lists of pictures.
#include "agent/probe/cadence.hpp"

#include <string_view>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

// One letter a picture at 25 a second: '.' the same again, 'p' a pointer, 's' a small part moves, 'B' most of
// it,
// '-' moves by less than counts, '|' pictures were left out before it.
int jerks(std::string_view pictures, double fps = 25) {
  Cadence cadence;
  int out = 0, frame = 0;
  for (const char one : pictures) {
    Pace pace;
    pace.t_s = frame++ / fps;
    pace.follows = one != '|';
    pace.same = one == '.';
    pace.moved = one == 'B' ? 0.6 : one == 's' ? 0.04 : one == 'p' ? 0.002 : 0;
    out += cadence.add(pace) ? 1 : 0;
  }
  return out;
}

TEST_CASE("a picture that stands and leaps") {
  CHECK(jerks("BB....B....B....B....B....") == 4);
  CHECK(jerks("ss....s....s....s....s....") == 4);
  CHECK(jerks("B.......BBBBB.......BBBBB") == 2);  // holds between moments of motion
  CHECK(jerks("B....B....B....", 50) == 2);
  CHECK(jerks("B..B..B..B..B..") == 4);
}

TEST_CASE("what moves by itself") {
  struct Row {
    const char* name;
    const char* pictures;
  };
  const Row rows[] = {{"a camera", "BBBBBBBBBBBBBBBBBBBBBBBB"},
                      {"a slide", "........................."},
                      {"a webcam of half the frames in a slide", "s.s.s.s.s.s.s.s.s.s.s.s."},
                      {"a pointer on a shared screen", "p...p...p...p...p...p..."},
                      {"somebody begins to move and goes on", "....ssssssss....ssssss..."},
                      {"slow motion that is hardly seen", "-.-.--..-...--.-..-...-."},
                      {"key frames alone are known", "|||||||||||||||"},
                      {"motion after pictures that were left out", "|.B|.B|.B|.B|.B"}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(jerks(row.pictures) == 0);
  }
}

}  // namespace
}  // namespace diemcau::probe
