// Both ends of a link talk over a channel that delivers late, cuts in the middle and reconnects, at random:
// every record that was ever spooled arrives, in order, exactly once after leaving out repeats by number, and
// nothing is acknowledged that did not arrive.
#include <rapidcheck.h>

#include <deque>

#include "tests/support/catch.hpp"
#include "wire/codec.hpp"
#include "wire/hub_link.hpp"
#include "wire/site_link.hpp"

using namespace diemcau;

namespace {

enum class Act {
  kSpool,
  kSiteSends,
  kHubSends,
  kSiteHears,
  kHubHears,
  kCommit,
  kAssign,
  kStatus,
  kCut,
  kHubRestart
};

struct World {
  Micros now = 1000 * kSecond;
  wire::ClockOffset clock;
  std::vector<std::string> spool;
  wire::SiteLink site{clock, [this](std::uint64_t after, std::size_t max) { return read(after, max); }};
  std::optional<wire::HubLink> hub;
  std::deque<std::string> to_hub, to_site;
  bool connected = false;
  // The coordinator's ledger: what arrived and waits, and what a restart keeps.
  std::uint64_t arrived = 0, committed = 0;
  std::uint64_t acked_at_site = 0, newest_assignment = 1, assignment_at_site = 0, newest_status = 0,
                status_at_hub = 0;

  std::vector<wire::SiteLink::SpoolRecord> read(std::uint64_t after, std::size_t max) {
    std::vector<wire::SiteLink::SpoolRecord> out;
    std::size_t bytes = 0;
    for (auto n = after; n < spool.size() && bytes + spool[n].size() <= max; ++n) {
      bytes += spool[n].size();
      out.push_back({n + 1, spool[n]});
    }
    return out;
  }

  void cut() {
    connected = false;
    to_hub.clear();
    to_site.clear();
    hub.reset();
    arrived = committed;  // what was not committed is asked for again
    site.disconnected();
  }

  void connect() {
    v1::Hello hello;
    hello.set_site_id("D001");
    site.connected(hello, now);
    site.spooled(spool.size());
    hub.emplace();
    connected = true;
  }

  void spoolOne(int size) {
    v1::Record record;
    record.set_number(spool.size() + 1);
    record.set_by(std::string(static_cast<std::size_t>(size), 'x'));
    spool.push_back(record.SerializeAsString());
    site.spooled(spool.size());
  }

  void siteSends() {
    std::string frame;
    if (connected && site.next(frame, now)) to_hub.push_back(std::move(frame));
  }

  void hubSends() {
    wire::HubFrame frame;
    const auto assignment = [this] {
      v1::Assignment own;
      own.set_revision(newest_assignment);
      return wire::AssignmentBytes{own.SerializeAsString(), nullptr};
    };
    if (connected && hub->next(frame, now + 7 * kSecond, assignment)) {
      to_site.push_back(frame.head + (frame.body ? *frame.body : ""));
    }
  }

  void siteHears() {
    if (to_site.empty()) return;
    const auto events = site.receive(to_site.front(), now);
    to_site.pop_front();
    RC_ASSERT(events.has_value());
    if (events->assignment) assignment_at_site = events->assignment->revision();
    if (events->acked != 0) {
      RC_ASSERT(events->acked > acked_at_site);
      RC_ASSERT(events->acked <= committed);
      acked_at_site = events->acked;
    }
  }

  void hubHears() {
    if (to_hub.empty()) return;
    v1::Envelope envelope;
    const auto ok = hub->receive(to_hub.front(), envelope, now + 7 * kSecond);
    to_hub.pop_front();
    RC_ASSERT(ok.has_value());
    if (envelope.has_hello()) {
      v1::Welcome welcome;
      welcome.set_resume_after(committed);
      welcome.set_heartbeat_ms(1000);
      hub->welcome(welcome);
    } else if (envelope.has_status()) {
      RC_ASSERT(envelope.status().revision() >= status_at_hub);
      status_at_hub = envelope.status().revision();
    }
    for (const auto& record : envelope.records().records()) {
      if (record.number() <= arrived) continue;  // a repeat
      RC_ASSERT(record.number() == arrived + 1);
      RC_ASSERT(record.SerializeAsString() == spool[arrived]);
      ++arrived;
    }
  }

  void commit() {
    committed = arrived;
    if (connected) hub->acknowledge(committed);
  }

  void act(Act what, int size) {
    now += 50 * kMillisecond;
    switch (what) {
      case Act::kSpool:
        return spoolOne(size);
      case Act::kSiteSends:
        return siteSends();
      case Act::kHubSends:
        return hubSends();
      case Act::kSiteHears:
        return siteHears();
      case Act::kHubHears:
        return hubHears();
      case Act::kCommit:
        return commit();
      case Act::kAssign:
        ++newest_assignment;
        if (connected) hub->assignmentChanged();
        return;
      case Act::kStatus: {
        v1::Status status;
        status.set_revision(++newest_status);
        return site.setStatus(status);
      }
      case Act::kCut:
        if (connected) {
          cut();
        } else {
          connect();
        }
        return;
      case Act::kHubRestart:
        cut();
        return connect();
    }
  }
};

}  // namespace

TEST_CASE("every record arrives exactly once, whatever the channel does") {
  const bool held = rc::check("records over a channel that cuts", [] {
    const auto acts = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::weightedElement<int>({{20, static_cast<int>(Act::kSpool)},
                                                     {25, static_cast<int>(Act::kSiteSends)},
                                                     {15, static_cast<int>(Act::kHubSends)},
                                                     {20, static_cast<int>(Act::kSiteHears)},
                                                     {25, static_cast<int>(Act::kHubHears)},
                                                     {8, static_cast<int>(Act::kCommit)},
                                                     {4, static_cast<int>(Act::kAssign)},
                                                     {6, static_cast<int>(Act::kStatus)},
                                                     {3, static_cast<int>(Act::kCut)},
                                                     {1, static_cast<int>(Act::kHubRestart)}}),
                      rc::gen::inRange(1, 20'000)));
    World world;
    for (const auto& [what, size] : acts) world.act(static_cast<Act>(what), size);

    // Then the line holds: all must get through within a bounded number of steps.
    world.cut();
    world.connect();
    world.hub->assignmentChanged();
    const std::size_t limit = 100 + 10 * world.spool.size();
    for (std::size_t step = 0; step < limit; ++step) {
      for (const Act each :
           {Act::kSiteSends, Act::kHubHears, Act::kCommit, Act::kHubSends, Act::kSiteHears}) {
        world.act(each, 0);
      }
    }
    RC_ASSERT(world.arrived == world.spool.size());
    RC_ASSERT(world.acked_at_site == world.spool.size());
    RC_ASSERT(world.assignment_at_site == world.newest_assignment);
    RC_ASSERT(world.status_at_hub == world.newest_status);
  });
  CHECK(held);
}
