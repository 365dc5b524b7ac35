// The words between an agent and its probe, both ways. What follows the first letter is read
//   p  by the probe, from its standard input: the setup, then one word a line
//   a  by the agent, from its probe's standard output: a report a line, into the follower of a live session
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "agent/core/follower.hpp"
#include "agent/probe/child_words.hpp"
#include "agent/probe/line_reader.hpp"
#include "base/feed_address.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "wire/codec.hpp"

using namespace diemcau;

namespace {

constexpr Micros kStart = 1'800'000'000 * kSecond;

// A file in memory stands for the pipe.
int inputOf(std::string_view bytes) {
  static const int fd = ::memfd_create("input", MFD_CLOEXEC);
  MUST(fd >= 0 && ::ftruncate(fd, 0) == 0);
  MUST(::pwrite(fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  MUST(::lseek(fd, 0, SEEK_SET) == 0);
  return fd;
}

void probeReads(std::string_view bytes) {
  probe::LineReader input(inputOf(bytes));
  std::vector<std::string> lines;
  while (!input.ended()) {
    auto more = input.read();
    std::move(more.begin(), more.end(), std::back_inserter(lines));
  }
  MUST(static_cast<std::ptrdiff_t>(lines.size()) <= std::count(bytes.begin(), bytes.end(), '\n'));
  if (lines.empty()) return;
  for (const auto& line : lines) {
    MUST(line.find('\n') == std::string::npos);
    const auto word = probe::parseWord(line);
    MUST(word.at >= 0 && (word.kind == probe::ChildWord::kShow || word.at == 0));
  }
  const auto setup = probe::parseSetup(lines.front());
  if (!setup) return MUST(!setup.error().text.empty());
  const auto secret = setup->feed().passphrase().size();
  MUST(secret == 0 || (secret >= 10 && secret <= 79));
  (void)parseFeedAddress(setup->feed().uri());
}

struct Site {
  agent::Follower follower;
  agent::Now now{
      .steady = kHour, .wall = kStart, .coordinator = kStart + 7 * kMillisecond, .clock_known = true};

  Site() {
    v1::Plan plan;
    plan.set_session_id("s-1");
    plan.set_revision(1);
    plan.set_phase(v1::Phase::live);
    plan.set_scheduled_start_us(kStart);
    plan.set_start_at_us(kStart);
    plan.add_sittings()->set_id("main");
    for (const auto* id : {"main", "backup"}) {
      auto* feed = plan.add_feeds();
      feed->set_id(id);
      feed->set_uri("test://");
    }
    v1::Assignment assignment;
    assignment.set_revision(1);
    assignment.add_plans(plan.SerializeAsString());
    MUST(follower.apply(assignment, now).value_or(false));
  }

  void pass(Micros span) {
    now.steady += span;
    now.wall += span;
    now.coordinator += span;
    follower.tick(now);
  }

  // As the supervisor reads a line of its child.
  void hear(std::string_view line) {
    v1::ProbeReport report;
    if (!fromJson(line, report, 64 * 1024)) return;
    if (report.has_shown()) return follower.shown("main", report.shown().at_us(), now);
    if (!report.has_sample()) return;
    report.mutable_sample()->set_feed_id("main");
    follower.sample(std::move(*report.mutable_sample()), now);
  }
};

// Whatever a probe says, the site's status can be sent: a frame that the coordinator takes.
void agentReads(std::string_view bytes) {
  Site site;
  while (!bytes.empty()) {
    site.hear(fuzz::take(bytes, "\n"));
    site.pass(700 * kMillisecond);
    (void)site.follower.takeNews(site.now);
  }
  v1::Envelope envelope, again;
  *envelope.mutable_status() = site.follower.status(site.now);
  MUST(wire::decode(wire::encode(envelope), again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::quietLog();
  auto bytes = fuzz::asText(data, size);
  if (bytes.empty()) return 0;
  const char who = bytes.front();
  bytes.remove_prefix(1);
  if (who == 'p') probeReads(bytes);
  if (who == 'a') agentReads(bytes);
  return 0;
}
