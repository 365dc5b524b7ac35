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
    out += cadence.add(pace).jerk ? 1 : 0;
  }
  return out;
}

TEST_CASE("a picture that stands and leaps") {
  CHECK(jerks("BB....B....B....B....B....") == 4);
  CHECK(jerks("ss....s....s....s....s....") == 4);
  CHECK(jerks("B.......BBBBB.......BBBBB") == 2);  // holds between moments of motion
  CHECK(jerks("B....B....B....B....", 50) == 2);
  CHECK(jerks("B..B..B..B..B..") == 3);  // of so short stands the second is the first that counts
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
                      {"a slow zoom, drawn by whole samples", "ssB..sss..s.B.s..s.s..Bss..s.s..B.s.s.B.ss.s"},
                      {"key frames alone are known", "|||||||||||||||"},
                      {"motion after pictures that were left out", "|.B|.B|.B|.B|.B"}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(jerks(row.pictures) == 0);
  }
}

// One digit a picture: by how many tenths of a level all of it changed; 'X' by much more, 't' by next to
// nothing.
int hitches(std::string_view pictures, double fps = 25) {
  Cadence cadence;
  int out = 0, frame = 0;
  for (const char one : pictures) {
    Pace pace;
    pace.t_s = frame++ / fps;
    pace.follows = one != '|';
    pace.same = one == '0';
    pace.shift = one == 'X' ? 3 : one == '|' ? 0 : one == 't' ? 0.03 : (one - '0') / 10.0;
    pace.moved = pace.shift / 10;
    out += cadence.add(pace).hitch ? 1 : 0;
  }
  return out;
}

TEST_CASE("a motion that stands, leaps to where it should be, and goes on") {
  CHECK(hitches("555550000000X556550000000X556550000000X5565") == 3);
  CHECK(hitches("55555000000000000005X55655550000000000000X55555") == 1);  // the first begins as it goes on
  CHECK(hitches("5555500000000000000X55655550000000000000X55555") == 2);
  CHECK(hitches("55500000000000000X4434", 50) == 1);
  CHECK(hitches("555550000000855650000000855650000000855655") == 3);  // little ones, each as the others
  CHECK(hitches("55555tt000t0X55655") == 1);  // touched up by its encoder while it stands
}

TEST_CASE("no hitches") {
  struct Row {
    const char* name;
    const char* pictures;
  };
  const Row rows[] = {{"a camera", "5555555555555555555"},
                      {"a webcam of half the frames", "9090909090909090909"},
                      {"a webcam of eight a second", "9009009009009009009"},
                      {"somebody rests, and moves", "5555000000013555554000000245555"},
                      {"slides that follow each other", "X00000000000X0000000000000X00000000"},
                      {"a page that is scrolled by steps", "X0000000X0000000X0000000X000000"},
                      {"a slide that was shown for long, and is animated",
                       "0000000000000000000000000000000000000000000000X55555"},
                      {"pictures that were left out", "5555000000|X5555"}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(hitches(row.pictures) == 0);
  }
}

}  // namespace
}  // namespace diemcau::probe
