// The composition root.
#include "coordinator/app/coordinator.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/log.hpp"
#include "base/resident.hpp"
#include "coordinator/api/problem.hpp"
#include "coordinator/app/metrics.hpp"
#include "coordinator/app/options.hpp"
#include "coordinator/report/report_html.hpp"

namespace diemcau::app {
namespace {

constexpr Micros kTick = 100 * kMillisecond;
constexpr Micros kBehindAnswers = 20 * kMillisecond;  // of a launch
constexpr Micros kCommitPatience = 5 * kSecond;       // for what waits, when asked to end
constexpr Micros kClosePatience = 2 * kSecond;        // for close frames to go out
constexpr unsigned kStorePatienceMs = 5000;

// Passwords that are hashed or wait for it; each takes a tenth of a second.
constexpr std::size_t kMostSignIns = 16;

class IntoParts final : public store::Reader {
 public:
  IntoParts(core::Core& core, auth::SiteRegistry& sites, auth::Directory& people)
      : core_(core), sites_(sites), people_(people) {}
  bool object(std::string_view kind, std::string_view id, std::string_view body) override {
    if (auth::SiteRegistry::mine(kind)) return sites_.restore(kind, id, body);
    return core_.restoreObject(kind, id, body) && people_.restore(kind, id, body);
  }
  void record(const v1::LedgerRecord& record) override { core_.restoreRecord(record); }
  void timeline(const v1::TimelineEntry& entry) override { core_.restoreTimeline(entry); }
  void audit(const core::AuditRow& newest) override { people_.restoreAudit(newest); }

