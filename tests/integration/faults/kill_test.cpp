// kill -9 of the coordinator and of agents at random moments of launch and upload, round after round in the
// same city and the same store. After each kill and each round: what was acknowledged, to a site or to a
// person, is there; nothing is there twice; the session is in the state that the last answer promised.
//
// DIEMCAU_FAULT_ROUNDS and DIEMCAU_FAULT_SEED come from ./tests/run faults --rounds N --seed S. Round n of
// seed S is round 0 of seed S + n.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <cstdlib>
#include <optional>
#include <random>

#include "base/random.hpp"
#include "tests/integration/faults/city.hpp"
#include "tests/integration/faults/killer.hpp"
#include "tests/integration/faults/stream.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

constexpr std::size_t kSimulated = 24, kReal = 2, kStreaming = 3, kAll = kSimulated + kReal + kStreaming;
constexpr Micros kShotsWithin = 700 * kMillisecond;  // a round's arm, go, start and upload
constexpr const char* kKillConfig =
    "[sites]\nheartbeat_ms = 1000\nstatus_interval_ms = 200\nreconnect_window_ms = 100\n"
    "reconnects_per_second = 2000\n"
    "[session]\nleast_lead_ms = 500\nstart_grace_ms = 1000\nalarm_gather_ms = 300\nalarm_clear_ms = 500\n"
    "link_grace_ms = 1000\nrehearsal_length_ms = 5000\n";

std::uint64_t fromEnvironment(const char* name, std::uint64_t other) {
  const char* given = std::getenv(name);
  return given == nullptr || *given == '\0' ? other : std::strtoull(given, nullptr, 10);
}

int rankOf(const std::string& phase) {
  static const std::vector<std::string> order = {"draft", "scheduled", "armed", "live", "ended", "closed"};
  return static_cast<int>(std::find(order.begin(), order.end(), phase) - order.begin());
}

class KillRounds {
 public:
  explicit KillRounds(std::uint64_t seed) : seed_(seed), centre_(kKillConfig) {
    for (std::size_t n = 0; n < kReal; ++n) {
      real_.push_back(
          std::make_unique<RealAgent>("R" + std::to_string(n), centre_.sites(), RealAgent::Probe::kStandIn));
    }
    importSites(centre_, kSimulated, {"R0", "R1", "T0", "T1", "T2"}, 5);
    fleet_ = std::make_unique<FleetProcess>(
        centre_.sites(), kSimulated,
        std::vector<std::string>{"--ramp-ms", "100", "--checkins", "100", "--seed", std::to_string(seed)});
    for (auto& agent : real_) agent->start();
    stream_ = std::make_unique<Stream>(loop_, centre_.sites(), "T", kStreaming);
  }

  void round(std::uint64_t number) {
    dice_.seed(seed_ + number);
    id_ = fmt::format("r{}", number);
    promised_ = 0;
    create();
    act("schedule", "scheduled");
    stream_->begin(id_);
    shoot();
    act("arm", "armed");
    act("go", "live", {{"lead_ms", 200}});
    upload();
    killer_.finish();  // the kill that follows meets the stream as well
    centre_.kill();
    revive();
    stream_->stop();
    settle();
    centre_.kill();
    revive();
    settle();
    act("end", "ended");
    act("close", "closed");
    lookBack();
  }

  int kills() const { return kills_; }
  std::size_t records() const { return seen_; }

 private:
  using Answer = std::optional<net::HttpAnswer>;

  void shoot() {
    std::vector<Killer::Shot> shots;
    const auto within = [&](std::uint64_t most) { return static_cast<Micros>(dice_() % most); };
    for (auto n = 1 + dice_() % 3; n > 0; --n) {
      const std::size_t victim = dice_() % 5 < 3 ? 0 : 1 + dice_() % kReal;
      shots.push_back({within(kShotsWithin), victim});
    }
    killer_.begin(shots);
    killer_.aim(0, centre_.process().pidfd());
    for (std::size_t n = 0; n < kReal; ++n) killer_.aim(1 + n, real_[n]->process().pidfd());
  }

  // Nothing: the coordinator was killed before it answered, and runs again now.
  Answer ask(const std::string& method, const std::string& path, const Json& body = nullptr) {
    reviveAgents();
    auto answer = net::httpRequest(method, centre_.api(path), body.is_null() ? "" : body.dump(),
                                   {{"Content-Type", "application/json"}}, 30);
    if (answer) return *answer;
    if (centre_.process().wait(5000) != 128 + SIGKILL)
      FAIL("the coordinator lives and does not answer: " << answer.error().text
                                                         << centre_.process().errors());
    revive();
    return std::nullopt;
  }

  Json get(const std::string& path) {
    while (true) {
      if (const auto answer = ask("GET", path)) {
        CAPTURE(path, answer->body);
        REQUIRE(answer->status == 200);
        return Json::parse(answer->body);
      }
    }
  }

