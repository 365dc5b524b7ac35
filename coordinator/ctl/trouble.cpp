#include "coordinator/ctl/trouble.hpp"

namespace diemcau::ctl {
namespace {

std::string withReason(const std::string& what, const std::string& reason) {
  return reason.empty() ? what : what + ": " + reason;
}

std::string failedCheck(const v1::Readiness& readiness, const Speech& speech) {
  for (const v1::Check& check : readiness.checks()) {
    if (check.verdict() == v1::Check::failed) return speech.say(check.reason());
  }
  return {};
}

std::string conditionsOf(const v1::Status& status, const Speech& speech) {
  std::string text;
  for (const v1::HealthSample& sample : status.health()) {
    if (sample.feed_id() != status.active_feed_id()) continue;
    for (const int condition : sample.conditions()) {
      if (condition == v1::Condition::none) continue;
      text += (text.empty() ? "" : ", ") + speech.word(static_cast<v1::Condition::Name>(condition));
    }
  }
  return text;
}

}  // namespace

Trouble troubleOf(const v1::SiteView& site, Micros now, const Speech& speech) {
  const v1::Status& status = site.status();
  const bool launched = site.has_outcome();
  if (site.waived()) return {0, Style::kDim, speech.say("được miễn", "waived")};
  if (launched && site.outcome().state() == v1::Outcome::failed) {
    return {
        9, Style::kBad,
        withReason(speech.say("không bắt đầu được", "did not start"), speech.say(site.outcome().reason()))};
  }
  if (status.phase() == v1::SitePhase::failed) {
    return {8, Style::kBad, withReason(speech.say("lỗi", "failed"), speech.say(status.problem()))};
  }
  if (site.link() == v1::LinkState::offline) {
    const std::string since =
        site.heard_us() == 0 || now < site.heard_us() ? "" : " " + formatSpan(now - site.heard_us());
    return {7, Style::kBad, speech.word(site.link()) + since};
  }
  if (site.link() == v1::LinkState::never) return {6, Style::kBad, speech.word(site.link())};
  if (const std::string conditions = conditionsOf(status, speech); !conditions.empty()) {
    return {5, Style::kBad, status.active_feed_id() + ": " + conditions};
  }
  if (launched && site.outcome().state() == v1::Outcome::late) {
    return {4, Style::kWarn,
            withReason(speech.say("bắt đầu muộn", "late"), speech.say(site.outcome().reason()))};
  }
  if (status.readiness().verdict() == v1::Readiness::not_ready && !launched) {
    return {3, Style::kWarn,
            withReason(speech.say("chưa sẵn sàng", "not ready"), failedCheck(status.readiness(), speech))};
  }
  if (site.link() == v1::LinkState::stale) return {2, Style::kWarn, speech.word(site.link())};
  return {};
}

}  // namespace diemcau::ctl