 private:
  core::Core& core_;
  auth::SiteRegistry& sites_;
  auth::Directory& people_;
};

bool asksNothing(const core::Effects& effects) {
  return effects.store.empty() && effects.acks.empty() && effects.assign.empty() && effects.close.empty() &&
         !effects.news;
}

// Whoever started the program reads it, wherever the log goes.
int refuse(int code, const std::string& text) {
  std::fprintf(stderr, "diemcau-coordinator: %s\n", text.c_str());
  return code;
}

}  // namespace

Coordinator::Coordinator(Settings settings) : settings_(std::move(settings)) {}
Coordinator::~Coordinator() = default;

int Coordinator::run() {
  std::signal(SIGPIPE, SIG_IGN);
  if (int code = openStore(); code != exit_code::kOk) return code;
  gateway::GatewaySettings gate;
  gate.hello_within = settings_.sites.hello_within_ms * kMillisecond;
  gate.silent_after = settings_.session.offline_after_ms * kMillisecond;
  gate.least_window_ms = static_cast<std::uint32_t>(settings_.sites.reconnect_window_ms);
  gate.reconnects_per_second = static_cast<std::uint32_t>(settings_.sites.reconnects_per_second);
  auto submitter = [this](core::Effects effects, std::function<void()> then) {
    submit(std::move(effects), std::move(then));
  };
  gateway_ = std::make_unique<gateway::Gateway>(loop_, clock_, *core_, submitter, gate, enrolment_->guard());
  api::ApiSettings web;
  web.view_period = settings_.api.view_period_ms * kMillisecond;
  web.reader_patience = settings_.session.offline_after_ms * kMillisecond;
  web.most_readers = static_cast<std::size_t>(settings_.api.max_views);
  web.max_import = static_cast<std::size_t>(settings_.api.max_import_mib) * 1024 * 1024;
  web.secure = settings_.apiTls();
  api_ = std::make_unique<api::Api>(
      api::Ports{loop_, clock_, *core_, submitter, [this] { return store_->counters().healthy; },
                 [this](api::MetricsText& out) { writeMetrics(out); }, report::reportHtml, people_.get(),
                 enrolment_->ports(),
                 [this](const std::string& id, std::function<void(Result<core::ReplayRows>)> done) {
                   store_->replayRows(id, std::move(done));
                 },
                 feedTest(), [this] { return gateway_->launching(); }},
      web);
  if (int code = listen(); code != exit_code::kOk) return code;
  const Timer started = loop_.after(kStarted, &forgetStart);
  ticker_ = loop_.every(kTick, [this] { tick(); });
  on_term_ = loop_.onSignal(SIGTERM, [this] { stop(); });
  on_int_ = loop_.onSignal(SIGINT, [this] { stop(); });
  on_hup_ = loop_.onSignal(SIGHUP, [this] { reloadCertificate(); });
  std::printf("ready sites=%u api=%u%s%s\n", sites_server_->port(), api_server_->port(),
              fingerprint_.empty() ? "" : " fingerprint=", fingerprint_.c_str());
  std::fflush(stdout);
  logger("app")->info("ready version={} sites={} api={} store={}", DIEMCAU_VERSION, sites_server_->port(),
                      api_server_->port(), settings_.store.path);
  loop_.run();
  if (store_->close(kStorePatienceMs)) return exit_code::kOk;
  return refuse(exit_code::kIo, "the store did not take everything that waited; see the log");
}

decltype(api::Ports::feed_test) Coordinator::feedTest() {
  const auto program = probeProgram(settings_.feed_test.probe);
  if (program.empty()) return {};
  feed_tester_ = std::make_unique<FeedTester>(loop_, program);
  return
      [this](const v1::FeedTest& test, FeedTester::Done done) { feed_tester_->run(test, std::move(done)); };
}

int Coordinator::openStore() {
  auto opened = store::openSqlite(settings_.store.path, loop_);
  if (!opened) {
    const bool busy = opened.error().code == ErrorCode::kUnavailable;
    return refuse(busy ? exit_code::kTryAgain : exit_code::kConfig, opened.error().text);
  }
  store_ = std::move(*opened);
  core_ = std::make_unique<core::Core>(settings_.core());
  makePeople();
  auto enrolment =
      Enrolment::open(settings_, clock_, *core_, [this](v1::AuditEntry entry) { audit(std::move(entry)); });
  if (!enrolment) return refuse(exit_code::kConfig, enrolment.error().text);
  enrolment_ = std::move(*enrolment);
  IntoParts reader(*core_, enrolment_->registry(), *people_);
  if (auto ok = store_->load(reader); !ok) return refuse(exit_code::kConfig, ok.error().text);
  core_->restored(clock_.wall());
  return exit_code::kOk;
}

// Before anybody listens with it. One of our own is made at the first start.
int Coordinator::makeCertificate() {
  if (!settings_.sitesTls() && !settings_.apiTls()) return exit_code::kOk;
  const net::TlsFiles files = settings_.tlsFiles();
  if (settings_.tls.certificate.empty()) {
    if (auto ok = net::makeOwnCertificate(files); !ok)
      return refuse(exit_code::kConfig, "[tls] " + ok.error().text);
  }
  auto fingerprint = net::tlsFingerprint(files);
  if (!fingerprint) return refuse(exit_code::kConfig, "[tls] " + fingerprint.error().text);
  fingerprint_ = *fingerprint;
  return exit_code::kOk;
}

void Coordinator::reloadCertificate() {
  for (net::Server* server : {sites_server_.get(), api_server_.get()}) {
    if (auto ok = server->reloadCertificate(); !ok)
      logger("app")->error("the certificate is not changed: {}", ok.error().text);
  }
}

void Coordinator::makePeople() {
  hasher_ = std::make_unique<api::Worker>(loop_, kMostSignIns);
  auth::DirectorySettings rules;
  rules.idle = settings_.people.session_idle_min * kMinute;
  rules.longest = settings_.people.session_hours * kHour;
  people_ = std::make_unique<auth::Directory>(
      auth::DirectoryPorts{
          systemClock(),
          [this](core::StoreBatch batch, std::function<void()> then) {
            core::Effects effects;
            effects.store = std::move(batch);
            submit(std::move(effects), std::move(then));
          },
          [this] { return store_->counters().healthy; },
          [this](auth::DirectoryPorts::Job job) { return hasher_->run(std::move(job)); },
          [this](const std::string& area) { return core_->roster().area(area) != nullptr; },
          [this](std::uint64_t after, std::size_t most, std::function<void(Result<auth::AuditRows>)> done) {
            store_->auditPage(after, most, std::move(done));
          }},
      rules);
}

int Coordinator::listen() {
  if (int code = makeCertificate(); code != exit_code::kOk) return code;
  net::ServerOptions sites;
  sites.listen = *sitesAddress(settings_);
  if (settings_.sitesTls()) sites.tls = settings_.tlsFiles();
  sites.limits.max_connections = static_cast<std::size_t>(settings_.sites.max_connections);
  sites.limits.max_per_address = static_cast<std::size_t>(settings_.sites.max_per_address);
  sites.limits.max_handshakes = static_cast<std::size_t>(settings_.sites.max_handshakes);
  sites.limits.max_body = 4096;
  sites.hosts = settings_.sitesHosts();
  sites.http = [this](const net::HttpRequest& request, const net::Respond& respond) {
    if (stopping_ || !store_->counters().healthy)
      return respond(api::problem(Error{ErrorCode::kUnavailable, "not now; try again", "hãy thử lại sau"}));
    enrolment_->http(request, respond, [this](core::Effects effects, std::function<void()> then) {
      submit(std::move(effects), std::move(then));
    });
  };
  sites.sockets.push_back(gateway_->route());
  auto sites_server = net::serve(loop_, std::move(sites));
  if (!sites_server) return refuse(exit_code::kUnavailable, "[sites] " + sites_server.error().text);
  sites_server_ = std::move(*sites_server);
  enrolment_->listening(sites_server_->port());

  net::ServerOptions web;
  const auto address = apiMayListen(settings_.api.listen, !people_->open(), settings_.apiTls());
  if (!address) return refuse(exit_code::kConfig, address.error().text);
  web.listen = *address;
  if (settings_.apiTls()) web.tls = settings_.tlsFiles();
  web.limits.max_connections = static_cast<std::size_t>(settings_.api.max_connections);
  web.limits.max_per_address = web.limits.max_connections;
  web.limits.max_body = static_cast<std::size_t>(settings_.api.max_import_mib) * 1024 * 1024;
  web.hosts = settings_.api.hosts;
  web.sockets = api_->sockets();
  web.body_limit = [this](const net::HttpRequest& request) { return api_->bodyLimit(request); };
  web.turned_away = [this](const net::HttpRequest& request, const std::string& why) {
    api_->turnedAway(request, why);
  };
  web.http = [this](net::HttpRequest request, net::Respond respond) {
    api_->http(std::move(request), std::move(respond));
  };
  auto api_server = net::serve(loop_, std::move(web));
  if (!api_server) return refuse(exit_code::kUnavailable, "[api] " + api_server.error().text);
  api_server_ = std::move(*api_server);
  return exit_code::kOk;
}

void Coordinator::submit(core::Effects effects, std::function<void()> then) {
  gateway_->submitted(effects);
  // Everything before it is durable and it adds nothing: no need to ask the store.
  if (in_flight_ == 0 && effects.store.empty()) {
    carryOut(effects);
    if (then) then();
    return;
  }
  ++in_flight_;
  auto batch = std::move(effects.store);
  effects.store = {};
  if (!then && effects.acks.empty() && effects.assign.empty() && effects.close.empty()) {
    // Nobody waits for it. How a launch goes is written down behind its answers: the store's thread would
    // take the processor's time from them.
    auto done = [this, news = effects.news] {
      --in_flight_;
      if (news) api_->news();
    };
    return store_->commit(std::move(batch), done, gateway_->launching() ? kBehindAnswers : 0);
  }
  auto rest = std::make_shared<core::Effects>(std::move(effects));
  store_->commit(std::move(batch), [this, rest, then = std::move(then)] {
    --in_flight_;
    carryOut(*rest);
    if (then) then();
  });
}

// Of who knocks at the sites' door: there is no change that it would be committed with.
void Coordinator::audit(v1::AuditEntry entry) {
  core::Effects effects;
  people_->audit(std::move(entry), systemClock().wall(), effects.store);
  submit(std::move(effects), {});
}

void Coordinator::carryOut(const core::Effects& effects) {
  gateway_->applied(effects);
  if (effects.news) api_->news();
}

// Somebody set the machine's clock: in the middle of a session its time goes on as the sites know it, and
// follows when no site is watched any more.
void Coordinator::followClock() {
  const Micros by = clock_.behind();
  if (clock_.follow(!core_->watches())) {
    logger("app")->warn("the machine's clock was set by {:.1f} s, and the coordinator follows",
                        static_cast<double>(by) / kSecond);
    held_told_ = false;
  } else if (std::abs(by) > HeldClock::kSmall && !std::exchange(held_told_, true)) {
    logger("app")->error(
        "the machine's clock was set by {:.1f} s in the middle of a session: the coordinator "
        "keeps its own time until the session ends",
        static_cast<double>(by) / kSecond);
  }
}

void Coordinator::tick() {
  followClock();
  // A long round, or a tick that came late: a process that was stopped or starved waited in no round of its
  // own.
  const Micros steady = systemClock().steady(), late = ticked_ == 0 ? 0 : steady - ticked_ - kTick;
  ticked_ = steady;
  const Micros delay = std::max(loop_.takeWorstDelay(), late);
  worst_delay_ = std::max(worst_delay_, delay);
  core::Effects effects;
  core_->loopDelay(delay, clock_.wall());
  core_->tick(clock_.wall(), effects);
  if (!asksNothing(effects)) submit(std::move(effects), {});
  people_->tick(systemClock().wall());
}

// First what waits is committed and answered, then the sockets are closed.
void Coordinator::stop() {
  if (std::exchange(stopping_, true)) return;
  logger("app")->info("ending: committing what waits");
  gateway_->stopping();
  ticker_.reset();
  drain_limit_ = loop_.after(kCommitPatience, [this] { drain(); });
  submit({}, [this] { loop_.post([this] { drain(); }); });
}

void Coordinator::drain() {
  if (std::exchange(draining_, true)) return;
  sites_server_->drain(net::close_code::kRestart, "the coordinator restarts");
  api_server_->drain(net::close_code::kRestart, "the coordinator restarts");
  drain_limit_ = loop_.after(kClosePatience, [this] { loop_.stop(); });
  drain_check_ = loop_.every(10 * kMillisecond, [this] {
    const auto open = sites_server_->counters().open_sockets + api_server_->counters().open_sockets;
    if (open == 0) loop_.stop();
  });
}

void Coordinator::writeMetrics(api::MetricsText& out) {
  writeProcess(out, std::exchange(worst_delay_, 0));
  out.gauge("diemcau_clock_ahead_seconds", "This computer's clock against the one that sessions run by.",
            static_cast<double>(clock_.behind()) / kSecond);
  writeCore(out, *core_, clock_.wall());
  writeGateway(out, gateway_->counters(), gateway_->reconnectWindowMs());
  const auto& signatures = enrolment_->signatures();
  for (const auto& [what, count] :
       {std::pair{"plan", signatures.plans}, std::pair{"own_part", signatures.own_parts},
        std::pair{"roster", signatures.rosters}})
    out.counter("diemcau_signatures_total", "Signatures made under what goes to enrolled sites.",
                static_cast<double>(count), {{"what", what}});
  writeStore(out, store_->counters());
  writeServers(out, {{"sites", sites_server_->counters()}, {"api", api_server_->counters()}});
}

}  // namespace diemcau::app
