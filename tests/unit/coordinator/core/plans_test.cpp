// Plans: encoded once and shared, revisions that only grow, the site's own part bounded.
#include "coordinator/core/plans.hpp"

#include <fmt/format.h>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

struct Centre {
  Roster roster;
  Plans plans;
  Centre() {
    put("area", [] {
      v1::Area area;
      area.set_id("city"), area.set_name("Thành phố");
      return area;
    }());
    for (const auto* id : {"s1", "s2", "s3"}) {
      v1::Site site;
      site.set_id(id), site.set_area_id("city"), site.set_name(std::string("Hội trường ") + id);
      put("site", site);
    }
    roster.restored();
  }
  template <class Message>
  void put(const char* kind, const Message& message) {
    REQUIRE(roster.restore(kind, message.SerializeAsString()));
  }
  v1::Session session(const char* id, std::vector<const char*> sites,
                      v1::Phase::Name phase = v1::Phase::scheduled) {
    v1::Session out;
    out.set_id(id);
    out.set_phase(phase);
    out.set_revision(plans.next());
    auto* feed = out.add_feeds();
    feed->set_id("main"), feed->set_passphrase("0123456789");
    for (const auto* site : sites) out.add_site_ids(site);
    return out;
  }
  v1::Assignment of(const char* site) const {
    const auto bytes = plans.assignment(site, roster);
    v1::Assignment out;
    REQUIRE(out.ParseFromString(bytes.own + (bytes.shared ? *bytes.shared : "")));
    return out;
  }
};

v1::OperatorText words(int number, std::size_t size = 10) {
  v1::OperatorText text;
  text.set_id(fmt::format("t-{}", number));
  text.set_text(std::string(size, 'x'));
  return text;
}

TEST_CASE("sites with the same sessions share the same bytes") {
  Centre scene;
  scene.plans.set(scene.session("p", {"s1", "s2"}));
  const auto a = scene.plans.assignment("s1", scene.roster), b = scene.plans.assignment("s2", scene.roster);
  REQUIRE(a.shared != nullptr);
  CHECK(a.shared.get() == b.shared.get());
  CHECK(scene.plans.assignment("s3", scene.roster).shared == nullptr);
  CHECK(scene.plans.assignment("nobody", scene.roster).own.empty());

  scene.plans.set(scene.session("q", {"s1", "s2", "s3"}));
  const auto both = scene.plans.assignment("s1", scene.roster);
  CHECK(both.shared.get() == scene.plans.assignment("s2", scene.roster).shared.get());
  CHECK(both.shared.get() != scene.plans.assignment("s3", scene.roster).shared.get());
  CHECK(scene.of("s1").plans_size() == 2);
  v1::Plan plan;
  REQUIRE(plan.ParseFromString(scene.of("s3").plans(0)));
  CHECK(plan.session_id() == "q");
  CHECK(plan.feeds(0).passphrase() == "0123456789");  // sites need it
}

TEST_CASE("a site's revision is the newest of its parts and only grows") {
  Centre scene;
  scene.plans.set(scene.session("p", {"s1", "s2"}));
  std::uint64_t last = 0;
  const auto grows = [&](const char* site) {
    const auto revision = scene.of(site).revision();
    CHECK(revision > last);
    CHECK(revision == scene.plans.revision(site));
    last = revision;
  };
  grows("s1");
  scene.plans.pin("s1", "backup"), scene.plans.bump("s1");
  grows("s1");
  scene.plans.set(scene.session("p", {"s1", "s2"}, v1::Phase::live));
  grows("s1");
  CHECK(scene.plans.set(scene.session("p", {"s2"}, v1::Phase::live)) == std::vector<std::string>{"s1", "s2"});
  grows("s1");  // it was taken out
  CHECK(scene.of("s1").plans().empty());
  scene.plans.set(scene.session("p", {"s2"}, v1::Phase::closed));
  CHECK(scene.of("s2").plans().empty());
  scene.plans.restart(scene.plans.newest());
  grows("s2");
}

