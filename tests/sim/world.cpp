// See world.hpp. The script: roster, schedule, rehearsal, arming, GO or the automatic start, an hour of a
// briefing in a minute, the end, the close.
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/clerks.hpp"
#include "tests/sim/operators.hpp"
#include "tests/sim/scribe.hpp"
#include "tests/sim/weather.hpp"

namespace diemcau::sim {
namespace {

constexpr int kMostInArea = 12, kLeastAreas = 4, kDelegates = 3;
constexpr Micros kLook = 2500 * kMillisecond;

// Seconds from the beginning.
constexpr Micros kCreate = 9, kRehearse = 12, kArm = 32, kGo = 40, kStart = 50, kCalm = 100, kEndAct = 150,
                 kClose = 164, kOver = 170;

core::CoreSettings settingsFor(Mutation mutation) {
  core::CoreSettings settings;
  settings.version = "sim";
  settings.rehearsal_length = 15 * kSecond;
  settings.status_interval_ms = 2000;
  if (mutation == Mutation::kStaleIsOnline) settings.stale_after = settings.offline_after = kHour;
  if (mutation == Mutation::kNoVerdict) settings.start_grace = kHour;
  if (mutation == Mutation::kAlarmPerSite) settings.alarm_gather = 0, settings.link_grace = 0;
  return settings;
}

class World {
 public:
  World(const RunOptions& options, Calendar& calendar, Run& run)
      : options_(options),
        calendar_(calendar),
        run_(run),
        dice_(Dice(options.seed).fork("world")),
        scribe_(run.history, calendar),
        network_(calendar, dice_.fork("network"), scribe_, options.mutation),
        centre_(calendar, network_, run.history, dice_.fork("centre"), options.mutation,
                settingsFor(options.mutation)),
        operators_(calendar, centre_, run.history),
        clerks_(calendar, run.history, dice_.fork("clerks")) {}

  ~World() { network_.closeAll(); }

  void play() {
    const Micros zero = calendar_.now();
    auto& ending = run_.ending;
    ending.quiet = dice_.percent(15);
    ending.auto_start = dice_.percent(40);
    ending.scheduled = zero + kStart * kSecond;
    ending.calm = zero + kCalm * kSecond;
    found(zero);
    script(zero);
    Weather weather({calendar_, network_, run_.history, air_, centre_, halls_}, dice_.fork("weather"));
    weather.forecast(zero + kCreate * kSecond, ending.calm, zero + kStart * kSecond, ending.quiet,
                     ending.auto_start);
    calendar_.at(ending.calm, [this] { calmDown(); });
    calendar_.at(zero + kEndAct * kSecond - kSecond, [this] { inCalm(); });
    console();
    calendar_.runUntil(zero + kOver * kSecond);
    over();
    ending.seconds = static_cast<double>(kOver);
    ending.events = calendar_.done();
  }

 private:
  void found(Micros zero) {
    const auto tick = options_.sites <= 20 && dice_.percent(50) ? 100 * kMillisecond
                      : options_.sites <= 20                    ? 500 * kMillisecond
                                                                : kSecond;
    const int in_area = std::clamp(options_.sites / kLeastAreas, 1, kMostInArea);
    for (int i = 0; i < options_.sites; ++i) {
      const auto site = fmt::format("s{:04}", i), area = fmt::format("a{:03}", i / in_area);
      auto hall =
          std::make_unique<Hall>(HallParts{calendar_, network_, run_.history, air_, options_.mutation, tick},
                                 site, area, dice_.fork(site));
      const bool mobile = dice_.percent(25);
      network_.path(site,
                    mobile ? dice_.between(40, 150) * kMillisecond : dice_.between(2, 25) * kMillisecond,
                    mobile ? 60 * kMillisecond : 4 * kMillisecond);
      clerks_.employ(*hall,
                     {zero + (kRehearse + 2) * kSecond, zero + (kStart + 3) * kSecond, zero + kCalm * kSecond,
                      zero + (kEndAct + 2) * kSecond},
                     kDelegates);
      calendar_.at(zero + dice_.between(2 * kSecond, 6 * kSecond), [at = hall.get()] { at->boot(); });
      run_.ending.area_of[site] = area;
      halls_.push_back(std::move(hall));
    }
    centre_.boot();
  }

  void roster(v1::Command& command) const {
    std::string areas = "area_id,parent_id,name\ncity,,Thành phố\n",
                sites = "site_id,area_id,name,tags,technician,phone\n",
                delegates = "delegate_id,site_id,name\n";
    std::string last;
    for (const auto& hall : halls_) {
      if (hall->area() != last) areas += fmt::format("{},city,Phường {}\n", hall->area(), hall->area());
      last = hall->area();
      sites += fmt::format("{},{},Hội trường {},4g,Anh Ba,0912\n", hall->site(), hall->area(), hall->site());
      for (int who = 0; who < kDelegates; ++who)
        delegates += fmt::format("{}-d{},{},Đại biểu {}\n", hall->site(), who, hall->site(), who);
    }
    for (const auto* content : {&areas, &sites, &delegates}) {
      auto* file = command.mutable_import_roster()->add_files();
      file->set_name("roster.csv");
      file->set_content(*content);
    }
  }

