// See operators.hpp.
#include "tests/sim/operators.hpp"

namespace diemcau::sim {
namespace {
constexpr Micros kPatience = 6 * kSecond;  // without an answer: asked again
constexpr Micros kAgain = 2 * kSecond;
}  // namespace

void Operators::plan(Micros at, std::string actor, std::string entry, std::string words,
                     std::function<void(v1::Command&)> fill) {
  script_.push_back({at, 0, std::move(actor), std::move(entry), std::move(words), std::move(fill)});
}

void Operators::act(Micros at, std::string actor, v1::SessionAct::Kind kind, std::string entry) {
  plan(at, std::move(actor), std::move(entry), v1::SessionAct::Kind_Name(kind), [kind](v1::Command& command) {
    command.mutable_act()->set_session_id(kSession);
    command.mutable_act()->set_kind(kind);
  });
}

void Operators::start() {
  next();
}

void Operators::next() {
  if (script_.empty()) return;
  calendar_.at(script_.front().at, [this] { attempt(); });
}

void Operators::ask(const Step& step, std::function<void(bool)> after) {
  v1::Command command;
  command.set_actor(step.actor);
  step.fill(command);
  centre_.command(command, [this, step, after = std::move(after)](Result<v1::CommandReply> reply) {
    if (reply)
      history_.add(What::kActTold, {}, step.actor, step.entry, step.asked, 0, 0, step.words);
    else
      history_.add(What::kNote, {}, {}, {}, 0, 0, 0, step.words + " refused: " + reply.error().text);
    // A conflict: the coordinator that died had done it already.
    after(reply.has_value() || reply.error().code == ErrorCode::kConflict);
  });
}

void Operators::attempt() {
  const auto ticket = ++tries_;
  const auto again = [this, ticket](Micros delay) {
    calendar_.after(delay, [this, ticket] {
      if (ticket == tries_) attempt();
    });
  };
  if (!centre_.up()) return again(kAgain);
  again(kPatience);
  if (script_.front().asked == 0) script_.front().asked = calendar_.now();
  ask(script_.front(), [this, ticket, again](bool done) {
    if (ticket != tries_) return;
    if (!done) return again(kAgain);
    ++tries_;
    script_.pop_front();
    next();
  });
}

void Operators::watchHelp(Micros from, Micros until) {
  calendar_.at(from, [this, until] { seeHelp(until); });
}

void Operators::seeHelp(Micros until) {
  if (calendar_.now() > until) return;
  calendar_.after(5 * kSecond, [this, until] { seeHelp(until); });
  if (!centre_.up()) return;
  const auto raised = centre_.core()->alarms("", true);
  for (const auto& alarm : raised.alarms()) {
    if (alarm.kind() != v1::Alarm::help || !alarm.acked_by().empty()) continue;
    ask({0, calendar_.now(), "Minh", "alarm.acked", "ack " + alarm.id(),
         [id = alarm.id()](v1::Command& command) { command.mutable_ack_alarm()->set_alarm_id(id); }},
        [](bool) {});
  }
}

}  // namespace diemcau::sim
