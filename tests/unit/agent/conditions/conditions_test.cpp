// The rules on lists of numbers: each row is a feed's story, second by second, and what must be told of it.
#include "tests/support/catch.hpp"
#include "tests/unit/agent/conditions/changes.hpp"
#include "tests/unit/agent/conditions/story.hpp"

namespace diemcau::agent {
namespace {

TEST_CASE("each fault is told after its delay, and gone after it") {
  struct Row {
    const char* name;
    void (*change)(v1::HealthSample&);
    int after;  // samples that are bad before the one that tells it
  };
  const Row rows[] = {
      {"no_signal", cut, 0},    {"no_video", pictureless, 0}, {"no_audio", soundless, 0},
      {"black", black, 0},      {"frozen", frozen, 1},        {"low_fps", slow, 1},
      {"low_bitrate", thin, 2}, {"wrong_format", small, 1},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Story story;
      REQUIRE(story.play(5).empty());
      const auto after = story.secondsUntil(row.name, row.change);
      REQUIRE(after);
      CHECK(*after == row.after);
      CHECK(story.play(1, row.change) == Names{row.name});  // the cause, and no effect beside it
      CHECK(story.play(4).empty());
    }
  }
}

TEST_CASE("a line that loses in every second and carries too little is too slow, and that alone is told") {
  std::uint32_t lost = 0;
  const auto starved = [&](v1::HealthSample& s) {
    s.set_lost_packets(lost += 30);
    s.set_resent_packets(lost * 3);
    s.set_bitrate_kbps(1500);
    s.mutable_video()->set_fps(13);
  };
  Story story;
  story.play(12);
  const auto after = story.secondsUntil("line_too_slow", starved);
  REQUIRE(after);
  CHECK(*after == 2);
  CHECK(story.play(3, starved) == Names{"line_too_slow"});
  // It carries all again: told for some seconds more, and then nothing.
  const auto healed = [&](v1::HealthSample& s) { s.set_lost_packets(lost); };
  CHECK(story.play(3, healed) == Names{"line_too_slow"});
  CHECK(story.play(4, healed).empty());
}

TEST_CASE("a line that carries nearly all, or cannot ask again, or loses nothing, is not too slow") {
  std::uint32_t lost = 0;
  struct Row {
    const char* name;
    std::uint32_t loss, resent, kbps;
    Names told;
  };
  for (const Row& row : {Row{"losses", 30, 90, 2700, {"packet_loss"}},
                         Row{"many losses without SRT", 30, 0, 1500, {"packet_loss"}},
                         Row{"a sender that sends less", 0, 0, 900, {"low_bitrate"}}}) {
    DYNAMIC_SECTION(row.name) {
      Story story;
      story.play(12);
      std::uint32_t resent = 0;
      CHECK(story.play(8, [&](v1::HealthSample& s) {
        s.set_lost_packets(lost += row.loss);
        s.set_resent_packets(resent += row.resent);
        s.set_bitrate_kbps(row.kbps);
      }) == row.told);
    }
  }
}

TEST_CASE("what is no fault raises nothing") {
  struct Row {
    const char* name;
    Story::Change change;
  };
  const Row rows[] = {
      {"a still slide, which is cheap", slide},
      {"a picture that is black for less than the analyser waits",
       [](auto& s) { s.mutable_video()->set_luma(16); }},
      {"a quiet speaker", [](auto& s) { s.mutable_audio()->set_rms_dbfs(-50); }},
      {"a frame rate just above the limit", [](auto& s) { s.mutable_video()->set_fps(17.6); }},
      {"a bit rate just above half", [](auto& s) { s.set_bitrate_kbps(1001); }},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Story story;
      story.play(3);
      CHECK(story.silent(20, row.change));
    }
  }
  SECTION("pauses in a talk") {
    Story story;
    story.play(3);
    for (int i = 0; i < 6; ++i) {
      for (const double s : {0.6, 1.6, 2.6, 3.0, 4.1})
        CHECK(story.play(1, [=](auto& x) { hum(x, s); }).empty());
      CHECK(story.play(1).empty());
      for (const double s : {0.4, 1.4, 2.4, 3.1})
        CHECK(story.play(1, [=](auto& x) { silent(x, s); }).empty());
      CHECK(story.play(1).empty());
    }
  }
  SECTION("one slow second, one thin second") {
    Story story;
    story.play(3);
    CHECK(story.play(1, slow).empty());
    CHECK(story.play(1).empty());
    CHECK(story.play(1, thin).empty());
    CHECK(story.play(2).empty());
  }
}

