// The rules that weigh: stutter, loudness, skew, times, the line, and rates against the feed's own habit.
#include "tests/support/catch.hpp"
#include "tests/unit/agent/conditions/story.hpp"

namespace diemcau::agent {
namespace {

using Change = Story::Change;

void jerky(v1::HealthSample& s) {
  s.mutable_video()->set_jerks(5);
}
void faint(v1::HealthSample& s) {
  s.mutable_audio()->set_loudest_lufs(-50);
  s.mutable_audio()->set_rms_dbfs(-52);
}
void overdriven(v1::HealthSample& s) {
  s.mutable_audio()->set_clipped(4);
}
void late(v1::HealthSample& s) {
  s.set_av_skew_ms(300);
}
void early(v1::HealthSample& s) {
  s.set_av_skew_ms(-120);
}
void far(v1::HealthSample& s) {
  s.set_rtt_ms(420);
}
void uneven(v1::HealthSample& s) {
  s.set_jitter_ms(240);
}

TEST_CASE("each of them is told after its delay, alone, and gone after it") {
  struct Row {
    const char* name;
    void (*change)(v1::HealthSample&);
    int after;  // samples that are bad before the one that tells it
    int gone;   // samples that are good before it is gone
  };
  const Row rows[] = {{"stutter", jerky, 1, 3}, {"too_quiet", faint, 5, 3}, {"clipping", overdriven, 1, 5},
                      {"av_skew", late, 0, 3},  {"av_skew", early, 0, 3},   {"high_delay", far, 4, 6},
                      {"jitter", uneven, 2, 5}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name << " " << row.after) {
      Story story;
      REQUIRE(story.play(12).empty());
      const auto after = story.secondsUntil(row.name, row.change);
      REQUIRE(after);
      CHECK(*after == row.after);
      CHECK(story.play(1, row.change) == Names{row.name});
      CHECK(story.play(row.gone - 1) == Names{row.name});
      CHECK(story.play(1).empty());
    }
  }
}

TEST_CASE("times that stand still or jump") {
  Story story;
  story.play(3);
  std::uint32_t stands = 0, jumps = 0;
  const Change still = [&](auto& s) { s.set_time_stands(stands += 25); };
  CHECK(story.play(1, still) == Names{"timestamps"});
  const Change held = [&](auto& s) {
    s.set_time_stands(stands);
    s.set_time_jumps(jumps);
  };
  CHECK(story.play(7, held) == Names{"timestamps"});
  CHECK(story.play(3, held).empty());
  SECTION("one leap is told for as long as a person needs to see it") {
    ++jumps;
    CHECK(story.play(1, held) == Names{"timestamps"});
    CHECK(story.play(6, held) == Names{"timestamps"});
    CHECK(story.play(4, held).empty());
  }
  SECTION("a picture or two that share a time are none") {
    stands += 2;
    CHECK(story.play(5, held).empty());
  }
}

TEST_CASE("what is no fault raises none of them") {
  struct Row {
    const char* name;
    Change change;
  };
  const Row rows[] = {
      {"a presenter's pointer leaps now and then", [](auto& s) { s.mutable_video()->set_jerks(2); }},
      {"a quiet speaker", [](auto& s) { s.mutable_audio()->set_loudest_lufs(-44); }},
      {"loud applause that touches full scale", [](auto& s) { s.mutable_audio()->set_clipped(0.3); }},
      {"sound a little late", [](auto& s) { s.set_av_skew_ms(150); }},
      {"sound a little early", [](auto& s) { s.set_av_skew_ms(-70); }},
      {"a satellite's round trip is short of the limit", [](auto& s) { s.set_rtt_ms(280); }},
      {"a busy sender", [](auto& s) { s.set_jitter_ms(90); }},
      {"loudness that is not measured", [](auto& s) { s.mutable_audio()->set_loudest_lufs(0); }},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Story story;
      story.play(3);
      CHECK(story.silent(20, row.change));
    }
  }
  SECTION("pauses of a talk in a room that can be heard") {
    Story story;
    story.play(3);
    for (int i = 0; i < 5; ++i) {
      CHECK(story.play(5, faint).empty());
      CHECK(story.play(2).empty());
    }
  }
  SECTION("one bad second of each") {
    Story story;
    story.play(12);
    for (const auto change : {jerky, overdriven, far, uneven}) {
      CHECK(story.play(1, change).empty());
      CHECK(story.play(2).empty());
    }
  }
  SECTION("a screen that has been shared at five frames a second from the start") {
    Story shared{v1::Profile()};
    CHECK(shared.silent(30, jerky));
  }
}