TEST_CASE("drafts, closed and cancelled sessions do not travel") {
  for (int phase = v1::Phase::Name_MIN; phase <= v1::Phase::Name_MAX; ++phase) {
    Centre scene;
    scene.plans.set(scene.session("p", {"s1"}, static_cast<v1::Phase::Name>(phase)));
    const bool travels = phase >= v1::Phase::scheduled && phase <= v1::Phase::ended;
    CHECK(scene.of("s1").plans_size() == (travels ? 1 : 0));
  }
}

TEST_CASE("the own part is there only when there is something to say, and is bounded") {
  Centre scene;
  auto session = scene.session("p", {"s1", "s2"});
  session.add_waivers()->set_site_id("s2");
  scene.plans.set(session);
  CHECK_FALSE(scene.of("s1").has_own());
  CHECK(scene.of("s2").own().waived_session_ids(0) == "p");
  for (int i = 0; i < 30; ++i) scene.plans.addText("s1", words(i));
  REQUIRE(scene.of("s1").own().texts_size() == 20);
  CHECK(scene.of("s1").own().texts(0).id() == "t-10");
  for (int i = 30; i < 50; ++i) scene.plans.addText("s1", words(i, 6'000));
  CHECK(scene.of("s1").own().texts_size() == 1 + static_cast<int>(Plans::kTextBytes / 6'500));
  scene.plans.seeHelp("s1", "r1", "Lan", 7);
  scene.plans.seeHelp("s1", "r1", "Minh", 8);
  CHECK(scene.of("s1").own().seen_help_ids_size() == 1);
  // What is stored of it comes back; texts and waivers are stored elsewhere.
  scene.plans.pin("s1", "backup");
  Centre after;
  after.plans.restoreOwn("s1", scene.plans.stored("s1"));
  CHECK(after.of("s1").own().pinned_feed_id() == "backup");
  CHECK(after.of("s1").own().seen_help_ids(0) == "r1");
  REQUIRE(after.of("s1").own().seen_help_size() == 1);
  CHECK(after.of("s1").own().seen_help(0).by() == "Lan");
  CHECK(after.of("s1").own().seen_help(0).at_us() == 7);
  CHECK(after.of("s1").own().texts().empty());
}

TEST_CASE("the roster goes out only where another one is held") {
  Centre scene;
  v1::Delegate delegate;
  delegate.set_id("d1"), delegate.set_site_id("s1"), delegate.set_name("Trần Bình");
  scene.put("delegate", delegate);
  scene.roster.restored();
  const auto sent = scene.of("s1").roster();
  CHECK(sent.site_name() == "Hội trường s1");
  CHECK(sent.area_name() == "Thành phố");
  REQUIRE(sent.delegates_size() == 1);
  scene.plans.holdsRoster("s1", sent.revision());
  CHECK_FALSE(scene.of("s1").has_roster());
  // The same content has the same number in another life of the coordinator, other content another.
  Centre after;
  CHECK(after.of("s1").roster().revision() != sent.revision());
  after.put("delegate", delegate);
  after.roster.restored();
  after.plans.rosterChanged();
  CHECK(after.of("s1").roster().revision() == sent.revision());
}

TEST_CASE("an assignment fits into a frame, however large the hall") {
  Centre scene;
  for (int i = 0; i < 3'000; ++i) {
    v1::Delegate delegate;
    delegate.set_id(fmt::format("d{}", i)), delegate.set_site_id("s1"),
        delegate.set_name(fmt::format("Đại biểu {}", i));
    delegate.set_unit(std::string(100, 'u')), delegate.set_title(std::string(100, 't'));
    scene.put("delegate", delegate);
  }
  scene.roster.restored();
  for (int i = 0; i < 20; ++i) scene.plans.addText("s1", words(i, 2'000));
  CHECK(scene.plans.assignment("s1", scene.roster).own.size() < 48 * 1024);
  CHECK(scene.of("s1").roster().delegates_size() > 500);
}

TEST_CASE("the counter goes on behind what sites hold") {
  Plans plans;
  plans.restart(41);
  CHECK(plans.newest() > 41);
  plans.skipTo(1'000'000);
  CHECK(plans.next() == 1'000'001);
  plans.skipTo(5);
  CHECK(plans.next() == 1'000'002);
}

}  // namespace
}  // namespace diemcau::core
