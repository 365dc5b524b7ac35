// See agent.hpp.
#include "agent/app/agent.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/log.hpp"
#include "base/signing.hpp"
#include "base/text.hpp"
#include "wire/seal.hpp"

namespace diemcau::agent {
namespace {

constexpr Micros kTick = 100 * kMillisecond;
constexpr Micros kClockEvery = kMinute;
constexpr std::uint32_t kProtocol = 1;
constexpr const char* kDefaultUrl = "ws://127.0.0.1:7600/site";

}  // namespace

Result<std::unique_ptr<Agent>> Agent::start(Loop& loop, const AgentSettings& settings, LinkPaces paces) {
  auto held = holdDirectory(settings.data.dir);
  if (!held) return tl::unexpected(held.error());
  const auto listen = parseListen(settings.desk.listen);
  if (!listen) return tl::unexpected(listen.error());
  const auto& clock = systemClock();
  const std::vector<std::string> probe{settings.probe.program, "--child", "--show", settings.probe.show};
  auto meter = std::make_shared<MachineMeter>(settings.data.dir, kTick);
  auto agent = open(
      {.tasks = loop,
       .clock = clock,
       .disk = systemDisk(),
       .network = net::clientContext(loop),
       .probes =
           [&loop, &clock, probe](ProbePorts ports) {
             // A bare graphics card can be had by one program alone.
             const bool windows =
                 std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
             return std::make_unique<ProbeSupervisor>(loop, clock, probe, std::move(ports),
                                                      windows ? ProbeSupervisor::kHandOver : 0);
           },
       .desk =
           [&loop, options = DeskOptions{.listen = *listen, .hosts = settings.desk.hosts}](DeskPorts ports) {
             ports.addresses = hallAddresses;
             return openDesk(loop, options, std::move(ports));
           },
       .machine = [meter](Micros steady) { return meter->ticked(steady); },
       .tick = kTick},
      settings, paces);
  if (agent) (*agent)->held_ = std::move(*held);
  return agent;
}

Result<std::unique_ptr<Agent>> Agent::open(AgentWorld world, const AgentSettings& settings, LinkPaces paces) {
  std::unique_ptr<Agent> agent(new Agent(std::move(world), settings, paces));
  if (auto ok = agent->open(); !ok) return tl::unexpected(ok.error());
  return agent;
}

Agent::Agent(AgentWorld world, const AgentSettings& settings, LinkPaces paces)
    : world_(std::move(world)),
      clock_(world_.clock),
      settings_(settings),
      files_(settings.data.dir, world_.disk),
      site_link_(offset_,
                 [this](std::uint64_t after, std::size_t most) {
                   std::vector<wire::SiteLink::SpoolRecord> records;
                   for (auto& entry : spool_->read(after, most))
                     records.push_back({entry.number, std::move(entry.bytes)});
                   return records;
                 }),
      probes_(world_.probes(
          {.sample =
               [this](v1::HealthSample sample) { follower_.sample(std::move(sample), now()), follow(); },
           .shown = [this](const std::string& feed,
                           Micros at) { follower_.shown(feed, at, now()), follow(); },
           .lost = [this](const std::string& feed,
                          v1::Text why) { follower_.lost(feed, std::move(why), now()), follow(); },
           .thumbnail =
               [this](v1::Thumbnail made) {
                 if (made.feed_id() != follower_.status(now()).active_feed_id()) return;
                 thumbnail_ = std::move(made);
                 thumbnail_sends_ = kThumbnailSends;
               }})),
      link_(world_.tasks, clock_, std::move(world_.network), paces, site_link_,
            {.access = [this] { return access(); },
             .prove = [this](const v1::Hello& hello, const std::string& nonce,
                             const std::string& fingerprint) { return prove(hello, nonce, fingerprint); },
             .hello = [this] { return hello(); },
             .events = [this](wire::SiteLinkEvents events) { linked(std::move(events)); },
             .changed =
                 [this](const LinkInfo& info) {
                   if (info.connected != linked_ || link_since_ == 0) link_since_ = now().coordinator;
                   linked_ = info.connected;
                   follower_.link(info, now());
                   follow();
                 },
             .random = [this] { return world_.disk.random(); }}) {}

Agent::~Agent() = default;

Done Agent::open() {
  auto id = files_.agentId();
  if (!id) return tl::unexpected(id.error());
  agent_id_ = *id;
  auto credentials = identityOf(settings_);
  if (!credentials) return tl::unexpected(credentials.error());
  credentials_ = std::move(*credentials);
  // Without it there are no codes to scan, and names are looked for: no reason to keep the hall from
  // starting.
  if (auto key = files_.deskKey())
    codes_.emplace(*key, settings_.site.id);
  else
    logger("desk")->error("no key for delegates' codes: {}", key.error().text);
  auto spool = Spool::open(settings_.data.dir, {.before_delete = [this] { return keepBook(); }}, world_.disk);
  if (!spool) return tl::unexpected(spool.error());
  spool_ = std::move(*spool);
  const auto& found = spool_->found();
  if (found.damaged)
    logger("spool")->error(
        "the spool was damaged: {} records saved under a new epoch, the old files are in {}", found.salvaged,
        found.aside);
  if (found.torn_bytes != 0)
    logger("spool")->warn("{} bytes of a record that was never confirmed were cut off", found.torn_bytes);
  recall();

  auto desk = world_.desk({.view = [this] { return view(); },
                           .append = [this](v1::Record& record) { return append(record); },
                           .received = [this](const std::string& text_id) { return received(text_id); },
                           .test = [this](bool on) { return testPicture(on); },
                           .addresses = [] { return std::vector<std::string>(); }});
  if (!desk) return tl::unexpected(desk.error());
  desk_ = std::move(*desk);

  logger("agent")->info("site={} agent={} epoch={:016x} records={} unsent={} revision={}", settings_.site.id,
                        agent_id_, spool_->epoch(), spool_->newest(), spool_->pending(),
                        follower_.assignment().revision());
  ticker_ = world_.tasks.every(world_.tick, [this] { tick(); });
  link_.start();
  tick();
  return {};
}

// What the last run knew: the clock first, because everything else is about time.
void Agent::recall() {
  if (const auto saved = files_.clock()) offset_.restore(*saved, clock_.wall(), clock_.steady());
  const auto kept = files_.book();
  for (const auto& record : kept.records()) book_.add(record);
  spool_->each([this](const v1::Record& record) { book_.add(record); });
  if (const auto machine = world_.machine(clock_.steady())) follower_.machine(*machine);
  if (const auto status = files_.status()) follower_.restore(*status);
  if (auto saved = files_.assignment()) {
    // Checked again: whoever can write to the disk must not be able to start the hall.
    auto assignment = believed(std::move(*saved));
    Result<bool> ok = assignment ? follower_.apply(*assignment, now()) : tl::unexpected(assignment.error());
    if (!ok) logger("agent")->error("what is on the disk: {}", ok.error().text);
  }
  if (const auto* plan = follower_.plan(); plan != nullptr) {
    if (const auto* record = book_.signOff(plan->session_id()))
      follower_.signOff(plan->session_id(), record->sign_off(), record->by(), record->at_us());
  }
  site_link_.spooled(spool_->newest());
}

Now Agent::now() const {
  return instant(offset_, clock_.steady(), clock_.wall());
}

v1::Hello Agent::hello() const {
  v1::Hello hello;
  hello.set_site_id(settings_.site.id);
  hello.set_agent_id(agent_id_);
  hello.set_agent_version(DIEMCAU_VERSION);
  hello.set_protocol(kProtocol);
  hello.set_epoch(spool_->epoch());
  hello.set_revision(follower_.assignment().revision());
  hello.set_roster_revision(follower_.assignment().roster().revision());
  hello.set_acked(spool_->acked());
  hello.set_spooled(spool_->newest());
  return hello;
}

// Read anew each time: a site that was enrolled, or enrolled again, needs no restart.
LinkAccess Agent::access() {
  auto read = readCredentials(settings_.data.dir);
  if (!read) {
    logger("agent")->error("{}", read.error().text);
  } else if (*read && (*read)->site_id() != settings_.site.id) {
    logger("agent")->error("this site is {}, but it was enrolled as {}", settings_.site.id,
                           (*read)->site_id());
  } else if (*read) {
    credentials_ = std::move(*read);
  }
  LinkAccess access{settings_.coordinator.url, {settings_.coordinator.fingerprint}};
  if (access.url.empty()) access.url = credentials_ ? credentials_->url() : kDefaultUrl;
  if (access.trust.fingerprint.empty() && credentials_) access.trust = trustOf(*credentials_);
  return access;
}

Result<std::string> Agent::prove(const v1::Hello& hello, const std::string& nonce,
                                 const std::string& fingerprint) const {
  if (!credentials_)
    return fail(ErrorCode::kDenied,
                "the centre asks for this site's key: enrol it with `diemcau-agent enrol TOKEN`");
  return proofFor(*credentials_, hello, nonce, fingerprint);
}

Result<v1::Assignment> Agent::believed(v1::Assignment assignment) const {
  if (!credentials_) return assignment;
  const auto at = now();
  const wire::SealCheck check{settings_.site.id, &follower_.assignment(),
                              at.clock_known ? at.coordinator : 0};
  return wire::unseal(std::move(assignment), check,
                      [this](std::string_view message, std::string_view signature) {
                        return verifySignature(message, signature, credentials_->signing_key());
                      });
}

void Agent::assigned(v1::Assignment given) {
  auto assignment = believed(std::move(given));
  if (!assignment) return logger("agent")->error("{}", assignment.error().text);
  // The disk keeps the signed list of delegates that belongs to what is held.
  const auto& held = follower_.assignment();
  if (!assignment->has_roster() && !held.roster_bytes().empty()) {
    assignment->set_roster_bytes(held.roster_bytes());
    *assignment->mutable_roster_seal() = held.roster_seal();
  }
  const auto applied = follower_.apply(*assignment, now());
  if (!applied) return logger("agent")->error("rev={} {}", assignment->revision(), applied.error().text);
  if (!*applied) return;
  logger("agent")->info("rev={} session={} phase={}", follower_.assignment().revision(),
                        follower_.plan() == nullptr ? "-" : follower_.plan()->session_id(),
                        v1::SitePhase::Name_Name(follower_.phase()));
  // Before the status tells the revision, so that what the centre counts on survives a power cut. A full
  // disk must not keep the hall from starting, though.
  if (auto ok = files_.saveAssignment(follower_.assignment()); !ok)
    logger("agent")->error("the assignment is not on the disk: {}", ok.error().text);
}

void Agent::linked(wire::SiteLinkEvents events) {
  if (events.welcome) {
    if (spool_->contradicts(events.welcome->resume_after(), events.welcome->resume_id())) return renumber();
    status_every_ = Micros{events.welcome->status_interval_ms()} * kMillisecond;
    status_due_ = 0;
  }
  if (events.clock_changed) follower_.clockHeard(now());
  if (events.clock_changed && clock_due_ == 0) saveClock();
  if (events.acked != 0) {
    if (auto ok = spool_->acknowledged(events.acked); !ok) logger("spool")->error("{}", ok.error().text);
  }
  if (events.assignment) assigned(std::move(*events.assignment));
  follow();
}

// The disk was brought back from an older copy: under its numbers the centre knows other records.
void Agent::renumber() {
  const auto old = spool_->epoch();
  auto ok = spool_->beginAnew();
  if (ok)
    logger("spool")->error(
        "the disk holds an older copy of the records than the centre has: {} records are sent under a new "
        "epoch {:016x} instead of {:016x}, the old files are in {}",
        spool_->found().salvaged, spool_->epoch(), old, spool_->found().aside);
  else
    logger("spool")->error("the disk holds an older copy of the records than the centre has, and {}",
                           ok.error().text);
  link_.reconnect("the records have new numbers");
}

void Agent::tick() {
  const auto at = now();
  if (const auto machine = world_.machine(at.steady)) follower_.machine(*machine);
  if (clock_due_ != 0 && at.steady >= clock_due_) saveClock();
  follower_.tick(at);
  probes_->tick();
  follow();
  link_.tick();
}

// Makes the world equal to what the follower wants, and tells the centre what is news.
void Agent::follow() {
  if (stopping_) return;
  probes_->want(follower_.probes());
  const auto at = now();
  const bool news = follower_.takeNews(at);
  if (news) saveStatus(at);
  if (news || at.steady >= status_due_) sendStatus(at);
}

void Agent::sendStatus(const Now& at) {
  status_due_ = at.steady + status_every_;
  auto status = follower_.status(at);
  status.set_spool_pending(spool_->pending());
  if (thumbnail_sends_ > 0 && thumbnail_.feed_id() == status.active_feed_id()) {
    --thumbnail_sends_;
    *status.mutable_thumbnail() = thumbnail_;
  }
  site_link_.setStatus(status);
  link_.wake();
}

// Only what a restart must know: a changing picture need not be written to the disk.
void Agent::saveStatus(const Now& at) {
  auto status = follower_.status(at);
  status.clear_health();
  status.clear_clock();
  status.clear_at_us();
  status.clear_revision();
  status.clear_phase();
  status.clear_problem();
  auto bytes = status.SerializeAsString();
  if (bytes == saved_status_) return;
  if (auto ok = files_.saveStatus(status); !ok) {
    logger("agent")->error("the status is not on the disk: {}", ok.error().text);
    return;
  }
  saved_status_ = std::move(bytes);
}

void Agent::saveClock() {
  const auto at = now();
  if (!at.clock_known) return;
  clock_due_ = at.steady + kClockEvery;
  if (auto ok = files_.saveClock(offset_.save(at.wall, at.steady)); !ok)
    logger("agent")->warn("{}", ok.error().text);
}

Done Agent::keepBook() {
  std::vector<std::string> sessions;
  for (const auto& plan : follower_.plans()) sessions.push_back(plan.session_id());
  return files_.saveBook(book_.keep(sessions));
}

Done Agent::append(v1::Record& record) {
  if (auto ok = spool_->append(record); !ok) {
    logger("spool")->error("{}", ok.error().text);
    return ok;
  }
  book_.add(record);
  // One that a device kept may be older than the one that counts.
  const auto* counts = record.has_sign_off() ? book_.signOff(record.session_id()) : nullptr;
  if (counts != nullptr && counts->id() == record.id())
    follower_.signOff(record.session_id(), record.sign_off(), record.by(), record.at_us());
  site_link_.spooled(spool_->newest());
  sendStatus(now());
  follow();
  return {};
}

Done Agent::received(const std::string& text_id) {
  auto ok = follower_.received(text_id);
  if (ok) follow();
  return ok;
}

Done Agent::testPicture(bool on) {
  auto ok = follower_.testPicture(on, now());
  if (ok) follow();
  return ok;
}

DeskView Agent::view() const {
  return {.site_id = settings_.site.id,
          .version = DIEMCAU_VERSION,
          .now = now(),
          .follower = &follower_,
          .book = &book_,
          .codes = codes_ ? &*codes_ : nullptr,
          .link_since = link_since_,
          .acked = spool_->acked(),
          .unsent = spool_->pending(),
          .machine = follower_.machine(),
          .screen = settings_.probe.show != "none"};
}

void Agent::stop(std::function<void()> done) {
  stopping_ = true;
  saveClock();
  ticker_ = world_.tasks.every(world_.tick, [this] { probes_->tick(); });
  link_.stop();
  probes_->stop([this, done = std::move(done)] { world_.tasks.post(done); });
}

}  // namespace diemcau::agent
