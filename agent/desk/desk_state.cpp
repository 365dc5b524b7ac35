// See desk_state.hpp.
#include "agent/desk/desk_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/core/words.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace diemcau::agent {
namespace {

using Json = nlohmann::ordered_json;

Json of(const google::protobuf::Message& message) {
  return Json::parse(toJson(message));
}
Json of(const v1::Text& text) {
  return {{"vi", text.vi()}, {"en", text.en()}};
}

Json session(const v1::Plan& plan, const DeskView& view, bool acting) {
  Json sittings = Json::array();
  for (const auto& sitting : plan.sittings())
    sittings.push_back(
        {{"id", sitting.id()}, {"title", sitting.title()}, {"starts_us", sitting.starts_us()}});
  const auto& waived = view.follower->assignment().own().waived_session_ids();
  const Micros start = plan.start_at_us() != 0 ? plan.start_at_us() : plan.scheduled_start_us();
  const auto status = acting ? view.follower->status(view.now) : v1::Status();
  return {{"id", plan.session_id()},
          {"title", plan.title()},
          {"phase", v1::Phase::Name_Name(plan.phase())},
          {"time_zone", plan.time_zone().empty() ? "Asia/Ho_Chi_Minh" : plan.time_zone()},
          {"scheduled_start_us", plan.scheduled_start_us()},
          {"start_at_us", plan.start_at_us()},
          {"starts_in_us", start - view.now.coordinator},
          {"started_us", status.started_us()},
          {"auto_start", plan.auto_start()},
          {"waived", std::find(waived.begin(), waived.end(), plan.session_id()) != waived.end()},
          {"current_sitting_id", currentSitting(plan)},
          {"sittings", sittings}};
}

Json feeds(const v1::Plan& plan, const v1::Status& status, const DeskView& view) {
  Json list = Json::array();
  for (const auto& feed : plan.feeds()) {
    const auto& samples = view.follower->samples();
    const auto found = samples.find(feed.id());
    const bool measured = found != samples.end();
    bool shown = false;
    for (const auto& probe : view.follower->probes())
      shown =
          shown || (probe.setup.feed().id() == feed.id() && probe.show_at && *probe.show_at <= view.now.wall);
    list.push_back({{"id", feed.id()},
                    {"active", feed.id() == status.active_feed_id()},
                    {"shown", shown},
                    {"good", measured && goodFeed(found->second) && found->second.conditions_size() == 0},
                    {"trouble", of(measured ? feedTrouble(found->second, plan.profile()) : v1::Text())},
                    {"sample", measured ? of(found->second) : Json()}});
  }
  return list;
}

Json texts(const DeskView& view, const v1::Status& status) {
  Json list = Json::array();
  const auto& all = view.follower->assignment().own().texts();
  const auto& received = status.received_text_ids();
  for (auto text = all.rbegin(); text != all.rend(); ++text)
    list.push_back({{"id", text->id()},
                    {"text", text->text()},
                    {"by", text->by()},
                    {"at_us", text->at_us()},
                    {"answers", text->answers_record_id()},
                    {"received", std::find(received.begin(), received.end(), text->id()) != received.end()}});
  return list;
}

// Who at the centre has seen a call for help: null until somebody has; a centre of an older version names
// nobody.
Json seenBy(const v1::OwnPart& own, const std::string& id) {
  for (const auto& seen : own.seen_help())
    if (seen.record_id() == id) return {{"by", seen.by()}, {"at_us", seen.at_us()}};
  return {};
}

Json help(const DeskView& view, const std::string& session_id) {
  Json list = Json::array();
  const auto& own = view.follower->assignment().own();
  const auto& seen = own.seen_help_ids();
  auto calls = view.book->help(session_id);
  std::reverse(calls.begin(), calls.end());
  for (const auto* record : calls)
    list.push_back({{"id", record->id()},
                    {"topic", v1::HelpRequest::Topic_Name(record->help().topic())},
                    {"text", record->help().text()},
                    {"by", record->by()},
                    {"at_us", record->at_us()},
                    {"sent", record->number() <= view.acked},
                    {"seen", std::find(seen.begin(), seen.end(), record->id()) != seen.end()},
                    {"seen_by", seenBy(own, record->id())}});
  return list;
}

Json signOff(const DeskView& view, const std::string& session_id) {
  const auto* record = view.book->signOff(session_id);
  if (record == nullptr) return {};
  return {{"by", record->by()}, {"at_us", record->at_us()}, {"sign_off", of(record->sign_off())}};
}

Json entry(const v1::Record& record) {
  Json out{{"id", record.id()}, {"by", record.by()}, {"at_us", record.at_us()}};
  if (record.has_headcount()) out["headcount"] = of(record.headcount());
  if (record.has_check_in()) {
    out["delegate_id"] = record.check_in().delegate_id();
    out["state"] = v1::Presence::State_Name(record.check_in().state());
  }
  return out;
}

// What was entered last, by whoever: to be seen on every device, and undone.
Json recent(const DeskView& view, const std::string& session_id, const std::string& sitting) {
  constexpr std::size_t kShown = 12;
  Json list = Json::array();
  for (const auto& change : view.book->changes(session_id, sitting, kShown)) {
    auto one = entry(*change.now);
    one["corrects"] = !change.now->corrects_id().empty();
    one["can_undo"] = change.before != nullptr || !change.now->has_headcount();
    list.push_back(std::move(one));
  }
  return list;
}

Json attendance(const DeskView& view, const v1::Plan& plan, const std::string& sitting) {
  const auto* count = view.book->headcount(plan.session_id(), sitting);
  Json headcount;
  if (count != nullptr)
    headcount = {{"present", count->headcount().present()},
                 {"online", count->headcount().online()},
                 {"excused", count->headcount().excused()},
                 {"absent", count->headcount().absent()},
                 {"note", count->headcount().note()}};
  return {
      {"session_id", plan.session_id()},
      {"sitting_id", sitting},
      {"headcount", headcount},
      {"headcount_by", count == nullptr ? "" : count->by()},
      {"headcount_at_us", count == nullptr ? 0 : count->at_us()},
      {"by_name", of(view.book->byName(plan.session_id(), sitting, view.follower->assignment().roster()))},
      {"recent", recent(view, plan.session_id(), sitting)}};
}

Json delegates(const DeskView& view, const v1::Plan* plan, const std::string& sitting) {
  Json list = Json::array();
  for (const auto& delegate : view.follower->assignment().roster().delegates()) {
    const auto* record =
        plan == nullptr ? nullptr : view.book->checkIn(plan->session_id(), sitting, delegate.id());
    const auto state = record == nullptr ? v1::Presence::not_marked : record->check_in().state();
    const bool coded = plan != nullptr && view.codes != nullptr;
    list.push_back({{"id", delegate.id()},
                    {"name", delegate.name()},
                    {"unit", delegate.unit()},
                    {"title", delegate.title()},
                    {"key", fold(delegate.name() + " " + delegate.unit())},
                    {"code", coded ? view.codes->code(plan->session_id(), sitting, delegate.id()) : ""},
                    {"state", v1::Presence::State_Name(state)},
                    {"reason", record == nullptr ? "" : record->check_in().reason()},
                    {"by", record == nullptr ? "" : record->by()}});
  }
  return list;
}

// As asked, if the session has it.
std::string sittingOf(const v1::Plan* plan, std::string_view asked) {
  if (plan == nullptr) return {};
  for (const auto& sitting : plan->sittings())
    if (sitting.id() == asked) return sitting.id();
  return currentSitting(*plan);
}

Json test(const DeskView& view) {
  const auto& test = view.follower->test();
  return {{"on", test.on},
          {"shown", test.shown},
          {"left_s", test.on ? std::max<Micros>(test.until - view.now.steady, 0) / kSecond : 0},
          {"allowed", view.follower->testAllowed()},
          {"screen", view.screen},
          {"problem", of(test.problem)},
          {"sample", test.sample ? of(*test.sample) : Json()}};
}

Json machine(const Machine& machine) {
  if (!machine.known) return {};
  return {{"disk_free_mb", machine.disk_free >> 20U},
          {"late_ms", static_cast<double>(machine.late) / 1000.0}};
}

}  // namespace

