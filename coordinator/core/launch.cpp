// See launch.hpp.
#include "coordinator/core/launch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace diemcau::core {
namespace {

constexpr Micros kLeadBase = 2 * kSecond;
constexpr double kLeadRoundTrips = 4;

void settle(v1::Outcome& outcome, v1::Outcome::State state, v1::Text reason) {
  outcome.set_state(state);
  if (reason.en().empty() && reason.vi().empty())
    outcome.clear_reason();
  else
    *outcome.mutable_reason() = std::move(reason);
}

Micros slackOf(const v1::Status& status, const LaunchTimes& times) {
  return times.tolerance + std::clamp<Micros>(status.start_error_us(), 0, kSecond);
}

// A start that this launch can have caused: an older one, or one in the future, is somebody's mistake.
bool plausibleStart(const v1::Session& session, const v1::Status& status, Micros now,
                    const LaunchTimes& times) {
  const Micros started = status.started_us();
  if (started <= 0 || session.start_at_us() == 0) return false;
  const Micros slack = slackOf(status, times);
  return started >= session.start_at_us() - slack && started <= now + slack &&
         now >= session.start_at_us() - slack;
}

v1::Text lateText(Micros behind) {
  const double seconds = static_cast<double>(behind) / static_cast<double>(kSecond);
  return text(fmt::format("bắt đầu chậm {:.1f} giây", seconds),
              fmt::format("started {:.1f} s late", seconds));
}

v1::Text earlyText(Micros before) {
  const double seconds = static_cast<double>(before) / static_cast<double>(kSecond);
  return text(fmt::format("đã lên hình trước giờ chung {:.1f} giây vì đồng hồ máy sai", seconds),
              fmt::format("was on air {:.1f} s before the common instant: its clock was wrong", seconds));
}

// It began alone by a clock that was wrong, with nobody to ask, before it was ordered. It has compared clocks
// since, so the instant that it tells is true; and now that the common one has come, it is on air.
bool onAirBefore(const v1::Outcome& outcome, const v1::Session& session, const v1::Status& status,
                 Micros now) {
  return outcome.acked_us() != 0 && status.phase() == v1::SitePhase::started && status.clock().rtt_us() > 0 &&
         status.started_us() > 0 && status.started_us() < session.start_at_us() &&
         now >= session.start_at_us();
}

bool noteStart(v1::Outcome& outcome, const v1::Session& session, const v1::Status& status,
               const LaunchTimes& times) {
  if (outcome.started_us() != 0) return false;  // the first start counts
  outcome.set_started_us(status.started_us());
  outcome.set_start_error_us(std::max<Micros>(status.start_error_us(), 0));
  if (outcome.state() == v1::Outcome::waived) return true;
  const Micros behind = status.started_us() - session.start_at_us();
  if (behind <= times.tolerance)
    settle(outcome, v1::Outcome::started, behind < -slackOf(status, times) ? earlyText(-behind) : v1::Text());
  else
    settle(outcome, v1::Outcome::late, lateText(behind));
  return true;
}

v1::Text ownProblem(const v1::Status& status) {
  if (!status.problem().en().empty() || !status.problem().vi().empty()) return status.problem();
  return text("điểm cầu báo lỗi mà không nói lý do", "the site says that it failed, without a reason");
}

// The newest fault that the site's probes tell of.
v1::Text probeProblem(const v1::Status& status) {
  for (const auto& sample : status.health())
    if (!sample.problem().en().empty() || !sample.problem().vi().empty()) return sample.problem();
  return {};
}

}  // namespace

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

Micros leadFor(const std::vector<Micros>& round_trips, const LaunchTimes& times) {
  std::vector<double> values;
  values.reserve(round_trips.size());
  for (const auto rtt : round_trips)
    if (rtt > 0) values.push_back(static_cast<double>(std::min(rtt, times.most_lead)));
  const auto lead = kLeadBase + static_cast<Micros>(kLeadRoundTrips * percentile(values, 0.99));
  return std::clamp(lead, times.least_lead, times.most_lead);
}

