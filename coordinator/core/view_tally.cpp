// See view_tally.hpp.
#include "coordinator/core/view_tally.hpp"

#include "coordinator/core/attendance.hpp"

namespace diemcau::core {

void tallyLink(v1::LinkState::Name link, v1::SessionView& view) {
  if (link == v1::LinkState::online) return view.set_online(view.online() + 1);
  if (link == v1::LinkState::stale) return view.set_stale(view.stale() + 1);
  view.set_offline(view.offline() + 1);
}

void tallyVerdict(v1::Readiness::Verdict verdict, v1::SessionView& view) {
  switch (verdict) {
    case v1::Readiness::ready:
      return view.set_ready(view.ready() + 1);
    case v1::Readiness::not_ready:
      return view.set_not_ready(view.not_ready() + 1);
    case v1::Readiness::checking:
      return view.set_checking(view.checking() + 1);
    default:
      return view.set_not_checked(view.not_checked() + 1);
  }
}

void tallyOutcome(v1::Outcome::State state, v1::SessionView& view) {
  switch (state) {
    case v1::Outcome::started:
      return view.set_started(view.started() + 1);
    case v1::Outcome::late:
      return view.set_late(view.late() + 1);
    case v1::Outcome::failed:
      return view.set_failed(view.failed() + 1);
    case v1::Outcome::waived:
      return view.set_waived(view.waived() + 1);
    default:
      return view.set_pending(view.pending() + 1);
  }
}

void tallyAttendance(const v1::SiteAttendance& attendance, v1::SessionView& view) {
  addTo(*view.mutable_attendance(), attendance.counted());
  view.set_checkins(view.checkins() + attendance.checkins());
  view.set_reported_sites(view.reported_sites() + attendance.reported());
}

}  // namespace diemcau::core
