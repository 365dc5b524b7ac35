// A city on virtual time: a core, a store that remembers what was committed, and halls that follow their
// assignments. No sockets, no threads: a hall's word is a function call.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/core.hpp"
#include "wire/codec.hpp"
#include "wire/readiness_part.hpp"

namespace diemcau::core {

struct CityShape {
  int areas = 4;
  int sites_each = 5;
  int delegates_each = 0;
};

// What the store would hold: enough to start another core from.
struct Memory {
  std::map<std::pair<std::string, std::string>, std::string> objects;
  std::vector<v1::LedgerRecord> records;
  std::vector<v1::TimelineEntry> timeline;
  std::vector<TraceRow> trace;
  std::size_t bytes_put = 0;
  std::map<std::string, std::size_t> puts;  // by kind

  void commit(const StoreBatch& batch) {
    for (const auto& put : batch.puts) {
      objects[{put.kind, put.id}] = put.body;
      bytes_put += put.body.size();
      ++puts[put.kind];
    }
    for (const auto& remove : batch.removes) objects.erase({remove.kind, remove.id});
    records.insert(records.end(), batch.records.begin(), batch.records.end());
    timeline.insert(timeline.end(), batch.timeline.begin(), batch.timeline.end());
    trace.insert(trace.end(), batch.trace.begin(), batch.trace.end());
  }
};

struct Hall {
  std::string id, agent_id;
  std::uint64_t epoch = 1, acked = 0, written = 0;
  bool connected = false, assigned = false, simulated = false;
  v1::Assignment assignment;
  std::vector<v1::Plan> plans;
  // How it behaves.
  Micros start_delay = 5 * kMillisecond;
  bool starts = true;
  std::string problem;  // it reports failed with this
  bool ready = true;
  std::map<std::string, std::set<v1::Condition::Name>> faults;  // by feed
  std::string shown_feed = "main";
  Micros started = 0;
  std::string started_session;
  std::string order_for;  // the session whose GO it knew before the start
  bool missed = false;
};

class City {
 public:
  explicit City(CityShape shape = {}, CoreSettings settings = {}) : settings_(std::move(settings)) {
    core = std::make_unique<Core>(settings_);
    core->restored(now);
    importRoster(shape);
  }

  Micros now = 1'800'000'000 * kSecond;
  std::unique_ptr<Core> core;
  Memory store;
  std::map<std::string, Hall> halls;
  std::vector<Effects::Ack> acks;
  std::size_t alarms_raised = 0;

  static std::string siteId(int area, int site) { return fmt::format("s{:02}-{:03}", area, site); }
  static std::string areaId(int area) { return fmt::format("a{:02}", area); }

  // Carries out what a step asked for: the commit first.
  void carry(Effects& effects) {
    store.commit(effects.store);
    for (const auto& entry : effects.store.timeline) alarms_raised += entry.kind() == "alarm.raised";
    for (const auto& ack : effects.acks) {
      acks.push_back(ack);
      if (auto hall = halls.find(ack.site_id); hall != halls.end() && hall->second.epoch == ack.epoch)
        hall->second.acked = std::max(hall->second.acked, ack.number);
    }
    for (const auto& site : effects.assign)
      if (auto hall = halls.find(site); hall != halls.end()) hall->second.assigned = true;
  }

  Result<v1::CommandReply> order(v1::Command command) {
    if (command.actor().empty()) command.set_actor("Lan");
    Effects effects;
    auto reply = core->command(command, now, effects);
    if (!reply) {
      DIEMCAU_INVARIANT(effects.store.empty() && effects.assign.empty() && effects.acks.empty());
    }
    carry(effects);
    return reply;
  }

  Result<v1::CommandReply> act(const std::string& session, v1::SessionAct::Kind kind,
                               std::uint32_t lead_ms = 0) {
    v1::Command command;
    command.mutable_act()->set_session_id(session);
    command.mutable_act()->set_kind(kind);
    command.mutable_act()->set_lead_ms(lead_ms);
    return order(std::move(command));
  }

  // A session of everybody with two feeds, not yet scheduled.
  std::string create(const std::function<void(v1::Session&)>& change = {}) {
    v1::Command command;
    auto& session = *command.mutable_create_session();
    session.set_title("Giao ban tuần");
    session.set_scheduled_start_us(now + 2 * kHour);
    session.mutable_selection()->set_everyone(true);
    for (const auto* id : {"main", "backup"}) {
      auto* feed = session.add_feeds();
      feed->set_id(id);
      feed->set_uri(std::string("srt://203.0.113.5:9000?streamid=") + id);
      feed->set_passphrase("không-ai-biết-" + std::string(id));
    }
    if (change) change(session);
    auto reply = order(std::move(command));
    DIEMCAU_INVARIANT(reply.has_value());
    return reply->session().id();
  }

  std::string live(const std::function<void(v1::Session&)>& change = {}) {
    const auto id = create(change);
    for (const auto kind : {v1::SessionAct::schedule, v1::SessionAct::arm, v1::SessionAct::go})
      DIEMCAU_INVARIANT(act(id, kind).has_value());
    pass(8 * kSecond);
    return id;
  }