  void create(v1::Command& command) const {
    auto& session = *command.mutable_create_session();
    session.set_id(kSession);
    session.set_title("Giao ban");
    session.set_scheduled_start_us(run_.ending.scheduled);
    session.set_auto_start(run_.ending.auto_start);
    session.set_arm_lead_s(15);
    session.mutable_selection()->set_everyone(true);
    session.mutable_profile()->set_width(1280);
    session.mutable_profile()->set_height(720);
    for (const auto* id : {"main", "backup"}) {
      auto* feed = session.add_feeds();
      feed->set_id(id);
      feed->set_uri(std::string("srt://203.0.113.5:9000?streamid=") + id);
    }
  }

  void script(Micros zero) {
    const auto at = [zero](Micros second) { return zero + second * kSecond; };
    auto& people = operators_;
    people.plan(at(0) + kSecond / 2, "Lan", "roster.imported", "import",
                [this](auto& command) { roster(command); });
    people.plan(at(kCreate), "Lan", "session.created", "create", [this](auto& command) { create(command); });
    people.act(at(kCreate) + kSecond, "Lan", v1::SessionAct::schedule, "session.scheduled");
    people.act(at(kRehearse), "Lan", v1::SessionAct::rehearse, "session.rehearsing");
    const auto waived = halls_[dice_.below(halls_.size())]->site();
    people.plan(at(kArm) - kSecond, "Lan", "site.waived", "waive", [waived](auto& command) {
      command.mutable_waive()->set_session_id(kSession);
      command.mutable_waive()->add_site_ids(waived);
      command.mutable_waive()->set_reason("sửa nhà");
    });
    if (!run_.ending.auto_start) {
      people.act(at(kArm), "Lan", v1::SessionAct::arm, "session.armed");
      people.act(at(kGo), "Giám đốc", v1::SessionAct::go, "session.live");
    }
    const auto chosen = halls_[dice_.below(halls_.size())]->site();
    people.plan(at(68), "Minh", "text.sent", "text", [](auto& command) {
      command.mutable_send_text()->set_session_id(kSession);
      command.mutable_send_text()->set_text("Kiểm tra loa");
    });
    for (const auto* feed : {"backup", ""})
      people.plan(at(*feed == 0 ? 84 : 72), "Minh", "feed.pinned", "pin", [chosen, feed](auto& command) {
        command.mutable_pin_feed()->add_site_ids(chosen);
        command.mutable_pin_feed()->set_feed_id(feed);
      });
    people.act(at(kEndAct), "Lan", v1::SessionAct::end, "session.ended");
    people.act(at(kClose), "Lan", v1::SessionAct::close, "session.closed");
    people.watchHelp(at(kRehearse), at(kEndAct));
    people.start();
  }

  void console() {
    scribe_.look(centre_);
    calendar_.after(kLook, [this] { console(); });
  }

  // From here on everything works.
  void calmDown() {
    run_.history.add(What::kNote, {}, {}, {}, 0, 0, 0, "the faults are over");
    centre_.store().failing(false);
    centre_.store().slow(8 * kMillisecond);
    centre_.boot();
    air_ = {};
    run_.history.add(What::kSource, {}, "main");
    for (auto& hall : halls_) {
      network_.stall(hall->site(), false);
      hall->disk().full(false);
      hall->disk().crashAt(0, false);
      hall->boot();
    }
  }

  void inCalm() {
    scribe_.look(centre_);
    auto& ending = run_.ending;
    ending.centre_up = centre_.up();
    ending.looked = calendar_.now();
    if (!centre_.up()) return;
    const auto now = centre_.clock().wall();
    const auto alarms = centre_.core()->alarms("", true);
    ending.raised_in_calm.assign(alarms.alarms().begin(), alarms.alarms().end());
    const auto sites = centre_.core()->sites(kSession, now);
    ending.sites_in_calm.assign(sites.sites().begin(), sites.sites().end());
  }

  void over() {
    auto& ending = run_.ending;
    run_.history.add(What::kEnd);
    ending.script_done = operators_.idle();
    for (auto& hall : halls_) ending.unsent[hall->site()] = hall->unsent();
    ending.ledger = centre_.store().records();
    ending.timeline = centre_.store().timeline();
    if (!centre_.up()) return;
    if (auto report = centre_.core()->report(kSession, centre_.clock().wall()))
      ending.report = std::move(*report);
  }

  RunOptions options_;
  Calendar& calendar_;
  Run& run_;
  Dice dice_;
  Scribe scribe_;
  Air air_;
  Network network_;
  Centre centre_;
  std::vector<std::unique_ptr<Hall>> halls_;
  Operators operators_;
  Clerks clerks_;
};

}  // namespace

std::unique_ptr<Run> play(const RunOptions& options) {
  Calendar calendar;
  auto run = std::make_unique<Run>(calendar);
  World world(options, calendar, *run);
  world.play();
  return run;
}

}  // namespace diemcau::sim
