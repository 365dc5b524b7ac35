// A coordinator's core for targets whose bytes reach it: two halls, a session of both, a clock that the input
// moves, and a store in memory that another core can start from.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/core/core.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace diemcau::fuzz {

class HandClock final : public Clock {
 public:
  Micros wall() const override { return at; }
  Micros steady() const override { return at; }
  Micros at = 1'800'000'000 * kSecond;
};

// What the store would hold.
struct Memory {
  std::map<std::pair<std::string, std::string>, std::string> objects;
  std::vector<v1::LedgerRecord> records;
  std::vector<v1::TimelineEntry> timeline;

  void commit(const core::StoreBatch& batch) {
    for (const auto& put : batch.puts) objects[{put.kind, put.id}] = put.body;
    for (const auto& remove : batch.removes) objects.erase({remove.kind, remove.id});
    records.insert(records.end(), batch.records.begin(), batch.records.end());
    timeline.insert(timeline.end(), batch.timeline.begin(), batch.timeline.end());
  }
  void restore(core::Core& core, Micros now) const {
    for (const auto& [key, body] : objects) MUST(core.restoreObject(key.first, key.second, body));
    for (const auto& record : records) core.restoreRecord(record);
    for (const auto& entry : timeline) core.restoreTimeline(entry);
    core.restored(now);
  }
};

class Centre {
 public:
  using Applied = std::function<void(const core::Effects&)>;

  Centre() {
    static const Memory prepared = prepare();
    memory = prepared;
    memory.restore(core, clock.at);
  }

  // The store commits at once.
  void submit(const core::Effects& effects, const std::function<void()>& then) {
    check(effects);
    if (submitted) submitted(effects);
    memory.commit(effects.store);
    if (applied) applied(effects);
    if (then) then();
  }

  void pass(Micros span) {
    clock.at += span;
    core::Effects effects;
    core.tick(clock.at, effects);
    submit(effects, {});
  }

  // What was told to anybody was durable: another core, started from the store, says the same.
  void mustSurviveRestart() const {
    core::Core again{core::CoreSettings{}};
    memory.restore(again, clock.at);
    MUST(durable(again) == durable(core));
  }

  HandClock clock;
  core::Core core{core::CoreSettings{}};
  Memory memory;
  Applied submitted, applied;  // may be empty

 private:
  // Of a site's spool every number is in the ledger once before it is acknowledged (G1).
  void check(const core::Effects& effects) {
    for (const auto& record : effects.store.records)
      MUST(ledger_.emplace(record.site_id(), record.record().id()).second);
  }

  std::string durable(const core::Core& of) const {
    std::string all;
    for (const char* kind : {"areas", "sites", "delegates"}) all += of.roster().exportCsv(kind).value();
    const auto sessions = of.sessions();
    all += sessions.DebugString();
    for (const auto& session : sessions.sessions()) {
      all += of.timeline(session.id()).DebugString();
      for (const char* kind : {"sites", "checkins"}) all += of.attendanceCsv(session.id(), kind).value_or("");
    }
    return all;
  }

  static Memory prepare() {
    core::Core core{core::CoreSettings{}};
    Memory memory;
    const Micros now = HandClock().at;
    core.restored(now);
    const auto act = [&](v1::Command& command) {
      command.set_actor("Lê Hà");
      core::Effects effects;
      auto reply = core.command(command, now, effects);
      MUST(reply.has_value());
      memory.commit(effects.store);
      return *reply;
    };
    v1::Command import;
    const std::pair<const char*, const char*> files[] = {
        {"areas.csv", "area_id,parent_id,name\nhn,,Hà Nội\n"},
        {"sites.csv", "site_id,area_id,name\nS1,hn,Hội trường 1\nS2,hn,Hội trường 2\n"},
        {"delegates.csv", "delegate_id,site_id,name\nD1,S1,Trần An\nD2,S2,Phạm Bình\n"}};
    for (const auto& [name, content] : files) {
      auto* file = import.mutable_import_roster()->add_files();
      file->set_name(name);
      file->set_content(content);
    }
    MUST(act(import).import_report().applied());
    v1::Command create;
    auto& session = *create.mutable_create_session();
    session.set_title("Giao ban");
    session.set_scheduled_start_us(now + kHour);
    session.mutable_selection()->set_everyone(true);
    for (const char* id : {"main", "backup"}) {
      auto* feed = session.add_feeds();
      feed->set_id(id);
      feed->set_uri("test://");
    }
    v1::Command schedule;
    schedule.mutable_act()->set_session_id(act(create).session().id());
    schedule.mutable_act()->set_kind(v1::SessionAct::schedule);
    act(schedule);
    return memory;
  }

  std::set<std::pair<std::string, std::string>> ledger_;
};

}  // namespace diemcau::fuzz
