// See session_phase.hpp.
#include "coordinator/core/session_phase.hpp"

#include <array>

#include "base/text.hpp"

namespace diemcau::core {
namespace {

using v1::Phase;
using v1::SessionAct;

struct Step {
  Phase::Name from;
  SessionAct::Kind act;
  Phase::Name to;
};

constexpr std::array<Step, 16> kSteps{{
    {Phase::draft, SessionAct::schedule, Phase::scheduled},
    {Phase::draft, SessionAct::cancel, Phase::cancelled},
    {Phase::scheduled, SessionAct::rehearse, Phase::rehearsing},
    {Phase::scheduled, SessionAct::arm, Phase::armed},
    {Phase::scheduled, SessionAct::cancel, Phase::cancelled},
    {Phase::rehearsing, SessionAct::stop_rehearsal, Phase::scheduled},
    {Phase::rehearsing, SessionAct::arm, Phase::armed},
    {Phase::rehearsing, SessionAct::cancel, Phase::cancelled},
    {Phase::armed, SessionAct::go, Phase::live},
    {Phase::armed, SessionAct::disarm, Phase::scheduled},
    {Phase::armed, SessionAct::cancel, Phase::cancelled},
    {Phase::live, SessionAct::pause, Phase::paused},
    {Phase::live, SessionAct::end, Phase::ended},
    {Phase::paused, SessionAct::resume, Phase::live},
    {Phase::paused, SessionAct::end, Phase::ended},
    {Phase::ended, SessionAct::close, Phase::closed},
}};

}  // namespace

Result<Phase::Name> transition(Phase::Name phase, SessionAct::Kind act) {
  for (const auto& step : kSteps)
    if (step.from == phase && step.act == act) return step.to;
  v1::Text possible;
  for (const auto next : possibleActs(phase)) {
    const auto name = actText(next);
    possible.set_vi(possible.vi() + (possible.vi().empty() ? "" : ", ") + name.vi());
    possible.set_en(possible.en() + (possible.en().empty() ? "" : ", ") + name.en());
  }
  if (possible.en().empty()) possible = text("không còn thao tác nào", "nothing, this is its last phase");
  const auto what = actText(act), now = phaseText(phase);
  return fail(
      ErrorCode::kConflict,
      "cannot " + what.en() + ": the session is " + now.en() + "; possible now: " + possible.en(),
      "không thể " + what.vi() + ": phiên đang ở bước " + now.vi() + "; có thể làm: " + possible.vi());
}

std::vector<SessionAct::Kind> possibleActs(Phase::Name phase) {
  std::vector<SessionAct::Kind> acts;
  for (const auto& step : kSteps)
    if (step.from == phase) acts.push_back(step.act);
  return acts;
}

bool isFinal(Phase::Name phase) {
  return phase == Phase::closed || phase == Phase::cancelled;
}

bool isRunning(Phase::Name phase) {
  return phase == Phase::armed || phase == Phase::live || phase == Phase::paused;
}

bool isWatched(Phase::Name phase) {
  return isRunning(phase) || phase == Phase::rehearsing;
}

bool isPlanned(Phase::Name phase) {
  return phase >= Phase::scheduled && phase <= Phase::ended;
}

bool isLaunched(Phase::Name phase) {
  return phase >= Phase::live && phase <= Phase::closed;
}

v1::Text phaseText(Phase::Name phase) {
  switch (phase) {
    case Phase::draft:
      return text("bản nháp", "a draft");
    case Phase::scheduled:
      return text("đã lên lịch", "scheduled");
    case Phase::rehearsing:
      return text("đang chạy thử", "rehearsing");
    case Phase::armed:
      return text("sẵn sàng phát lệnh", "armed");
    case Phase::live:
      return text("đang diễn ra", "live");
    case Phase::paused:
      return text("tạm nghỉ", "paused");
    case Phase::ended:
      return text("đã kết thúc", "ended");
    case Phase::closed:
      return text("đã đóng", "closed");
    case Phase::cancelled:
      return text("đã huỷ", "cancelled");
    default:
      return text("không rõ", "in an unknown phase");
  }
}

v1::Text actText(SessionAct::Kind act) {
  switch (act) {
    case SessionAct::schedule:
      return text("lên lịch", "schedule");
    case SessionAct::rehearse:
      return text("chạy thử", "rehearse");
    case SessionAct::stop_rehearsal:
      return text("dừng chạy thử", "stop the rehearsal");
    case SessionAct::arm:
      return text("vào trạng thái sẵn sàng", "arm");
    case SessionAct::disarm:
      return text("bỏ trạng thái sẵn sàng", "disarm");
    case SessionAct::go:
      return text("phát lệnh bắt đầu", "give GO");
    case SessionAct::pause:
      return text("tạm nghỉ", "pause");
    case SessionAct::resume:
      return text("tiếp tục", "resume");
    case SessionAct::end:
      return text("kết thúc", "end");
    case SessionAct::close:
      return text("đóng phiên", "close");
    case SessionAct::cancel:
      return text("huỷ phiên", "cancel");
    default:
      return text("làm thao tác không rõ", "do an unknown act");
  }
}

}  // namespace diemcau::core
