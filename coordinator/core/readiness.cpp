// See readiness.hpp.
#include "coordinator/core/readiness.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace diemcau::core {
namespace {

bool byTechnician(v1::Check::Kind kind) {
  return kind >= v1::Check::screen;
}

const v1::Check* find(const v1::Readiness& readiness, v1::Check::Kind kind) {
  for (const auto& check : readiness.checks())
    if (check.kind() == kind) return &check;
  return nullptr;
}

v1::Check& put(v1::Readiness& readiness, const v1::Check& check) {
  for (auto& known : *readiness.mutable_checks())
    if (known.kind() == check.kind()) return known = check;
  return *readiness.add_checks() = check;
}

bool sameVerdicts(const v1::Readiness& a, const v1::Readiness& b) {
  if (a.verdict() != b.verdict() || a.rehearsal() != b.rehearsal() || a.checks_size() != b.checks_size())
    return false;
  return std::all_of(a.checks().begin(), a.checks().end(), [&](const v1::Check& check) {
    const auto* other = find(b, check.kind());
    return other != nullptr && other->verdict() == check.verdict();
  });
}

bool sameText(const v1::Text& a, const v1::Text& b) {
  return a.vi() == b.vi() && a.en() == b.en();
}

bool sameCheck(const v1::Check& a, const v1::Check& b) {
  return a.kind() == b.kind() && a.verdict() == b.verdict() && a.at_us() == b.at_us() && a.by() == b.by() &&
         a.has_reason() == b.has_reason() && sameText(a.reason(), b.reason());
}

void sortChecks(v1::Readiness& readiness) {
  std::sort(readiness.mutable_checks()->begin(), readiness.mutable_checks()->end(),
            [](const v1::Check& a, const v1::Check& b) { return a.kind() < b.kind(); });
}

// The site's own verdict, unless a check contradicts it.
void conclude(v1::Readiness& readiness) {
  if (std::any_of(readiness.checks().begin(), readiness.checks().end(),
                  [](const v1::Check& check) { return check.verdict() == v1::Check::failed; }))
    readiness.set_verdict(v1::Readiness::not_ready);
}

}  // namespace

bool sameReadiness(const v1::Readiness& a, const v1::Readiness& b) {
  return a.session_id() == b.session_id() && a.rehearsal() == b.rehearsal() && a.verdict() == b.verdict() &&
         a.at_us() == b.at_us() &&
         std::equal(a.checks().begin(), a.checks().end(), b.checks().begin(), b.checks().end(), sameCheck);
}

bool mergeReadiness(v1::Readiness& known, const v1::Readiness& told) {
  v1::Readiness merged = told;
  for (const auto& check : known.checks()) {
    if (!byTechnician(check.kind()) || check.verdict() == v1::Check::not_run) continue;
    const auto* newer = find(told, check.kind());
    if (newer != nullptr && newer->verdict() != v1::Check::not_run && newer->at_us() >= check.at_us())
      continue;
    put(merged, check);
  }
  conclude(merged);
  sortChecks(merged);
  const bool changed = !sameVerdicts(known, merged);
  known = std::move(merged);
  return changed;
}

bool mergeSignOff(v1::Readiness& known, const v1::Record& record) {
  const auto& sign_off = record.sign_off();
  const v1::Readiness before = known;
  for (const auto& [confirmed, kind] : {std::pair{sign_off.screen(), v1::Check::screen},
                                        std::pair{sign_off.loudspeaker(), v1::Check::loudspeaker},
                                        std::pair{sign_off.camera(), v1::Check::camera},
                                        std::pair{sign_off.microphone(), v1::Check::microphone}}) {
    if (!confirmed) continue;
    v1::Check check;
    check.set_kind(kind);
    check.set_verdict(v1::Check::ok);
    check.set_at_us(record.at_us());
    check.set_by(record.by());
    put(known, check);
  }
  sortChecks(known);
  known.set_session_id(record.session_id());
  known.set_at_us(std::max(known.at_us(), record.at_us()));
  return !sameVerdicts(before, known);
}

v1::Readiness::Verdict verdictNow(const v1::Readiness* known, const v1::Session& session, bool reachable) {
  const bool answered = known != nullptr && known->verdict() != v1::Readiness::not_checked &&
                        known->rehearsal() >= session.rehearsal();
  if (answered && (reachable || known->verdict() == v1::Readiness::not_ready)) return known->verdict();
  if (answered) return v1::Readiness::not_ready;
  return session.phase() == v1::Phase::rehearsing && reachable ? v1::Readiness::checking
                                                               : v1::Readiness::not_checked;
}

v1::Text failedChecks(const v1::Readiness& readiness) {
  v1::Text out;
  for (const auto& check : readiness.checks()) {
    if (check.verdict() != v1::Check::failed) continue;
    const auto name = checkText(check.kind());
    const auto join = [](std::string& to, const std::string& what, const std::string& why) {
      to += (to.empty() ? "" : "; ") + what + (why.empty() ? "" : ": " + why);
    };
    join(*out.mutable_vi(), name.vi(), check.reason().vi());
    join(*out.mutable_en(), name.en(), check.reason().en());
  }
  return out;
}

v1::Text checkText(v1::Check::Kind kind) {
  switch (kind) {
    case v1::Check::link:
      return text("kết nối trung tâm", "link to the centre");
    case v1::Check::clock:
      return text("đồng hồ", "clock");
    case v1::Check::main_feed:
      return text("luồng chính", "main feed");
    case v1::Check::backup_feed:
      return text("luồng dự phòng", "backup feed");
    case v1::Check::disk:
      return text("ổ đĩa", "disk");
    case v1::Check::cpu:
      return text("bộ xử lý", "processor");
    case v1::Check::version:
      return text("phiên bản phần mềm", "software version");
    case v1::Check::screen:
      return text("màn hình", "screen");
    case v1::Check::loudspeaker:
      return text("loa", "loudspeaker");
    case v1::Check::camera:
      return text("camera", "camera");
    case v1::Check::microphone:
      return text("micrô", "microphone");
    default:
      return text("kiểm tra khác", "another check");
  }
}

}  // namespace diemcau::core