std::string currentSitting(const v1::Plan& plan) {
  if (!plan.current_sitting_id().empty()) return plan.current_sitting_id();
  return plan.sittings_size() == 0 ? std::string() : plan.sittings(0).id();
}

std::string deskState(const DeskView& view, const DeskQuery& query) {
  const auto& follower = *view.follower;
  const auto status = follower.status(view.now);
  const auto* plan = follower.plan();
  const auto& roster = follower.assignment().roster();
  const auto session_id = plan == nullptr ? std::string() : plan->session_id();
  const auto sitting = sittingOf(plan, query.sitting);

  Json state;
  state["now_us"] = view.now.coordinator;
  state["version"] = view.version;
  state["site"] = {{"id", view.site_id}, {"name", roster.site_name()}, {"area", roster.area_name()}};
  state["here"] = query.here;
  state["link"] = {{"connected", follower.linkInfo().connected},
                   {"since_us", view.link_since},
                   {"problem", of(follower.linkInfo().problem)}};
  state["clock"] = {{"known", view.now.clock_known},
                    {"error_ms", static_cast<double>(view.now.error) / 1000.0},
                    {"rtt_ms", static_cast<double>(view.now.rtt) / 1000.0}};
  state["machine"] = machine(view.machine);
  state["phase"] = v1::SitePhase::Name_Name(status.phase());
  state["problem"] = of(status.problem());
  state["session"] = plan == nullptr ? Json() : session(*plan, view, true);
  state["sessions"] = Json::array();
  for (const auto& each : follower.plans()) state["sessions"].push_back(session(each, view, &each == plan));
  state["readiness"] = status.has_readiness() ? of(status.readiness()) : Json();
  state["feeds"] = plan == nullptr ? Json::array() : feeds(*plan, status, view);
  state["texts"] = texts(view, status);
  state["help"] = help(view, session_id);
  state["sign_off"] = signOff(view, session_id);
  state["test"] = test(view);
  state["attendance"] = plan == nullptr ? Json() : attendance(view, *plan, sitting);
  const auto version =
      fmt::format("{}.{}.{}.{}", roster.revision(), view.book->version(), session_id, sitting);
  state["delegates_version"] = version;
  if (query.have != version) state["delegates"] = delegates(view, plan, sitting);
  state["unsent"] = view.unsent;
  return state.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace diemcau::agent