TEST_CASE("hum is silence too, but later than digital zero") {
  Story zero, low;
  zero.play(3);
  low.play(3);
  CHECK(zero.play(1, [](auto& s) { silent(s, kSilentZero); }) == Names{"silence"});
  CHECK(low.play(1, [](auto& s) { hum(s, kSilentZero); }).empty());
  CHECK(low.play(1, [](auto& s) { hum(s, kSilentQuiet); }) == Names{"silence"});
  SECTION("a knock on the table is not the speaker") {
    CHECK(low.play(1, [](auto& s) { hum(s, 0.3); }) == Names{"silence"});
    CHECK(low.play(1, [](auto& s) { hum(s, 1.3); }) == Names{"silence"});
  }
  SECTION("a speaker is") {
    low.play(1);
    CHECK(low.play(1).empty());
  }
}

TEST_CASE("between two seconds flags are told, and numbers of the last second are not weighed again") {
  Story story;
  story.play(3);
  CHECK(story.play(1, slow).empty());
  v1::HealthSample glance = well(story.now() + 0.99);
  slow(glance);
  glance.set_between(true);
  CHECK(story.tell(glance).empty());
  black(glance);
  glance.set_t_s(story.now() + 0.005);
  CHECK(story.tell(glance) == Names{"black"});
}

TEST_CASE("a cause hides its effects, and they start anew when it is gone") {
  Story story;
  story.play(3);
  const auto all = [](v1::HealthSample& s) {
    black(s);
    frozen(s);
    silent(s);
    slow(s);
    thin(s);
  };
  story.play(6, all);
  CHECK(story.play(1, all) == Names{"black", "silence", "low_fps"});
  CHECK(story.play(1, cut) == Names{"no_signal"});
  // Back, but still slow: a new delay.
  CHECK(story.play(1, slow).empty());
  CHECK(story.play(1, slow).empty());
  CHECK(story.play(1, slow) == Names{"low_fps"});

  SECTION("loss of packets explains damage and a low rate") {
    std::uint32_t lost = 0, errors = 0;
    const auto lossy = [&](v1::HealthSample& s) {
      s.set_lost_packets(lost += 20);
      s.set_decode_errors(errors += 5);
      slow(s);
    };
    story.play(4, lossy);
    CHECK(story.play(1, lossy) == Names{"packet_loss"});
  }
}

TEST_CASE("what is counted once a second does not flap") {
  Story story;
  story.play(3);
  std::uint32_t lost = 0;
  int changes = 0;
  bool on = false;
  for (int i = 0; i < 40; ++i) {
    const Names names = story.play(1, [&](v1::HealthSample& s) {
      if (i % 3 == 0) lost += 6;  // steady loss comes and goes from second to second
      s.set_lost_packets(lost);
    });
    const bool now = !names.empty();
    if (now != on) ++changes;
    on = now;
  }
  CHECK(on);
  CHECK(changes == 1);
  const auto clean = [&](v1::HealthSample& s) { s.set_lost_packets(lost); };
  CHECK(story.play(3, clean) == Names{"packet_loss"});
  CHECK(story.play(6, clean).empty());
}

TEST_CASE("where packets are lost, a picture and sound that come now and then are not missed") {
  Story story;
  story.play(3);
  std::uint32_t lost = 0;
  const auto lossy = [&](auto& s) { s.set_lost_packets(lost += 100); };
  const auto holes = [&](auto& s) {
    lossy(s);
    if (lost % 300 != 0) s.mutable_video()->set_fps(0);
    if (lost % 400 != 0) s.clear_audio();
  };
  REQUIRE(story.play(1, lossy) == Names{"packet_loss"});
  for (int i = 0; i < 20; ++i) CHECK(story.play(1, holes) == Names{"packet_loss"});
  SECTION("what never comes is") {
    const auto nothing = [&](auto& s) {
      lossy(s);
      s.mutable_video()->set_fps(0);
    };
    CHECK(story.play(5, nothing) == Names{"no_video", "packet_loss"});
  }
}

TEST_CASE("one lost packet that damages a picture is a loss, and no damage beside it") {
  Story story;
  story.play(3);
  const auto hurt = [](auto& s) {
    s.set_lost_packets(1);
    s.set_decode_errors(2);
  };
  CHECK(story.play(1, hurt) == Names{"packet_loss"});
  CHECK(story.play(7, hurt) == Names{"packet_loss"});
  CHECK(story.play(3, hurt).empty());
}

TEST_CASE("packets that are missing because a stream was away are no loss beside it") {
  for (const auto away : {cut, pictureless, soundless}) {
    DYNAMIC_SECTION("away " << (away == cut ? "all" : away == soundless ? "sound" : "picture")) {
      Story story;
      story.play(3);
      CHECK(story.play(5, away).size() == 1);
      std::uint32_t lost = 14, errors = 3;
      const auto after = [&](v1::HealthSample& s) {
        s.set_lost_packets(lost);
        s.set_decode_errors(errors);
      };
      story.play(1, after);
      errors += 3;
      for (int i = 0; i < 7; ++i) CHECK(story.play(1, after).empty());
      SECTION("later ones are") {
        lost += 14;
        CHECK(story.play(1, after) == Names{"packet_loss"});
      }
      SECTION("and so is damage") {
        errors += 3;
        CHECK(story.play(1, after) == Names{"corrupted"});
      }
    }
  }
}

