// The commands; each returns the exit code. Private to this folder.
#pragma once

#include "coordinator/ctl/context.hpp"

namespace diemcau::ctl {

int rosterImportCommand(Context& context);
int rosterList(Context& context);
int rosterExport(Context& context);

int sessionNew(Context& context);
int sessionList(Context& context);
int sessionShow(Context& context);
int sessionUpdate(Context& context);
int sessionAct(Context& context, const std::string& action);
int sessionWaive(Context& context);
int sessionReport(Context& context);
int sessionTimeline(Context& context);

int siteList(Context& context);
int siteShow(Context& context);
int siteMessage(Context& context);
int siteCheck(Context& context);
int sitePin(Context& context);
int siteEnrol(Context& context);
int siteRevoke(Context& context);

int alarmList(Context& context);
int alarmAck(Context& context);

int attendanceShow(Context& context);
int attendanceExport(Context& context);
int attendanceEnter(Context& context);

int sessionCopy(Context& context);
int sessionReplay(Context& context);
int sessionMessages(Context& context);
int templateList(Context& context);
int templateSave(Context& context);
int templateUse(Context& context);
int templateDelete(Context& context);
int siteMessages(Context& context);
int siteHistory(Context& context);
int sitePicture(Context& context);
int alarmShelve(Context& context);
int alarmUnshelve(Context& context);
int alarmHistory(Context& context);
int attendanceDelegates(Context& context);
int attendanceRemind(Context& context);
int attendanceMark(Context& context);
int feedTest(Context& context);

int storeBackup(Context& context);
int storeRestore(Context& context);

int signIn(Context& context);
int signOut(Context& context);
int whoami(Context& context);
int accountList(Context& context);
int accountAdd(Context& context);
int accountPassword(Context& context);
int accountDisable(Context& context, bool disabled);
int accountRoles(Context& context);
int accountSignOut(Context& context);
int accountTotp(Context& context);
int tokenNew(Context& context);
int tokenList(Context& context);
int tokenRevoke(Context& context);
int auditList(Context& context);
int auditVerify(Context& context);

int status(Context& context);
int watch(Context& context);

}  // namespace diemcau::ctl
