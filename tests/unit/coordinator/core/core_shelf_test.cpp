// Alarms that are put aside: for a time and a reason, over a restart, over a return of the same cause; and
// what is remembered of each alarm.
#include "tests/support/catch.hpp"

#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

Result<v1::CommandReply> shelve(City& city, const std::string& alarm, Micros span,
                                const std::string& reason = "thợ đang trên đường") {
  v1::Command command;
  command.set_actor("Mai");
  command.mutable_shelve_alarm()->set_alarm_id(alarm);
  command.mutable_shelve_alarm()->set_reason(reason);
  command.mutable_shelve_alarm()->set_until_us(city.now + span);
  return city.order(std::move(command));
}

struct Faulty {
  City city;
  std::string session, site = City::siteId(1, 1);

  Faulty() {
    city.connectAll();
    session = city.live();
    fault(true);
  }
  void fault(bool on) {
    if (on)
      city.halls.at(site).faults["main"] = {v1::Condition::black};
    else
      city.halls.at(site).faults["main"].clear();
    city.pass(8 * kSecond);
  }
  v1::Alarm alarm() const {
    const auto raised = city.raised(v1::Alarm::feed);
    return raised.size() == 1 ? raised[0] : v1::Alarm();
  }
  std::vector<std::string> kinds(const std::string& id) const {
    std::vector<std::string> out;
    const auto history = city.core->alarmHistory(session);
    for (const auto& story : history.stories())
      if (story.alarm().id() == id)
        for (const auto& event : story.events()) out.push_back(event.kind() + " by " + event.actor());
    return out;
  }
};

}  // namespace

TEST_CASE("an alarm is put aside for a time and comes back by itself") {
  Faulty hall;
  const auto id = hall.alarm().id();
  REQUIRE_FALSE(id.empty());
  REQUIRE(shelve(hall.city, id, 10 * kMinute));
  CHECK(hall.alarm().shelved_by() == "Mai");
  CHECK(hall.alarm().shelve_reason() == "thợ đang trên đường");
  CHECK(hall.city.core->session(hall.session, hall.city.now)->shelved_alarms() == 1);

  hall.city.restart();
  hall.city.connectAll();
  hall.city.pass(8 * kMinute);
  CHECK(hall.alarm().id() == id);
  CHECK(hall.alarm().shelved_until_us() != 0);
  hall.city.pass(3 * kMinute);
  CHECK(hall.alarm().shelved_until_us() == 0);
  CHECK(hall.alarm().shelved_by().empty());
  CHECK(hall.city.core->session(hall.session, hall.city.now)->shelved_alarms() == 0);
  hall.fault(false);
  CHECK(hall.kinds(id) == std::vector<std::string>{"alarm.raised by system", "alarm.shelved by Mai",
                                                   "alarm.unshelved by system", "alarm.cleared by system"});
}

TEST_CASE("the same fault that comes back before the time is over is put aside too") {
  Faulty hall;
  const auto first = hall.alarm().id();
  REQUIRE(shelve(hall.city, first, 10 * kMinute));
  hall.fault(false);
  REQUIRE(hall.alarm().id().empty());
  hall.fault(true);
  CHECK(hall.alarm().id() != first);
  CHECK(hall.alarm().shelve_reason() == "thợ đang trên đường");
  SECTION("but not another hall's") {
    hall.city.halls.at(City::siteId(2, 2)).faults["main"] = {v1::Condition::black};
    hall.city.pass(8 * kSecond);
    int aside = 0;
    for (const auto& alarm : hall.city.raised(v1::Alarm::feed)) aside += alarm.shelved_until_us() != 0;
    CHECK(hall.city.raised(v1::Alarm::feed).size() == 2);
    CHECK(aside == 1);
  }
  SECTION("and not once it is over") {
    hall.fault(false);
    hall.city.pass(11 * kMinute);
    hall.fault(true);
    CHECK(hall.alarm().shelved_until_us() == 0);
  }
}

TEST_CASE("a person takes an alarm up again, acknowledges it, and the name stays") {
  Faulty hall;
  const auto id = hall.alarm().id();
  REQUIRE(shelve(hall.city, id, kMinute));
  v1::Command back;
  back.set_actor("Lan");
  back.mutable_unshelve_alarm()->set_alarm_id(id);
  REQUIRE(hall.city.order(back));
  CHECK(hall.city.order(back).error().code == ErrorCode::kConflict);
  v1::Command ack;
  ack.set_actor("Hùng");
  ack.mutable_ack_alarm()->set_alarm_id(id);
  ack.mutable_ack_alarm()->set_note("gọi đài");
  REQUIRE(hall.city.order(ack));
  hall.fault(false);
  hall.city.restart();
  const auto history = hall.city.core->alarmHistory(hall.session);
  REQUIRE(history.stories_size() == 1);
  CHECK(history.stories(0).alarm().acked_by() == "Hùng");
  CHECK(history.stories(0).alarm().ack_note() == "gọi đài");
  CHECK(hall.kinds(id) == std::vector<std::string>{"alarm.raised by system", "alarm.shelved by Mai",
                                                   "alarm.unshelved by Lan", "alarm.note by Hùng",
                                                   "alarm.acked by Hùng", "alarm.cleared by system"});
}

TEST_CASE("putting aside needs a reason, a time within a day, and an alarm that is raised") {
  Faulty hall;
  const auto id = hall.alarm().id();
  CHECK(shelve(hall.city, id, kMinute, "  ").error().code == ErrorCode::kInvalid);
  CHECK(shelve(hall.city, id, 0).error().code == ErrorCode::kInvalid);
  CHECK(shelve(hall.city, id, 25 * kHour).error().code == ErrorCode::kInvalid);
  CHECK(shelve(hall.city, "a-999", kMinute).error().code == ErrorCode::kNotFound);
  hall.fault(false);
  CHECK(shelve(hall.city, id, kMinute).error().code == ErrorCode::kConflict);
}

}  // namespace diemcau::core
