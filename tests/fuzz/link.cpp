// Both ends of a link, led by a script of letters (a capital hits the coordinator's end, a small one the
// site's):
//   c, C  the line is cut, and connected again       n  the site's next frame goes out    h  the
//   coordinator's does i     the site hears the oldest frame            j  the coordinator hears it t  time
//   passes s     a status    r  a record is spooled         k  commit and acknowledge            a  a new
//   assignment f, F  followed by a length and that many bytes: a frame from a stranger m, M  followed by two
//   bytes: the oldest frame on its way is changed at a place
// As long as nobody forges a frame no end may refuse one, nothing is acknowledged before its commit, and
// records arrive in order without a gap.
#include <deque>
#include <optional>

#include "tests/fuzz/fuzz.hpp"
#include "wire/codec.hpp"
#include "wire/hub_link.hpp"
#include "wire/site_link.hpp"

using namespace diemcau;

namespace {

struct Line {
  Micros now = 1000 * kSecond;
  wire::ClockOffset clock;
  std::vector<std::string> spool;
  wire::SiteLink site{clock, [this](std::uint64_t after, std::size_t most) { return read(after, most); }};
  std::optional<wire::HubLink> hub;
  std::deque<std::string> to_site, to_hub;
  std::uint64_t arrived = 0, committed = 0, revision = 1;
  bool forged = false;  // on this connection
  bool ever_forged = false;

  std::vector<wire::SiteLink::SpoolRecord> read(std::uint64_t after, std::size_t most) const {
    std::vector<wire::SiteLink::SpoolRecord> out;
    std::size_t bytes = 0;
    for (auto n = after; n < spool.size() && bytes < most; ++n) {
      bytes += spool[n].size();
      out.push_back({n + 1, spool[n]});
    }
    return out;
  }

  void connect() {
    to_site.clear();
    to_hub.clear();
    arrived = committed;
    forged = false;
    v1::Hello hello;
    hello.set_site_id("S1");
    site.disconnected();
    site.connected(hello, now);
    site.spooled(spool.size());
    hub.emplace();
  }

  void cut() {
    to_site.clear();
    to_hub.clear();
    hub.reset();
    site.disconnected();
  }

  void record() {
    v1::Record one;
    one.set_number(spool.size() + 1);
    one.set_by("Lê Hà");
    spool.push_back(one.SerializeAsString());
    site.spooled(spool.size());
  }

  void siteSends() {
    std::string frame;
    if (!site.next(frame, now)) return;
    MUST(frame.size() <= wire::kMaxFrame);
    to_hub.push_back(std::move(frame));
  }

  void hubSends() {
    wire::HubFrame frame;
    const auto assignment = [this] {
      v1::Assignment own;
      own.set_revision(revision);
      return wire::AssignmentBytes{own.SerializeAsString(), std::make_shared<const std::string>()};
    };
    if (hub && hub->next(frame, now + 7 * kSecond, assignment))
      to_site.push_back(frame.head + (frame.body ? *frame.body : ""));
  }

  void siteHears(const std::string& frame) {
    const auto events = site.receive(frame, now);
    if (!events) {
      MUST(forged || !hub);
      return cut();  // as the agent does
    }
    (void)site.silent(now);
    if (clock.known()) {
      (void)clock.coordinatorAt(now);
      (void)clock.steadyAt(now);
      (void)clock.save(now, now);
    }
    if (!ever_forged) {
      MUST(events->acked <= committed);
      MUST(!events->assignment || events->assignment->revision() <= revision);
    }
  }

  void hubHears(const std::string& frame) {
    v1::Envelope envelope;
    if (!hub->receive(frame, envelope, now + 7 * kSecond)) {
      MUST(forged);
      return cut();
    }
    if (envelope.has_hello()) {
      v1::Welcome welcome;
      welcome.set_resume_after(committed);
      welcome.set_heartbeat_ms(1000);
      return hub->welcome(welcome);
    }
    if (ever_forged) return;
    for (const auto& one : envelope.records().records()) {
      if (one.number() <= arrived) continue;
      MUST(one.number() == arrived + 1);
      MUST(one.SerializeAsString() == spool[arrived]);
      ++arrived;
    }
  }

  void commit() {
    committed = arrived;
    if (hub) hub->acknowledge(committed);
  }

  void change(std::deque<std::string>& frames, std::uint8_t at, std::uint8_t value) {
    if (frames.empty() || frames.front().empty()) return;
    frames.front()[at % frames.front().size()] = static_cast<char>(value);
    forged = ever_forged = true;
  }
};

std::string next(std::deque<std::string>& frames) {
  auto frame = std::move(frames.front());
  frames.pop_front();
  return frame;
}

void step(Line& line, fuzz::Script& script) {
  switch (const char letter = static_cast<char>(script.byte())) {
    case 'c':
      return line.connect();
    case 'C':
      return line.cut();
    case 'n':
      return line.siteSends();
    case 'h':
      return line.hubSends();
    case 'i':
      if (!line.to_site.empty()) line.siteHears(next(line.to_site));
      return;
    case 'j':
      if (line.hub && !line.to_hub.empty()) line.hubHears(next(line.to_hub));
      return;
    case 't':
      line.now += 300 * kMillisecond;
      return;
    case 's': {
      v1::Status status;
      status.set_revision(line.revision);
      return line.site.setStatus(status);
    }
    case 'r':
      return line.record();
    case 'k':
      return line.commit();
    case 'a':
      ++line.revision;
      if (line.hub) line.hub->assignmentChanged();
      return;
    case 'f':
    case 'F': {
      line.forged = line.ever_forged = true;
      const auto frame = script.bytes(script.byte());
      if (letter == 'f') return line.siteHears(frame);
      if (line.hub) line.hubHears(frame);
      return;
    }
    case 'm':
    case 'M': {
      const auto at = script.byte();
      return line.change(letter == 'm' ? line.to_site : line.to_hub, at, script.byte());
    }
    default:
      return;
  }
}

// Then the line holds, and nobody forges any more: all that was spooled must get through.
void settle(Line& line) {
  line.connect();
  for (std::size_t round = 0; round < 40 + 2 * line.spool.size(); ++round) {
    line.now += 300 * kMillisecond;
    for (const char letter : {'n', 'j', 'k', 'h', 'i'}) {
      fuzz::Script one{std::string_view(&letter, 1)};
      step(line, one);
    }
  }
  MUST(line.arrived == line.spool.size() && line.site.acked() == line.spool.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::quietLog();
  Line line;
  fuzz::Script script{fuzz::asText(data, size)};
  for (int steps = 0; steps < 500 && !script.rest.empty(); ++steps) step(line, script);
  if (!line.ever_forged) settle(line);
  return 0;
}
