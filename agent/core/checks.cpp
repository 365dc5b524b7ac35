// See checks.hpp.
#include "agent/core/checks.hpp"

#include <fmt/format.h>

#include <array>

#include "agent/core/failover.hpp"
#include "agent/core/words.hpp"
#include "base/text.hpp"

namespace diemcau::agent {
namespace {

constexpr std::array kMeasured{v1::Check::link,        v1::Check::clock, v1::Check::main_feed,
                               v1::Check::backup_feed, v1::Check::disk,  v1::Check::cpu,
                               v1::Check::version};
constexpr std::array kByPerson{v1::Check::screen, v1::Check::loudspeaker, v1::Check::camera,
                               v1::Check::microphone};

bool byPerson(const v1::Check& check) {
  return check.kind() >= v1::Check::screen;
}

}  // namespace

void Checks::begin(const v1::Plan& plan, std::uint32_t rehearsal, const Now& now) {
  v1::Readiness fresh;
  fresh.set_session_id(plan.session_id());
  fresh.set_rehearsal(rehearsal);
  for (const auto kind : kMeasured) {
    if (kind == v1::Check::backup_feed && plan.feeds_size() < 2) continue;
    auto* check = fresh.add_checks();
    check->set_kind(kind);
    check->set_verdict(v1::Check::running);
  }
  const bool same = readiness_.session_id() == plan.session_id();
  for (const auto kind : kByPerson) {
    auto* check = fresh.add_checks();
    check->set_kind(kind);
    for (const auto& old : readiness_.checks())
      if (same && old.kind() == kind) *check = old;
  }
  readiness_ = std::move(fresh);
  resume(now);
  judge();
}

void Checks::resume(const Now& now) {
  began_ = now.steady;
  feeds_.clear();
}

void Checks::restore(const v1::Readiness& readiness) {
  readiness_ = readiness;
}
void Checks::clear() {
  readiness_.Clear();
}

void Checks::update(const Facts& facts, const Now& now) {
  if (readiness_.session_id().empty()) return;
  link(facts, now);
  clock(now);
  feed(v1::Check::main_feed, 0, facts, now);
  if (facts.plan.feeds_size() > 1) feed(v1::Check::backup_feed, 1, facts, now);
  machine(facts, now);
  judge();
}

void Checks::link(const Facts& facts, const Now& now) {
  if (facts.link.connected) {
    set(v1::Check::link, v1::Check::ok, {}, now.coordinator);
  } else if (!patient(now, kOtherPatience)) {
    auto reason = facts.link.problem;
    if (reason.vi().empty())
      reason = text("Chưa kết nối được với trung tâm: kiểm tra dây mạng, modem",
                    "The centre cannot be reached: check the network cable and the modem");
    set(v1::Check::link, v1::Check::failed, reason, now.coordinator);
  }
  if (facts.link.too_old) {
    set(v1::Check::version, v1::Check::failed,
        text("Phần mềm ở điểm cầu quá cũ: cần cập nhật", "The program at this site is too old: update it"),
        now.coordinator);
  } else if (facts.link.connected) {
    set(v1::Check::version, v1::Check::ok, {}, now.coordinator);
  } else if (!patient(now, kOtherPatience) && check(v1::Check::version).verdict() == v1::Check::running) {
    set(v1::Check::version, v1::Check::not_run,
        text("Chưa kiểm tra được vì chưa kết nối", "Not checked: not connected"), now.coordinator);
  }
}

void Checks::clock(const Now& now) {
  if (now.clock_known && now.error <= kMostClockError) {
    set(v1::Check::clock, v1::Check::ok, {}, now.coordinator);
  } else if (!patient(now, kOtherPatience)) {
    const auto reason =
        now.clock_known
            ? text(fmt::format("Đồng hồ lệch trong khoảng ±{} ms, cho phép ±50 ms: đường truyền quá chậm",
                               now.error / 1000),
                   fmt::format("The clock is known to ±{} ms only, 50 ms are allowed: the line is too slow",
                               now.error / 1000))
            : text("Chưa so được đồng hồ với trung tâm", "The clock was not compared with the centre yet");
    set(v1::Check::clock, v1::Check::failed, reason, now.coordinator);
  }
}

void Checks::feed(v1::Check::Kind kind, int index, const Facts& facts, const Now& now) {
  auto& state = feeds_[index];
  const auto& id = facts.plan.feeds_size() > index ? facts.plan.feeds(index).id() : std::string();
  const auto found = facts.samples.find(id);
  const auto* sample = found == facts.samples.end() ? nullptr : &found->second;
  const bool clear = sample != nullptr && sample->connected() && hasWhatCounts(*sample) &&
                     !sample->picture_awaited() && sample->conditions_size() == 0;
  if (clear) {
    if (state.clear_since == 0) state.clear_since = now.steady;
    state.bad_since = 0;
    if (now.steady - state.clear_since >= kFeedClearFor) set(kind, v1::Check::ok, {}, now.coordinator);
    return;
  }
  state.clear_since = 0;
  if (state.bad_since == 0) state.bad_since = now.steady;
  const bool was_ok = check(kind).verdict() == v1::Check::ok;
  // A probe that was just started knows nothing yet, whatever was seen before.
  if (patient(now, kFeedPatience) && (!was_ok || sample == nullptr || sample->conditions_size() == 0)) return;
  if (now.steady - state.bad_since < kFeedBadFor) return;
  v1::Text reason = sample != nullptr ? feedTrouble(*sample, facts.plan.profile())
                                      : text("Chưa đo được luồng phát", "The feed is not being measured yet");
  if (reason.vi().empty())
    reason = conditionText(sample->sound_alone() ? v1::Condition::no_audio : v1::Condition::no_video);
  set(kind, v1::Check::failed, reason, now.coordinator);
}

void Checks::machine(const Facts& facts, const Now& now) {
  const auto& machine = facts.machine;
  if (!machine.known) return;
  if (machine.disk_free >= kLeastDisk) {
    set(v1::Check::disk, v1::Check::ok, {}, now.coordinator);
  } else {
    set(v1::Check::disk, v1::Check::failed,
        text(fmt::format("Ổ đĩa chỉ còn {} MB: xoá bớt tệp", machine.disk_free >> 20),
             fmt::format("Only {} MB are free on the disk: delete files", machine.disk_free >> 20)),
        now.coordinator);
  }
  // Busy cores are no fault as long as whoever has work gets one in time.
  if (machine.late > kMostLate) {
    set(v1::Check::cpu, v1::Check::failed,
        text("Máy tính quá tải: đóng các chương trình khác",
             "The computer is overloaded: close other programs"),
        now.coordinator);
  } else {
    set(v1::Check::cpu, v1::Check::ok, {}, now.coordinator);
  }
}

void Checks::finish(const Now& now) {
  for (auto& item : *readiness_.mutable_checks()) {
    if (item.verdict() != v1::Check::running) continue;
    set(item.kind(), v1::Check::not_run,
        text("Buổi chạy thử kết thúc trước khi đo xong", "The rehearsal ended before this was measured"),
        now.coordinator);
  }
  judge();
}

void Checks::signOff(const std::string& session_id, const v1::SignOff& sign_off, const std::string& by,
                     Micros at) {
  if (readiness_.session_id() != session_id) {
    readiness_.Clear();
    readiness_.set_session_id(session_id);
  }
  const std::array answers{sign_off.screen(), sign_off.loudspeaker(), sign_off.camera(),
                           sign_off.microphone()};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    auto& item = check(kByPerson[i]);
    const auto verdict = answers[i] ? v1::Check::ok : v1::Check::not_run;
    if (item.verdict() == verdict) continue;
    item.set_verdict(verdict);
    item.set_at_us(at);
    item.set_by(answers[i] ? by : std::string());
  }
  judge();
}