  void create() {
    const Json session = {
        {"id", id_},
        {"title", "Họp giao ban"},
        {"scheduled_start_us", std::to_string(systemClock().wall() + 5 * kHour)},
        {"feeds", {{{"id", "main"}, {"uri", "test://"}}, {{"id", "backup"}, {"uri", "test://"}}}},
        {"selection", {{"everyone", true}}}};
    const auto made = ask("POST", "/api/v1/sessions", session);
    REQUIRE(made);
    REQUIRE(made->status == 201);
  }

  // Until it was answered, or the state shows that it happened before its answer got lost.
  void act(const std::string& what, const std::string& phase, const Json& body = Json::object()) {
    while (true) {
      const auto answer = ask("POST", "/api/v1/sessions/" + id_ + "/" + what, body);
      if (answer && answer->status == 200) break;
      if (answer && rankOf(phaseNow()) < rankOf(phase)) FAIL(what << ": " << answer->body);
      if (answer) break;
    }
    promised_ = rankOf(phase);
  }

  std::string phaseNow() { return get("/api/v1/sessions/" + id_)["session"]["phase"]; }

  void reviveAgents() {
    for (std::size_t n = 0; n < kReal; ++n) {
      if (!real_[n]->process().wait(0)) continue;
      ++kills_;
      real_[n]->start();
      killer_.aim(1 + n, real_[n]->process().pidfd());
    }
  }

  // The coordinator is dead: what it left is looked at, then it starts, now and then with another kill in the
  // middle of that.
  void revive() {
    REQUIRE(fleet_->connected(0));  // they have read all that was sent to them
    REQUIRE(stream_->gone());
    checkDisk(false);
    do {
      if (centre_.process().wait(0)) ++kills_;
      startAgain();
    } while (!keepsPromise());
  }

  void startAgain() {
    while (dice_() % 4 == 0) {
      centre_.startOnly();
      ::poll(nullptr, 0, static_cast<int>(dice_() % 60));
      centre_.kill();
      ++kills_;
    }
    centre_.start();
    killer_.aim(0, centre_.process().pidfd());
  }

  // False: killed again before it could be asked.
  bool keepsPromise() {
    if (promised_ == 0) return true;
    const auto session = net::httpRequest("GET", centre_.api("/api/v1/sessions/" + id_), "", {}, 30);
    if (!session) {
      REQUIRE(centre_.process().wait(5000) == 128 + SIGKILL);
      return false;
    }
    CAPTURE(session->body, promised_);
    REQUIRE(session->status == 200);
    REQUIRE(rankOf(Json::parse(session->body)["session"]["phase"]) >= promised_);
    return true;
  }

  // Of every site, as many of its records as it holds acknowledgements for; none twice; none that nobody
  // entered. `all`: also those that were not acknowledged yet, and all that the desks have answered.
  void checkDisk(bool all) {
    const auto held = recordsOnDisk(centre_.dir() + "/coordinator.db");
    std::vector<std::string> lost, twice;
    std::size_t strangers = 0;
    seen_ = 0;
    const auto on_disk = [&](const std::string& site) {
      const auto found = held.find(site);
      return found == held.end() ? std::multiset<std::string>() : found->second;
    };
    for (const auto& [site, ids] : held) {
      seen_ += ids.size();
      for (const auto& id : ids)
        if (ids.count(id) != 1) twice.push_back(site + " " + id);
    }
    const auto compare = [&](const std::string& site, const std::vector<std::string>& ids, std::size_t due) {
      const auto there = on_disk(site);
      for (std::size_t n = 0; n < due; ++n)
        if (there.count(ids[n]) == 0) lost.push_back(site + " " + ids[n]);
      const std::set<std::string> entered(ids.begin(), ids.end());
      for (const auto& id : there) strangers += entered.count(id) == 0;
    };
    const auto simulated = fleet_->ledger();
    for (const auto& site : simulated["sites"]) {
      const std::vector<std::string> ids = site["record_ids"];
      compare(site["site_id"], ids, all ? ids.size() : site["acked"].get<std::size_t>());
    }
    for (const auto& site : stream_->sites()) {
      std::vector<std::string> ids;
      for (std::size_t n = 1; n <= site->spool.size(); ++n) ids.push_back(fmt::format("{:032x}", n));
      compare(site->hello.site_id(), ids, all ? ids.size() : site->acked);
    }
    for (const auto& [site, ids] : entered_) compare(site, {ids.begin(), ids.end()}, all ? ids.size() : 0);
    CAPTURE(lost, twice, strangers, unanswered_);
    REQUIRE(lost.empty());
    REQUIRE(twice.empty());
    REQUIRE(strangers <= unanswered_);
  }

  void enter(RealAgent& agent, int present) {
    std::string id;
    int status = 0;
    if (agent.headcount(present, id, &status)) {
      entered_[agent.site()].insert(id);
      last_[agent.site()] = present;
    } else if (status == 0) {
      ++unanswered_;  // killed before it answered: saved or not
    } else {
      // No session at this site yet: it has not heard of one.
      REQUIRE(status >= 400);
    }
  }

  // Clerks count while the killer shoots.
  void upload() {
    int present = 1;
    while (!killer_.over()) {
      reviveAgents();
      fleet_->ask("headcounts");
      for (auto& agent : real_) enter(*agent, present++);
      get("/api/v1/sessions/" + id_);
      const Micros turn = systemClock().steady() + 10 * kMillisecond;
      until(loop_, [&] { return systemClock().steady() >= turn; });  // the stream's turn
    }
  }