bool noteStatus(v1::Outcome& outcome, const v1::Session& session, const v1::Status& status,
                std::uint64_t go_revision, Micros now, const LaunchTimes& times) {
  bool changed = false;
  if (outcome.simulated() != status.simulated()) outcome.set_simulated(status.simulated()), changed = true;
  if (outcome.acked_us() == 0 && go_revision != 0 && status.revision() >= go_revision) {
    outcome.set_acked_us(now);
    changed = true;
  }
  if (status.session_id() != session.id()) return changed;
  if (plausibleStart(session, status, now, times) || onAirBefore(outcome, session, status, now))
    return noteStart(outcome, session, status, times) || changed;
  if (status.phase() == v1::SitePhase::failed && outcome.started_us() == 0 && outcome.acked_us() != 0 &&
      (outcome.state() == v1::Outcome::pending || outcome.state() == v1::Outcome::late)) {
    settle(outcome, v1::Outcome::failed, ownProblem(status));
    return true;
  }
  return changed;
}

void judge(v1::Outcome& outcome, const v1::Session& session, const Link& link, v1::LinkState::Name state,
           const v1::Status* status) {
  if (outcome.state() != v1::Outcome::pending) return;
  if (state == v1::LinkState::never) {
    settle(outcome, v1::Outcome::failed, text("chưa từng kết nối", "never connected"));
    return;
  }
  if (state != v1::LinkState::online) {
    const auto since =
        formatLocalTime(link.connected || link.gone == 0 ? link.heard : link.gone, session.time_zone());
    settle(outcome, v1::Outcome::failed, text("mất kết nối từ " + since, "offline since " + since));
    return;
  }
  const bool here = status != nullptr && status->session_id() == session.id();
  if (here && status->phase() == v1::SitePhase::failed) {
    settle(outcome, v1::Outcome::failed, ownProblem(*status));
    return;
  }
  if (const auto problem = here ? probeProblem(*status) : v1::Text{};
      !problem.en().empty() || !problem.vi().empty()) {
    settle(outcome, v1::Outcome::late, text("đầu đo báo: " + problem.vi(), "probe says: " + problem.en()));
  } else if (outcome.acked_us() == 0) {
    settle(outcome, v1::Outcome::late,
           text("không trả lời: đang kết nối nhưng chưa nhận lệnh",
                "no answer: connected, but has not taken the order"));
  } else {
    settle(outcome, v1::Outcome::late,
           text("đã nhận lệnh nhưng chưa báo bắt đầu", "has the order, but has not reported a start"));
  }
}

v1::LaunchReport launchReport(const v1::Session& session, const Outcomes& outcomes,
                              const std::set<std::string, std::less<>>& connected) {
  v1::LaunchReport report;
  std::vector<double> acks, skews;
  for (const auto& [site, outcome] : outcomes) {
    report.set_sites(report.sites() + 1);
    switch (outcome.state()) {
      case v1::Outcome::started:
        report.set_started(report.started() + 1);
        break;
      case v1::Outcome::late:
        report.set_late(report.late() + 1);
        break;
      case v1::Outcome::failed:
        report.set_failed(report.failed() + 1);
        break;
      case v1::Outcome::waived:
        report.set_waived(report.waived() + 1);
        break;
      default:
        report.set_pending(report.pending() + 1);
        break;
    }
    if (outcome.acked_us() != 0 && connected.contains(site))
      acks.push_back(static_cast<double>(outcome.acked_us() - session.go_at_us()) / kMillisecond);
    if (outcome.simulated() || outcome.acked_us() == 0) continue;
    report.set_real_sites(report.real_sites() + 1);
    if (outcome.started_us() != 0)
      skews.push_back(std::abs(static_cast<double>(outcome.started_us() - session.start_at_us())) /
                      kMillisecond);
  }
  report.set_ack_p50_ms(percentile(acks, 0.5));
  report.set_ack_p99_ms(percentile(acks, 0.99));
  report.set_last_ack_ms(percentile(acks, 1));
  report.set_skew_p50_ms(percentile(skews, 0.5));
  report.set_skew_p99_ms(percentile(skews, 0.99));
  report.set_skew_max_ms(percentile(skews, 1));
  return report;
}

}  // namespace diemcau::core
