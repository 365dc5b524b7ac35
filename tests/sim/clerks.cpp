// See clerks.hpp.
#include "tests/sim/clerks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/operators.hpp"

namespace diemcau::sim {
namespace {
constexpr int kTries = 4;
constexpr Micros kAgain = 4 * kSecond;
}  // namespace

std::string Clerks::recordId() {
  const auto high = dice_.next();
  return fmt::format("{:016x}{:016x}", high, dice_.next());
}

void Clerks::employ(Hall& hall, const Hours& hours, int delegates) {
  if (dice_.percent(80))
    at(dice_.between(hours.rehearsal, hours.rehearsal + 15 * kSecond), hall, recordId(),
       [](v1::Record& record) {
         auto& sign_off = *record.mutable_sign_off();
         sign_off.set_screen(true);
         sign_off.set_loudspeaker(true);
         sign_off.set_camera(true);
         sign_off.set_microphone(true);
       });
  const auto count = [this](std::uint32_t people, const std::string& corrects) {
    return [people, corrects](v1::Record& record) {
      record.mutable_headcount()->set_present(people);
      record.set_corrects_id(corrects);
    };
  };
  const auto first = recordId();
  const auto people = static_cast<std::uint32_t>(dice_.below(120));
  const Micros counted = dice_.between(hours.live, hours.until);
  at(counted, hall, first, count(people, ""));
  if (dice_.percent(30))
    at(counted + dice_.between(kSecond, 20 * kSecond), hall, recordId(), count(people + 1, first));
  for (int i = 0; i < delegates; ++i) {
    if (!dice_.percent(60)) continue;
    const auto who = fmt::format("{}-d{}", hall.site(), i);
    at(dice_.between(hours.live, hours.until), hall, recordId(), [who](v1::Record& record) {
      record.mutable_check_in()->set_delegate_id(who);
      record.mutable_check_in()->set_state(v1::Presence::present);
    });
  }
  if (dice_.percent(5))
    at(dice_.between(hours.rehearsal, hours.until), hall, recordId(),
       [](v1::Record& record) { record.mutable_help()->set_topic(v1::HelpRequest::no_sound); });
  if (dice_.percent(10))
    at(hours.late + dice_.between(0, 4 * kSecond), hall, recordId(), count(people + 2, first));
}

void Clerks::at(Micros when, Hall& hall, std::string id, Fill fill) {
  calendar_.at(when,
               [this, &hall, id = std::move(id), fill = std::move(fill)] { enter(hall, id, fill, kTries); });
}

void Clerks::enter(Hall& hall, const std::string& id, const Fill& fill, int tries) {
  bool saved = false;
  hall.atDesk([&](agent::DeskPorts& desk) {
    const auto view = desk.view();
    // Nobody enters anything for a session that the desk does not show.
    const auto& plans = view.follower->plans();
    if (std::none_of(plans.begin(), plans.end(),
                     [](const auto& plan) { return plan.session_id() == kSession; }))
      return;
    v1::Record record;
    record.set_id(id);
    record.set_session_id(kSession);
    record.set_at_us(view.now.coordinator);
    record.set_by("Hoa");
    fill(record);
    if (record.has_headcount() || record.has_check_in()) record.set_sitting_id("main");
    const auto ok = desk.append(record);
    saved = ok.has_value();
    if (saved)
      history_.add(What::kRecordSaved, hall.site(), id, {}, static_cast<std::int64_t>(record.number()));
    else
      history_.add(What::kRecordRefused, hall.site(), id, {}, 0, 0, 0, ok.error().text);
  });
  // No answer, or an error: the same person tries again, with a new entry for what is then a new act.
  if (saved || tries <= 1) return;
  const auto again = recordId();
  calendar_.after(kAgain, [this, &hall, again, fill, tries] { enter(hall, again, fill, tries - 1); });
}

}  // namespace diemcau::sim
