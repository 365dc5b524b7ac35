// What is expected of a feed decides what is missed and what is wrong: whose marks, a picture, sound.
#include "tests/support/catch.hpp"
#include "tests/unit/agent/conditions/changes.hpp"
#include "tests/unit/agent/conditions/story.hpp"

namespace diemcau::agent {
namespace {

TEST_CASE("marks settle what a still picture leaves open") {
  const auto living = [](v1::HealthSample& s) { frozen(s), marked(s); };
  const auto stands = [](v1::HealthSample& s) { slide(s), marked(s), s.mutable_mark()->set_stands(true); };
  Story story;
  CHECK(story.play(8, living).empty());
  CHECK(story.play(1, stands) == Names{"frozen"});
  CHECK(story.play(1, marked).empty());
}

TEST_CASE("another briefing's test tone makes a wrong feed, of sound alone too") {
  v1::Profile profile = hdProfile();
  profile.set_mark("ours");
  const auto hears = [](const char* name) {
    return [name](v1::HealthSample& s) { s.mutable_audio()->set_mark(name); };
  };
  Story story(profile);
  CHECK(story.silent(3, hears("ours")));
  CHECK(story.play(1, hears("#00000007")) == Names{"wrong_feed"});
  CHECK(story.play(1).empty());
  Story microphone(expectedOf(FeedKind::kAlsa, profile));
  CHECK(microphone.silent(3, [&](auto& s) { s.clear_video(), hears("ours")(s); }));
  CHECK(microphone.play(1, [&](auto& s) { s.clear_video(), hears("another")(s); }) == Names{"wrong_feed"});
}

TEST_CASE("a mark in the picture keeps it from being still: one that is has stopped") {
  const auto stopped = [](v1::HealthSample& s) {
    frozen(s), marked(s), s.mutable_mark()->set_in_picture(true);
  };
  Story story;
  CHECK(story.play(3, [](auto& s) { marked(s), s.mutable_mark()->set_in_picture(true); }).empty());
  CHECK(story.play(1, stopped) == Names{"frozen"});
  CHECK(story.play(1, marked).empty());
}

TEST_CASE("another briefing's marks make a wrong feed; no marks, or none expected, make none") {
  v1::Profile profile = hdProfile();
  profile.set_mark("ours");
  const auto another = [](v1::HealthSample& s) { s.mutable_mark()->set_briefing("another"); };
  Story story(profile);
  CHECK(story.play(3).empty());
  CHECK(story.play(3, marked).empty());
  CHECK(story.play(1, another) == Names{"wrong_feed"});
  CHECK(story.play(1, cut) == Names{"no_signal"});
  CHECK(story.play(2).empty());
  Story careless;
  CHECK(careless.play(3, another).empty());
}

TEST_CASE("a feed of sound alone: no picture is missed, and its sound is judged") {
  v1::Profile profile = hdProfile();
  profile.set_video_codec("none");
  profile.set_min_bitrate_kbps(64);
  const auto blind = [](v1::HealthSample& s) { s.clear_video(), s.set_bitrate_kbps(96); };
  const auto with = [&](void (*change)(v1::HealthSample&)) {
    return [&blind, change](v1::HealthSample& s) { blind(s), change(s); };
  };
  Story story(profile);
  CHECK(story.silent(20, blind));
  CHECK(story.play(4, with([](auto& s) { silent(s); })) == Names{"silence"});
  CHECK(story.play(2, blind).empty());
  CHECK(story.play(2, with(soundless)) == Names{"no_audio"});
  CHECK(story.play(2, blind).empty());
  CHECK(story.play(4, with([](auto& s) { s.mutable_audio()->set_codec("mp2"); })) == Names{"wrong_format"});
  CHECK(story.play(3, blind).empty());
  CHECK(story.play(4, with([](auto& s) { s.set_bitrate_kbps(20); })) == Names{"low_bitrate"});
  CHECK(story.play(4, blind).empty());
  CHECK(story.play(2, cut) == Names{"no_signal"});
  CHECK(story.play(2, blind).empty());
  // Many senders of sound alone put a black picture beside it.
  CHECK(story.silent(15, [](v1::HealthSample& s) {
    black(s), frozen(s), slow(s), small(s), s.set_av_skew_ms(400);
    s.mutable_mark()->set_briefing("another");
  }));
  v1::HealthSample sample = well(1);
  Conditions(profile).judge(sample);
  CHECK(sample.sound_alone());
  CHECK_FALSE(sample.picture_alone());
}

TEST_CASE(
    "of a device that picks up one thing the other is not expected, nor a broadcast's codecs and rates") {
  v1::Profile wanted = hdProfile();
  wanted.set_mark("ours");
  const auto off = [](v1::HealthSample& s) { s.mutable_video()->set_codec("raw"), soundless(s); };
  Story card(expectedOf(FeedKind::kV4l2, wanted));
  CHECK(card.silent(8, off));
  CHECK(card.play(2, [&](auto& s) { off(s), small(s); }) == Names{"wrong_format"});
  CHECK(card.play(2, [&](auto& s) { off(s), s.mutable_mark()->set_briefing("another"); }) ==
        Names{"wrong_feed"});
  for (const FeedKind kind : {FeedKind::kPulse, FeedKind::kAlsa}) {
    Story microphone(expectedOf(kind, wanted));
    CHECK(microphone.silent(8, [](v1::HealthSample& s) {
      s.clear_video(), s.mutable_audio()->set_codec("raw"), s.set_bitrate_kbps(768);
    }));
  }
  Story file(expectedOf(FeedKind::kFile, wanted));
  CHECK(file.play(8, off) == Names{"no_audio", "wrong_format"});
}

TEST_CASE("a feed of pictures alone: no sound is missed, and its pictures are judged") {
  v1::Profile profile = hdProfile();
  profile.set_audio_codec("none");
  Story story(profile);
  CHECK(story.silent(20, soundless));
  CHECK(story.play(2, [](auto& s) { soundless(s), black(s); }) == Names{"black"});
  CHECK(story.play(2, [](auto& s) { soundless(s), pictureless(s); }) == Names{"no_video"});
  CHECK(story.play(2, soundless).empty());
  CHECK(story.silent(15, [](v1::HealthSample& s) { silent(s), s.set_av_skew_ms(400); }));
  v1::HealthSample sample = well(1);
  Conditions(profile).judge(sample);
  CHECK(sample.picture_alone());
  CHECK_FALSE(sample.sound_alone());
}

}  // namespace
}  // namespace diemcau::agent