v1::Check& Checks::check(v1::Check::Kind kind) {
  for (auto& item : *readiness_.mutable_checks())
    if (item.kind() == kind) return item;
  auto* item = readiness_.add_checks();
  item->set_kind(kind);
  return *item;
}

void Checks::set(v1::Check::Kind kind, v1::Check::Verdict verdict, v1::Text reason, Micros at) {
  auto& item = check(kind);
  if (item.verdict() != verdict) item.set_at_us(at);
  item.set_verdict(verdict);
  if (reason.vi().empty() && reason.en().empty()) {
    item.clear_reason();
  } else {
    *item.mutable_reason() = std::move(reason);
  }
}

void Checks::judge() {
  int measured = 0, ok = 0, running = 0, failed = 0;
  Micros newest = 0;
  for (const auto& item : readiness_.checks()) {
    newest = std::max(newest, Micros{item.at_us()});
    failed += item.verdict() == v1::Check::failed;
    if (byPerson(item)) continue;
    ++measured;
    ok += item.verdict() == v1::Check::ok;
    running += item.verdict() == v1::Check::running;
  }
  readiness_.set_at_us(newest);
  readiness_.set_verdict(failed != 0                       ? v1::Readiness::not_ready
                         : running != 0                    ? v1::Readiness::checking
                         : measured != 0 && ok == measured ? v1::Readiness::ready
                                                           : v1::Readiness::not_checked);
}

}  // namespace diemcau::agent