  Result<v1::Welcome> connect(const std::string& site) {
    auto& hall = halls.at(site);
    v1::Hello hello;
    hello.set_site_id(hall.id);
    hello.set_agent_id(hall.agent_id);
    hello.set_agent_version("1.0");
    hello.set_protocol(1);
    hello.set_epoch(hall.epoch);
    hello.set_revision(hall.assignment.revision());
    hello.set_acked(hall.acked);
    hello.set_spooled(hall.written);
    hello.set_simulated(hall.simulated);
    Effects effects;
    auto welcome = core->siteHello(hello, now, effects);
    hall.connected = welcome.has_value();
    if (welcome) hall.assigned = true;  // the link sends the newest assignment after each welcome
    carry(effects);
    return welcome;
  }
  void connectAll() {
    for (auto& [id, hall] : halls) DIEMCAU_INVARIANT(connect(id).has_value());
  }
  void cut(const std::string& site) {
    halls.at(site).connected = false;
    Effects effects;
    core->siteGone(site, now, effects);
    carry(effects);
  }

  v1::Status statusOf(Hall& hall) {
    if (hall.assigned) {
      hall.assigned = false;
      const auto bytes = core->assignment(hall.id);
      hall.assignment.ParseFromString(bytes.own + (bytes.shared == nullptr ? "" : *bytes.shared));
      hall.plans.clear();
      for (const auto& plan : hall.assignment.plans()) hall.plans.emplace_back().ParseFromString(plan);
      for (const auto& plan : hall.plans)
        if (plan.start_at_us() > now) hall.order_for = plan.session_id(), hall.missed = false;
    }
    v1::Status status;
    status.set_revision(hall.assignment.revision());
    status.set_at_us(now);
    status.set_simulated(hall.simulated);
    status.set_roster_revision(hall.assignment.roster().revision());
    status.mutable_clock()->set_known(true);
    status.mutable_clock()->set_error_us(2'000);
    status.mutable_clock()->set_rtt_us(20'000);
    for (const auto& text : hall.assignment.own().texts()) status.add_received_text_ids(text.id());
    const v1::Plan* plan = nullptr;
    for (const auto& one : hall.plans)
      if (plan == nullptr || one.phase() > plan->phase()) plan = &one;
    if (plan == nullptr) return status;
    status.set_session_id(plan->session_id());
    status.set_active_feed_id(hall.shown_feed);
    perform(hall, *plan, status);
    return status;
  }

  void say(const std::string& site) { say(site, statusOf(halls.at(site))); }
  // As over a link: a readiness that the core holds does not reach it.
  void say(const std::string& site, v1::Status status) {
    v1::Envelope envelope;
    *envelope.mutable_status() = std::move(status);
    auto frame = wire::encode(envelope);
    const auto part = wire::findReadiness(frame);
    if (part.number != 0 && part.number == core->readinessTold(site))
      frame = wire::withoutReadiness(frame, part);
    DIEMCAU_INVARIANT(wire::decode(frame, envelope));
    Effects effects;
    core->siteStatus(site, std::move(*envelope.mutable_status()), now, effects, part.number);
    carry(effects);
  }

  void tick() {
    Effects effects;
    core->tick(now, effects);
    carry(effects);
  }

  // Time goes by in steps of 250 ms; every connected hall says its status once a second.
  void pass(Micros span) {
    for (Micros end = now + span; now < end;) {
      now += 250 * kMillisecond;
      if (++steps_ % 4 == 0)
        for (auto& [id, hall] : halls)
          if (hall.connected) say(id);
      tick();
    }
  }

  v1::Record record(const std::string& session) {
    v1::Record out;
    out.set_id(fmt::format("{:032x}", ++record_ids_));
    out.set_session_id(session);
    out.set_at_us(now);
    out.set_by("Hoa");
    return out;
  }
  Result<void> send(const std::string& site, const std::vector<v1::Record>& records) {
    auto& hall = halls.at(site);
    v1::RecordBatch batch;
    for (auto one : records) {
      if (one.number() == 0) one.set_number(++hall.written);
      *batch.add_records() = std::move(one);
    }
    Effects effects;
    auto done = core->siteRecords(site, hall.epoch, batch, now, effects);
    if (!done) DIEMCAU_INVARIANT(effects.acks.empty() && effects.store.empty());
    carry(effects);
    return done;
  }

  // The coordinator dies at once and starts again from its store; the halls notice.
  void restart(Micros away = kSecond) {
    core = std::make_unique<Core>(settings_);
    for (const auto& [key, body] : store.objects)
      DIEMCAU_INVARIANT(core->restoreObject(key.first, key.second, body));
    for (const auto& record : store.records) core->restoreRecord(record);
    for (const auto& entry : store.timeline) core->restoreTimeline(entry);
    now += away;
    core->restored(now);
    for (auto& [id, hall] : halls) hall.connected = false;
  }

  std::vector<v1::Alarm> raised(v1::Alarm::Kind kind) const {
    std::vector<v1::Alarm> out;
    const auto all = core->alarms("", true);
    for (const auto& alarm : all.alarms())
      if (alarm.kind() == kind) out.push_back(alarm);
    return out;
  }
  std::size_t ever(v1::Alarm::Kind kind) const {
    std::size_t count = 0;
    const auto all = core->alarms("", false);
    for (const auto& alarm : all.alarms()) count += alarm.kind() == kind;
    return count;
  }
  v1::Outcome outcome(const std::string& session, const std::string& site) const {
    const auto report = core->report(session, now);
    for (const auto& outcome : report->outcomes())
      if (outcome.site_id() == site) return outcome;
    return {};
  }
  std::vector<std::string> told(const std::string& session, const std::string& kind) const {
    std::vector<std::string> out;
    const auto timeline = core->timeline(session);
    for (const auto& entry : timeline.entries())
      if (entry.kind() == kind) out.push_back(entry.text().en());
    return out;
  }
  v1::Phase::Name phase(const std::string& session) const {
    return core->session(session, now)->session().phase();
  }

 private:
  void importRoster(const CityShape& shape) {
    std::string areas = "area_id,parent_id,name\ncity,,Thành phố\n",
                sites = "site_id,area_id,name,tags,technician,phone\n",
                delegates = "delegate_id,site_id,name\n";
    for (int area = 0; area < shape.areas; ++area) {
      areas += fmt::format("{},city,Quận {}\n", areaId(area), area);
      for (int site = 0; site < shape.sites_each; ++site) {
        const auto id = siteId(area, site);
        sites += fmt::format("{},{},Hội trường {}.{},4g,Anh Ba,0912\n", id, areaId(area), area, site);
        for (int who = 0; who < shape.delegates_each; ++who)
          delegates += fmt::format("{}-d{},{},Đại biểu {}\n", id, who, id, who);
        auto& hall = halls[id];
        hall.id = id;
        hall.agent_id = fmt::format("{:032x}", 1000 * area + site + 1);
      }
    }
    v1::Command command;
    for (const auto* content : {&areas, &sites, &delegates}) {
      if (content == &delegates && shape.delegates_each == 0) continue;
      auto* file = command.mutable_import_roster()->add_files();
      file->set_name("roster.csv");
      file->set_content(*content);
    }
    const auto reply = order(std::move(command));
    DIEMCAU_INVARIANT(reply && reply->import_report().applied());
  }

  void perform(Hall& hall, const v1::Plan& plan, v1::Status& status) {
    if (hall.started_session != plan.session_id()) hall.started = 0, hall.started_session = plan.session_id();
    const bool probes = plan.phase() >= v1::Phase::rehearsing && plan.phase() <= v1::Phase::paused;
    if (probes) {
      for (const auto& feed : plan.feeds()) {
        auto* sample = status.add_health();
        sample->set_feed_id(feed.id());
        sample->set_at_us(now);
        sample->set_connected(true);
        for (const auto condition : hall.faults[feed.id()]) sample->add_conditions(condition);
      }
    }
    switch (plan.phase()) {
      case v1::Phase::scheduled:
        status.set_phase(v1::SitePhase::waiting);
        break;
      case v1::Phase::rehearsing: {
        status.set_phase(v1::SitePhase::rehearsing);
        auto& readiness = *status.mutable_readiness();
        readiness.set_rehearsal(plan.rehearsal());
        readiness.set_verdict(hall.ready ? v1::Readiness::ready : v1::Readiness::not_ready);
        auto* check = readiness.add_checks();
        check->set_kind(v1::Check::main_feed);
        check->set_verdict(hall.ready ? v1::Check::ok : v1::Check::failed);
        if (!hall.ready)
          check->mutable_reason()->set_en("no signal"), check->mutable_reason()->set_vi("mất tín hiệu");
        break;
      }
      case v1::Phase::armed:
        status.set_phase(v1::SitePhase::armed);
        break;
      case v1::Phase::live:
      case v1::Phase::paused:
        if (!hall.problem.empty()) {
          status.set_phase(v1::SitePhase::failed);
          status.mutable_problem()->set_en(hall.problem);
          status.mutable_problem()->set_vi(hall.problem);
          break;
        }
        if (hall.started == 0 && now >= plan.start_at_us() + hall.start_delay) {
          // Who knew the order starts by itself, connected or not.
          const bool in_time = hall.order_for == plan.session_id() && !hall.missed;
          if (!hall.starts)
            hall.missed = true;
          else
            hall.started = in_time ? plan.start_at_us() + hall.start_delay : now;
        }
        status.set_phase(hall.started != 0 ? v1::SitePhase::started : v1::SitePhase::starting);
        status.set_started_us(hall.started);
        status.set_start_error_us(1'000);
        break;
      default:
        status.set_phase(v1::SitePhase::idle);
        break;
    }
  }

  CoreSettings settings_;
  std::uint64_t steps_ = 0, record_ids_ = 0;
};

}  // namespace diemcau::core