TEST_CASE("one lost packet, one damaged picture: no condition") {
  Story story;
  story.play(3);
  CHECK(story
            .play(1,
                  [](auto& s) {
                    s.set_lost_packets(1);
                    s.set_decode_errors(1);
                  })
            .empty());
  CHECK(story
            .play(8,
                  [](auto& s) {
                    s.set_lost_packets(1);
                    s.set_decode_errors(1);
                  })
            .empty());
  CHECK(story.play(1, [](auto& s) {
    s.set_lost_packets(1);
    s.set_decode_errors(4);
  }) == Names{"corrupted"});
}

TEST_CASE("a feed that halts right after it has begun") {
  Story story;
  CHECK(story.play(1).empty());
  CHECK(story.tell(gone(2.1)).empty());
  SECTION("and goes on") {
    CHECK(story.tell(well(3)).empty());
  }
  SECTION("and is gone") {
    CHECK(story.tell(gone(3.1)) == Names{"no_signal"});
  }
}

TEST_CASE("a feed that never came") {
  Story story;
  CHECK(story.tell(gone(1)).empty());  // still connecting
  CHECK(story.tell(gone(2)) == Names{"no_signal"});
  CHECK(story.tell(gone(60)) == Names{"no_signal"});
  SECTION("then comes: a group of pictures may pass before the first one") {
    v1::HealthSample early = well(61);
    early.clear_video();
    early.clear_audio();
    CHECK(story.tell(early).empty());
    early.set_t_s(62);
    CHECK(story.tell(early).empty());
    CHECK(story.tell(well(63)).empty());
  }
  SECTION("then comes in the middle of a long group, whose pictures need the one that began it") {
    for (int t = 61; t < 73; ++t) {
      v1::HealthSample within = well(t);
      within.clear_video();
      within.set_picture_awaited(true);
      within.set_lost_packets(1);  // as it was joined
      CHECK(story.tell(within).empty());
    }
    v1::HealthSample begun = well(73);
    begun.set_lost_packets(1);
    CHECK(story.tell(begun).empty());
  }
  SECTION("then comes with a group that never begins") {
    Names names;
    for (int t = 61; t < 76; ++t) {
      v1::HealthSample within = well(t);
      within.clear_video();
      within.set_picture_awaited(true);
      names = story.tell(within);
    }
    CHECK(names == Names{"no_video"});
  }
  SECTION("then comes without pictures") {
    for (int t = 61; t < 64; ++t) {
      v1::HealthSample blind = well(t);
      blind.clear_video();
      CHECK(story.tell(blind).empty());
    }
    v1::HealthSample blind = well(64);
    blind.clear_video();
    CHECK(story.tell(blind) == Names{"no_video"});
  }
}

TEST_CASE("samples between the seconds bring a flag at once and do not hasten the rates") {
  Story story;
  story.play(5);
  v1::HealthSample between = well(story.now() + 0.3);
  black(between);
  CHECK(story.tell(between) == Names{"black"});

  Story rates;
  rates.play(5);
  CHECK(rates.play(1, slow).empty());
  for (const double part : {0.2, 0.4, 0.6, 0.8}) {
    v1::HealthSample repeat = well(6 + part);
    slow(repeat);
    CHECK(rates.tell(repeat).empty());
  }
}

TEST_CASE("without a profile the feed's own first ten seconds are the measure") {
  Story story{v1::Profile()};
  story.play(10, [](auto& s) { s.mutable_video()->set_fps(50); });
  const auto half = [](v1::HealthSample& s) { s.mutable_video()->set_fps(25); };
  CHECK(story.secondsUntil("low_fps", half) == 1);

  Story other{v1::Profile()};
  other.play(12);
  CHECK(other.play(5, small).empty());  // no size was asked for
  CHECK(other.play(5, thin).empty());   // a slide needs less
}

TEST_CASE("codecs other than the profile's") {
  Story story;
  story.play(2);
  CHECK(story.play(2, [](auto& s) { s.mutable_video()->set_codec("h265"); }) == Names{"wrong_format"});
  CHECK(story.play(1).empty());
  CHECK(story.play(2, [](auto& s) { s.mutable_audio()->set_codec("mp2"); }) == Names{"wrong_format"});
}

TEST_CASE("judging replaces what a sample said before") {
  Story story;
  v1::HealthSample sample = well(1);
  sample.add_conditions(v1::Condition::black);
  CHECK(story.tell(sample).empty());
}

}  // namespace
}  // namespace diemcau::agent