  // Everybody has started and everything is told; then the sums are the clerks'.
  void settle() {
    const std::string at = "/api/v1/sessions/" + id_;
    const bool started = until(loop_, [&] {
      const auto view = get(at);
      return view.value("started", 0) + view.value("late", 0) == static_cast<int>(kAll);
    });
    if (!started) FAIL("not all have started: " << get(at).dump(1));
    fleet_->ask("headcounts");
    for (auto& agent : real_) {
      reviveAgents();
      REQUIRE(until(loop_, [&] {
        const auto before = entered_[agent->site()].size();
        enter(*agent, 500 + static_cast<int>(before));
        return entered_[agent->site()].size() > before;
      }));
    }
    std::map<std::string, int> expected, counted;
    int checkins = 0;
    const bool same = until(loop_, [&] {
      expected = last_;
      for (const auto& site : stream_->sites()) expected[site->hello.site_id()] = stream_->present();
      checkins = 0;
      const auto ledger = fleet_->ledger();
      for (const auto& site : ledger["sites"]) {
        for (const auto& sitting : site["sittings"]) {
          if (sitting["session_id"] != id_) continue;
          expected[site["site_id"]] = sitting["headcount"]["present"].get<int>();
          checkins += sitting["checkins"].get<int>();
        }
      }
      counted.clear();
      const auto attendance = get(at + "/attendance");
      for (const auto& site : attendance["by_site"])
        if (site.contains("headcount")) counted[site["site_id"]] = site["headcount"].value("present", 0);
      return counted == expected && counted.size() == kAll && attendance.value("checkins", 0) == checkins;
    });
    if (!same) tellDifference(expected, counted);
    CAPTURE(checkins);
    REQUIRE(same);
    REQUIRE(until(loop_, [&] {
      for (const auto& agent : real_)
        if (const auto desk = agent->desk(); desk.is_null() || desk.value("unsent", 0) != 0) return false;
      return true;
    }));
  }

  void tellDifference(const std::map<std::string, int>& expected, const std::map<std::string, int>& counted) {
    UNSCOPED_INFO("entered " << Json(expected).dump() << "\ncounted " << Json(counted).dump());
    const auto ledger = fleet_->ledger();
    for (const auto& site : ledger["sites"]) {
      const auto found = counted.find(site["site_id"]);
      if (found == counted.end() || found->second != expected.at(site["site_id"]))
        UNSCOPED_INFO("site " << site.dump() << "\nand the coordinator "
                              << get("/api/v1/sites/" + site["site_id"].get<std::string>()).dump());
    }
  }

  // The session has one launch, whatever died on the way, and every site one outcome.
  void lookBack() {
    int launches = 0;
    const auto timeline = get("/api/v1/sessions/" + id_ + "/timeline");
    for (const auto& entry : timeline["entries"]) launches += entry["kind"] == "session.live";
    CAPTURE(timeline.dump());
    CHECK(launches == 1);
    const auto report = get("/api/v1/sessions/" + id_ + "/report");
    CHECK(report["outcomes"].size() == kAll);
    CHECK(report["launch"].value("pending", 0) == 0);
    last_.clear();
  }

 public:
  // Everything that anybody ever entered, once.
  void finish() {
    killer_.finish();
    REQUIRE(stream_->settled());
    REQUIRE(eventually([&] {
      const auto ledger = fleet_->ledger();
      return ledger["totals"]["records"] == ledger["totals"]["acked"];
    }));
    centre_.kill();
    checkDisk(true);
  }

 private:
  const std::uint64_t seed_;
  std::mt19937_64 dice_;
  Centre centre_;
  std::unique_ptr<FleetProcess> fleet_;
  Loop loop_;
  std::unique_ptr<Stream> stream_;
  std::vector<std::unique_ptr<RealAgent>> real_;
  std::map<std::string, std::set<std::string>> entered_;  // answered by the desk
  std::map<std::string, int> last_;
  std::string id_;
  int promised_ = 0, kills_ = 0;
  std::size_t unanswered_ = 0, seen_ = 0;
  Killer killer_;  // last: it goes first
};

}  // namespace

TEST_CASE("kill -9 at random moments of launch and upload: nothing lost, nothing twice, the state right") {
  const auto seed = fromEnvironment("DIEMCAU_FAULT_SEED", randomU64() % 1'000'000);
  const auto rounds = fromEnvironment("DIEMCAU_FAULT_ROUNDS", 50);
  figure(fmt::format("kill rounds: seed {}, {} rounds", seed, rounds));
  const Micros begun = systemClock().steady();
  KillRounds city(seed);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    INFO("seed " << seed << " round " << round << ": replay with --seed " << seed + round << " --rounds 1");
    city.round(round);
  }
  city.finish();
  figure(fmt::format("kill rounds: {} kills, {} records each there once, {:.1f} s", city.kills(),
                     city.records(), static_cast<double>(systemClock().steady() - begun) / 1e6));
}
