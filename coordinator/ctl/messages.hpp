// From what was typed to the messages that the API takes. Pure but for the files that an import names.
// Private to this folder.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "coordinator/ctl/arguments.hpp"
#include "diemcau/v1/command.pb.h"
#include "diemcau/v1/session.pb.h"

namespace diemcau::ctl {

// An instant as people write it: ISO, dd/MM/yyyy HH:mm[:ss], yyyy-MM-dd HH:mm, HH:mm (the next one), +15m
// from now.
Result<Micros> readWhen(const std::string& text, const std::string& zone, Micros now);

// "1280x720@25,h264,aac,500-6000kbps", in any order; each part may be left out.
Result<v1::Profile> readProfile(const std::string& text);

// Puts everything that was given into `session`, and leaves the rest alone.
Done applyEdit(const SessionArguments& edit, Micros now, v1::Session& session);
Result<v1::Session> newSession(const SessionArguments& edit, Micros now);

Result<v1::RosterImport> rosterImport(const std::vector<std::string>& files, bool dry_run);
Result<v1::SendText> sendText(const Arguments& arguments);
v1::CheckAgain checkAgain(const Arguments& arguments);
Result<v1::PinFeed> pinFeed(const Arguments& arguments);
Result<v1::EnterAttendance> enterAttendance(const Arguments& arguments);
v1::Selection selectionOf(const SelectionArguments& selection);

}  // namespace diemcau::ctl
