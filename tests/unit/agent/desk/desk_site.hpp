// A site in the middle of a session for the desk's tests.
#pragma once

#include "agent/core/book.hpp"
#include "agent/core/follower.hpp"
#include "agent/desk/desk.hpp"
#include "base/text.hpp"

namespace diemcau::test {

constexpr Micros kMorning = 1'772'326'800'000'000;  // 08:00 in Vietnam

struct DeskSite {
  agent::Follower follower;
  agent::Book book;
  std::uint64_t records = 0, acked = 0;
  agent::Now now{.steady = kHour,
                 .wall = kMorning,
                 .coordinator = kMorning,
                 .error = 4000,
                 .rtt = 9000,
                 .clock_known = true};
  std::vector<v1::Record> appended;
  std::optional<Error> broken;  // what append says instead
  agent::DeskCodes codes{"key of this site", "T01"};

  explicit DeskSite(v1::Phase::Name phase = v1::Phase::armed) {
    v1::Plan plan;
    plan.set_session_id("s1");
    plan.set_revision(1);
    plan.set_title("Giao ban tháng Ba");
    plan.set_phase(phase);
    plan.set_scheduled_start_us(kMorning + 10 * kMinute);
    for (const auto* sitting : {"sang", "chieu"}) plan.add_sittings()->set_id(sitting);
    for (const auto* feed : {"main", "backup"}) plan.add_feeds()->set_id(feed);
    plan.mutable_feeds(0)->set_uri("srt://10.0.0.1:9000");
    plan.mutable_feeds(0)->set_passphrase("rất bí mật 123");
    v1::Assignment assignment;
    assignment.set_revision(5);
    assignment.add_plans(plan.SerializeAsString());
    auto* roster = assignment.mutable_roster();
    roster->set_revision(2);
    roster->set_site_name("Phường Đống Đa");
    for (const auto* name : {"Nguyễn Văn An", "Đỗ Thị Hà"}) {
      auto* delegate = roster->add_delegates();
      delegate->set_id("d" + std::to_string(roster->delegates_size()));
      delegate->set_name(name);
      delegate->set_unit("Ủy ban");
    }
    auto* text = assignment.mutable_own()->add_texts();
    text->set_id("t1");
    text->set_text("<b>Kiểm tra micrô</b>");
    (void)follower.apply(assignment, now);
    follower.link({.connected = true, .too_old = false, .problem = {}}, now);
  }

  agent::DeskView view() const {
    return {.site_id = "T01",
            .version = "test",
            .now = now,
            .follower = &follower,
            .book = &book,
            .codes = &codes,
            .link_since = kMorning,
            .acked = acked,
            .unsent = static_cast<std::uint32_t>(records - acked),
            .machine = {.known = true, .disk_free = 1ULL << 33U, .late = kMillisecond},
            .screen = true};
  }
  Done append(v1::Record& record) {
    if (broken) return tl::unexpected(*broken);
    record.set_number(++records);
    book.add(record);
    appended.push_back(record);
    return {};
  }
};

}  // namespace diemcau::test
