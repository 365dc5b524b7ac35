// See trial.hpp.
#include "tests/fleet/trial.hpp"

#include "base/text.hpp"

namespace diemcau::fleet {
namespace {

bool byPerson(v1::Check::Kind kind) {
  return kind >= v1::Check::screen;
}

}  // namespace

bool Trial::follow(const v1::Plan& plan, bool again, const SiteNow& now) {
  const bool other = readiness_.session_id() != plan.session_id();
  const bool next = plan.phase() == v1::Phase::rehearsing && readiness_.rehearsal() != plan.rehearsal();
  if (other || next || again) {
    begin(plan, now);
    return true;
  }
  if (readiness_.verdict() != v1::Readiness::checking || now.steady < done_at_) return false;
  finish(now);
  return true;
}

void Trial::begin(const v1::Plan& plan, const SiteNow& now) {
  readiness_.Clear();
  readiness_.set_session_id(plan.session_id());
  readiness_.set_rehearsal(plan.rehearsal());
  readiness_.set_verdict(v1::Readiness::checking);
  readiness_.set_at_us(now.coordinator);
  for (const auto kind : {v1::Check::link, v1::Check::clock, v1::Check::main_feed, v1::Check::backup_feed,
                          v1::Check::disk, v1::Check::cpu, v1::Check::version, v1::Check::screen,
                          v1::Check::loudspeaker, v1::Check::camera, v1::Check::microphone}) {
    if (kind == v1::Check::backup_feed && plan.feeds_size() < 2) continue;
    auto* check = readiness_.add_checks();
    check->set_kind(kind);
    if (!byPerson(kind)) check->set_verdict(v1::Check::running);
  }
  done_at_ = now.steady + behaviour_->checks_take;
}

void Trial::finish(const SiteNow& now) {
  for (auto& check : *readiness_.mutable_checks()) {
    check.set_at_us(now.coordinator);
    const Trouble* trouble = behaviour_->trouble;
    if (trouble != nullptr && trouble->check == check.kind()) {
      check.set_verdict(v1::Check::failed);
      *check.mutable_reason() = trouble->text;
    } else if (!byPerson(check.kind())) {
      check.set_verdict(v1::Check::ok);
    } else if (behaviour_->signs_off) {
      check.set_verdict(v1::Check::ok);
      check.set_by("Kỹ thuật " + site_id_);
    }
  }
  judge();
  readiness_.set_at_us(now.coordinator);
}

bool Trial::stop(const SiteNow& now) {
  if (readiness_.verdict() != v1::Readiness::checking) return false;
  for (auto& check : *readiness_.mutable_checks()) {
    if (check.verdict() != v1::Check::running) continue;
    check.set_verdict(v1::Check::not_run);
    *check.mutable_reason() =
        text("Buổi chạy thử kết thúc trước khi đo xong", "The rehearsal ended before this was measured");
    check.set_at_us(now.coordinator);
  }
  judge();
  return true;
}

void Trial::judge() {
  bool failed = false, unmeasured = false;
  for (const auto& check : readiness_.checks()) {
    failed = failed || check.verdict() == v1::Check::failed;
    unmeasured = unmeasured || (!byPerson(check.kind()) && check.verdict() != v1::Check::ok);
  }
  readiness_.set_verdict(failed       ? v1::Readiness::not_ready
                         : unmeasured ? v1::Readiness::not_checked
                                      : v1::Readiness::ready);
}

}  // namespace diemcau::fleet
