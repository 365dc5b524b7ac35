// Sessions as people give them: each field's bounds, defaults, late changes, and no secret on the way out.
#include "coordinator/core/session_check.hpp"

#include <functional>
#include <limits>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

v1::Session good() {
  v1::Session session;
  session.set_title("Hội nghị");
  session.set_scheduled_start_us(1'800'000'000 * kSecond);
  auto* feed = session.add_feeds();
  feed->set_id("main");
  feed->set_uri("srt://203.0.113.5:9000?streamid=main");
  feed->set_passphrase("mười ký tự");
  return session;
}

TEST_CASE("a session is completed with its defaults") {
  v1::Session wish;
  wish.set_title("  Giao ban \u202e tuần  ");
  const auto session = checkedSession(wish);
  REQUIRE(session);
  CHECK(session->title() == "Giao ban  tuần");
  CHECK(session->time_zone() == "Asia/Ho_Chi_Minh");
  CHECK(session->arm_lead_s() == 120);
  REQUIRE(session->rehearsal_leads_s_size() == 2);
  CHECK(session->rehearsal_leads_s(0) == 3600);
  CHECK(session->rehearsal_leads_s(1) == 900);
  REQUIRE(session->sittings_size() == 1);
  CHECK(session->current_sitting_id() == session->sittings(0).id());
}

TEST_CASE("what the coordinator keeps cannot be given") {
  auto wish = good();
  wish.set_phase(v1::Phase::live);
  wish.set_revision(99);
  wish.set_start_at_us(5);
  wish.add_site_ids("s1");
  const auto session = checkedSession(wish);
  REQUIRE(session);
  CHECK(session->phase() == v1::Phase::draft);
  CHECK(session->revision() == 0);
  CHECK(session->start_at_us() == 0);
  CHECK(session->site_ids().empty());
}

struct Bad {
  const char* why;
  std::function<void(v1::Session&)> spoil;
};

TEST_CASE("each field has its bounds") {
  const std::vector<Bad> rows{
      {"title", [](auto& s) { s.set_title("   "); }},
      {"title", [](auto& s) { s.set_title(std::string(201, 'x')); }},
      {"title", [](auto& s) { s.set_title("\xff\xfe"); }},
      {"session id", [](auto& s) { s.set_id("a/b"); }},
      {"time_zone", [](auto& s) { s.set_time_zone("Asia/Nowhere"); }},
      {"scheduled_start_us", [](auto& s) { s.set_scheduled_start_us(-1); }},
      {"scheduled_end_us", [](auto& s) { s.set_scheduled_end_us(s.scheduled_start_us()); }},
      {"auto_start", [](auto& s) { s.set_auto_start(true), s.clear_scheduled_start_us(); }},
      {"arm_lead_s", [](auto& s) { s.set_arm_lead_s(9); }},
      {"arm_lead_s", [](auto& s) { s.set_arm_lead_s(3601); }},
      {"rehearsal_leads_s", [](auto& s) { s.add_rehearsal_leads_s(8 * 24 * 3600); }},
      {"rehearsal_leads_s",
       [](auto& s) {
         for (unsigned i = 1; i < 12; ++i) s.add_rehearsal_leads_s(i * 60);
       }},
      {"sitting id", [](auto& s) { s.add_sittings()->set_id(""); }},
      {"sitting id", [](auto& s) { s.add_sittings()->set_id("a"), s.add_sittings()->set_id("a"); }},
      {"after its start",
       [](auto& s) {
         auto* one = s.add_sittings();
         one->set_id("a"), one->set_starts_us(9), one->set_ends_us(9);
       }},
      {"current_sitting_id", [](auto& s) { s.set_current_sitting_id("none"); }},
      {"feed id", [](auto& s) { *s.add_feeds() = s.feeds(0); }},
      {"feed \"x\"",
       [](auto& s) {
         auto* feed = s.add_feeds();
         feed->set_id("x"), feed->set_uri("gopher://x");
       }},
      {"passphrase", [](auto& s) { s.mutable_feeds(0)->set_passphrase("short"); }},
      {"passphrase", [](auto& s) { s.mutable_feeds(0)->set_passphrase(std::string(80, 'p')); }},
      {"at most 4 feeds",
       [](auto& s) {
         while (s.feeds_size() < 5) *s.add_feeds() = s.feeds(0);
       }},
      {"video_codec", [](auto& s) { s.mutable_profile()->set_video_codec("av2"); }},
      {"audio_codec", [](auto& s) { s.mutable_profile()->set_audio_codec("wav"); }},
      {"none and none",
       [](auto& s) {
         s.mutable_profile()->set_video_codec("none"), s.mutable_profile()->set_audio_codec("none");
       }},
      {"width", [](auto& s) { s.mutable_profile()->set_width(15); }},
      {"height", [](auto& s) { s.mutable_profile()->set_height(8193); }},
      {"fps", [](auto& s) { s.mutable_profile()->set_fps(0.5); }},
      {"mark", [](auto& s) { s.mutable_profile()->set_mark(std::string(65, 'a')); }},
      {"fps", [](auto& s) { s.mutable_profile()->set_fps(std::numeric_limits<double>::quiet_NaN()); }},
      {"bitrate", [](auto& s) { s.mutable_profile()->set_max_bitrate_kbps(200'001); }},
      {"above max",
       [](auto& s) {
         s.mutable_profile()->set_min_bitrate_kbps(9), s.mutable_profile()->set_max_bitrate_kbps(8);
       }},
      {"area id", [](auto& s) { s.mutable_selection()->add_area_ids("a b"); }},
      {"site id", [](auto& s) { s.mutable_selection()->add_site_ids(""); }},
      {"selection tag", [](auto& s) { s.mutable_selection()->add_tags(std::string(41, 't')); }}};
  for (const auto& row : rows) {
    auto wish = good();
    row.spoil(wish);
    const auto session = checkedSession(wish);
    INFO(row.why);
    REQUIRE_FALSE(session.has_value());
    CHECK(session.error().code == ErrorCode::kInvalid);
    CHECK(session.error().text.find(row.why) != std::string::npos);
    CHECK_FALSE(session.error().vi.empty());
  }
  CHECK(checkedSession(good()).has_value());
}

TEST_CASE("no secret leaves") {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"srt://203.0.113.5:9000?streamid=main", "srt://203.0.113.5:9000?streamid=main"},
      {"srt://h:9000?streamid=a&passphrase=0123456789", "srt://h:9000?streamid=a"},
      {"srt://h:9000?PassPhrase=0123456789&latency=90", "srt://h:9000?latency=90"},
      {"srt://h:9000?passphrase=0123456789", "srt://h:9000"},
      {"https://user:pass@media.vn/x.m3u8?token=abc&q=1", "https://media.vn/x.m3u8?q=1"},
      {"https://media.vn/a@b/x.m3u8", "https://media.vn/a@b/x.m3u8"},
      {"udp://239.1.1.1:5000", "udp://239.1.1.1:5000"},
      {"no uri", "no uri"}};
  for (const auto& [uri, shown] : rows) CHECK(shownUri(uri) == shown);
  const auto shown = withoutSecrets(good());
  CHECK(shown.feeds(0).passphrase().empty());
  CHECK(shown.feeds(0).uri() == good().feeds(0).uri());
}

TEST_CASE("who reads a session and writes it back keeps its passphrases") {
  auto present = *checkedSession(good());
  present.set_phase(v1::Phase::scheduled);
  present.set_id("p1");
  auto wish = withoutSecrets(present);
  wish.set_title("Tên mới");
  auto next = updatedSession(present, wish);
  REQUIRE(next);
  CHECK(next->title() == "Tên mới");
  CHECK(next->feeds(0).passphrase() == good().feeds(0).passphrase());
  CHECK(next->id() == "p1");
  CHECK(next->phase() == v1::Phase::scheduled);
  wish.mutable_feeds(0)->set_uri("srt://203.0.113.6:9000?streamid=main");
  next = updatedSession(present, wish);
  REQUIRE(next);
  CHECK(next->feeds(0).passphrase().empty());
}

TEST_CASE("what is too late to change is named") {
  auto present = *checkedSession(good());
  const auto change = [&](v1::Phase::Name phase, auto spoil) {
    present.set_phase(phase);
    auto wish = withoutSecrets(present);
    spoil(wish);
    return updatedSession(present, wish);
  };
  const auto later = [](v1::Session& s) { s.set_scheduled_start_us(s.scheduled_start_us() + kHour); };
  CHECK(change(v1::Phase::scheduled, later));
  CHECK_FALSE(change(v1::Phase::armed, later));
  CHECK_FALSE(change(v1::Phase::live, later));
  const auto new_feed = [](v1::Session& s) { s.mutable_feeds(0)->set_uri("udp://239.1.1.1:5000"); };
  CHECK(change(v1::Phase::live, new_feed));
  CHECK_FALSE(change(v1::Phase::ended, new_feed));
  const auto more_sittings = [](v1::Session& s) { s.add_sittings()->set_id("chieu"); };
  CHECK(change(v1::Phase::ended, more_sittings));
  CHECK_FALSE(change(v1::Phase::live, [](v1::Session& s) {
    s.clear_sittings(), s.add_sittings()->set_id("x"), s.set_current_sitting_id("x");
  }));
  for (const auto phase : {v1::Phase::closed, v1::Phase::cancelled}) {
    const auto refused = change(phase, more_sittings);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kConflict);
  }
}

}  // namespace
}  // namespace diemcau::core
