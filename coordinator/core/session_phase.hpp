// The life of a session (design chapter 6) as one table: which act leads from which phase to which. Pure.
// Nothing else in the coordinator changes a phase.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "diemcau/v1/command.pb.h"
#include "diemcau/v1/session.pb.h"

namespace diemcau::core {

// The phase after `act`; kConflict names what is possible now. closed and cancelled are final.
Result<v1::Phase::Name> transition(v1::Phase::Name phase, v1::SessionAct::Kind act);
std::vector<v1::SessionAct::Kind> possibleActs(v1::Phase::Name phase);

bool isFinal(v1::Phase::Name phase);     // closed, cancelled
bool isRunning(v1::Phase::Name phase);   // armed, live, paused: a site can be in one such session only
bool isWatched(v1::Phase::Name phase);   // running or rehearsing: alarms may be raised
bool isPlanned(v1::Phase::Name phase);   // scheduled to ended: sites have its plan
bool isLaunched(v1::Phase::Name phase);  // live, paused, ended, closed: GO was given

v1::Text phaseText(v1::Phase::Name phase);
v1::Text actText(v1::SessionAct::Kind act);

}  // namespace diemcau::core