TEST_CASE("a motion that hitches again and again is stutter, twice or from the start it is not") {
  std::uint32_t hitches = 0;
  const auto every = [&](int seconds) {
    return [&hitches, seconds](v1::HealthSample& s) {
      if (static_cast<int>(s.t_s()) % seconds == 0) ++hitches;
      s.set_hitches(hitches);
    };
  };
  SECTION("one a second") {
    Story story;
    story.play(12);
    CHECK(story.secondsUntil("stutter", every(1)) == 2);
    CHECK(story.play(5, every(1)) == Names{"stutter"});
    CHECK(story.play(9, [&](auto& s) { s.set_hitches(hitches); }).empty());
  }
  SECTION("now and then") {
    Story story;
    story.play(12);
    CHECK(story.silent(30, every(3)));
  }
  SECTION("a feed that has always done so") {
    Story story;
    CHECK(story.silent(30, every(1)));
  }
}

TEST_CASE("the agreed latency is the limit where it is shorter than a talk's") {
  Story story;
  story.play(3);
  const Change tight = [](auto& s) {
    s.set_latency_ms(120);
    s.set_rtt_ms(160);
  };
  CHECK(story.secondsUntil("high_delay", tight) == 4);
  const Change ample = [](auto& s) {
    s.set_latency_ms(800);
    s.set_rtt_ms(250);
  };
  CHECK(story.play(8, ample).empty());
}

TEST_CASE(
    "a picture that was moved against its sound leaps when it comes back, which is the end of the skew") {
  Story story;
  story.play(3);
  std::uint32_t jumps = 0;
  const Change apart = [&](auto& s) {
    s.set_av_skew_ms(-350);
    s.set_time_jumps(jumps);
  };
  CHECK(story.play(4, apart) == Names{"av_skew"});
  ++jumps;
  CHECK(story.play(1, apart) == Names{"av_skew"});
  CHECK(story.play(1, [&](auto& s) { s.set_time_jumps(jumps); }) == Names{"av_skew"});
  CHECK(story.play(4, [&](auto& s) { s.set_time_jumps(jumps); }).empty());
  ++jumps;
  CHECK(story.play(1, [&](auto& s) { s.set_time_jumps(jumps); }) == Names{"timestamps"});
}

TEST_CASE("causes hide these effects too") {
  struct Row {
    Names told;
    Change change;
  };
  std::uint32_t lost = 0, jumps = 0;
  const Row rows[] = {
      {{"packet_loss"},
       [&](auto& s) {
         s.set_lost_packets(lost += 20);
         s.set_time_jumps(++jumps);
         uneven(s);
         jerky(s);
       }},
      {{"timestamps"},
       [&](auto& s) {
         s.set_time_jumps(++jumps);
         s.mutable_video()->set_fps(9);
         uneven(s);
         late(s);
         jerky(s);
       }},
      {{"no_audio"},
       [](auto& s) {
         s.clear_audio();
         late(s);
       }},
      {{"silence"},
       [](auto& s) {
         faint(s);
         s.mutable_audio()->set_rms_dbfs(-80);
         s.mutable_audio()->set_quiet_s(10);
       }},
      {{"low_fps"},
       [](auto& s) {
         jerky(s);
         s.mutable_video()->set_fps(5);
         s.set_bitrate_kbps(500);
       }},
      {{"stutter"},
       [](auto& s) {
         jerky(s);
         s.set_bitrate_kbps(500);
       }},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.told.front()) {
      Story story;
      story.play(12);
      CHECK(story.play(10, row.change) == row.told);
    }
  }
}

TEST_CASE("without a profile: a bit rate against the feed's own") {
  const auto moving = [](double kbps, double motion) {
    return [=](v1::HealthSample& s) {
      s.set_bitrate_kbps(static_cast<std::uint32_t>(kbps));
      s.mutable_video()->set_motion(motion);
    };
  };
  SECTION("the picture moves as before on a fraction of the bits") {
    Story story{v1::Profile()};
    story.play(12, moving(3000, 30));
    CHECK(story.secondsUntil("low_bitrate", moving(400, 27)) == 2);
  }
  SECTION("a slide with a speaker's window after a camera needs less") {
    Story story{v1::Profile()};
    story.play(12, moving(3000, 30));
    for (int i = 0; i < 15; ++i) CHECK(story.play(1, moving(400, 4)).empty());
  }
  SECTION("a rate that was filled up is a promise") {
    const auto filled = [](std::uint32_t kbps) {
      return [=](v1::HealthSample& s) {
        s.set_bitrate_kbps(kbps);
        s.set_padding_kbps(kbps / 3);
      };
    };
    Story story{v1::Profile()};
    story.play(12, filled(3000));
    CHECK(story.play(10, filled(1600)).empty());
    CHECK(story.secondsUntil("low_bitrate", filled(900)) == 2);
  }
}

}  // namespace
}  // namespace diemcau::agent
