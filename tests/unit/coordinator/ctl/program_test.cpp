// Whole commands, against a coordinator that answers from a table.
#include <filesystem>
#include <fstream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "coordinator/ctl/api_client.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "diemcau/v1/report.pb.h"
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/ctl/canned.hpp"

using namespace diemcau;
using namespace diemcau::ctl;
using namespace diemcau::ctl::test;

namespace {

std::string problem(int status, const std::string& more = "") {
  return R"({"type":"about:blank","title":"x","status":)" + std::to_string(status) +
         R"(,"detail":"in English","detail_vi":"bằng tiếng Việt","code":"x")" + more + "}";
}

struct TempFile {
  explicit TempFile(const std::string& name, const std::string& content)
      : path((std::filesystem::temp_directory_path() / name).string()) {
    std::ofstream(path) << content;
  }
  ~TempFile() { std::filesystem::remove(path); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  std::string path;
};

}  // namespace

TEST_CASE("exit codes tell a script what happened") {
  CannedCoordinator at;
  struct Row {
    int status, code;
  };
  for (const Row& row : {Row{409, 1}, Row{400, 1}, Row{403, 1}, Row{413, 1}, Row{422, 1}, Row{500, 1},
                         Row{404, 2}, Row{503, 75}}) {
    INFO(row.status);
    at.answer("POST /api/v1/sessions/p1/arm", problem(row.status), row.status);
    const Ran ran = shell(at, {"session", "arm", "p1"});
    CHECK(ran.code == row.code);
    CHECK(has(ran.err, "bằng tiếng Việt"));
    CHECK(ran.out.empty());
    const Ran english = shell(at, {"session", "arm", "p1", "--lang", "en"});
    CHECK(english.code == row.code);
    CHECK(has(english.err, "in English"));
    const Ran json = shell(at, {"session", "arm", "p1", "--json"});
    CHECK(json.code == row.code);
    CHECK(has(json.out, "\"status\":" + std::to_string(row.status)));
  }
}

TEST_CASE("a coordinator that is not there is 69, and a wrong command 64") {
  std::string dead;
  { dead = CannedCoordinator().url(); }
  const Ran gone = shell({"session", "list", "--url", dead});
  CHECK(gone.code == 69);
  CHECK(has(gone.err, dead));
  CHECK(has(gone.err, "--url"));
  for (const std::vector<std::string>& words : {std::vector<std::string>{"session"},
                                                {"no-such-thing"},
                                                {"session", "go"},
                                                {"session", "list", "--no-such-option"},
                                                {"session", "new", "--title", "x"},
                                                {"roster", "export", "everything"},
                                                {"site", "list", "--state", "tired"},
                                                {"session", "list", "--lang", "fr"},
                                                {"session", "list", "--url", "nowhere"},
                                                {"roster", "import", "/no/such/file.csv"},
                                                {"session", "new", "--title", "x", "--start", "never"},
                                                {"site", "message", "hello"},
                                                {"completion", "tcsh"}}) {
    INFO(words.back());
    const Ran ran = shell(words);
    CHECK(ran.code == 64);
    CHECK_FALSE(ran.err.empty());
  }
}

TEST_CASE("help, version and completion need no coordinator") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--help"}, {"session", "--help"}, {"session", "new", "--help"}}) {
    const Ran ran = shell(words);
    CHECK(ran.code == 0);
    CHECK(has(ran.out, "Cách dùng"));
  }
  const Ran root = shell({"--help", "--lang", "en"});
  for (const char* code : {"64 usage", "69 coordinator", "75 not now", "2 not found", "1 refused"})
    CHECK(has(root.out, code));
  CHECK(has(shell({"--help"}, {{"LANG", "en_US.UTF-8"}}).out, "Examples:"));
  CHECK(has(shell({"--help"}, {{"LANG", "vi_VN.UTF-8"}}).out, "Ví dụ:"));
  CHECK(has(shell({"--version"}).out, "diemcau "));
  for (const char* name : {"bash", "zsh", "fish"}) {
    INFO(name);
    const Ran ran = shell({"completion", name});
    CHECK(ran.code == 0);
    for (const char* word : {"stop-rehearsal", "--passphrase-file", "timeline", "--dry-run", "--once"})
      CHECK(has(ran.out, word));
  }
}

TEST_CASE("commands carry who acts, and the right body to the right place") {
  CannedCoordinator at;
  v1::CommandReply reply;
  reply.set_sites(3);
  reply.mutable_session()->set_id("p1");
  reply.mutable_session()->set_time_zone("Asia/Ho_Chi_Minh");
  reply.mutable_session()->set_start_at_us(1'772'326'800'000'000);
  *reply.add_warnings() = text("2 điểm cầu chưa sẵn sàng", "2 sites are not ready");
  for (const char* what :
       {"POST /api/v1/sessions/p1/go", "POST /api/v1/sessions/p1/stop_rehearsal",
        "POST /api/v1/sessions/p1/waive", "POST /api/v1/texts", "POST /api/v1/sites/pin",
        "POST /api/v1/sites/check", "POST /api/v1/alarms/a1/ack", "POST /api/v1/sessions/p1/attendance"}) {
    at.answer(what, reply);
  }
  const auto sent = [&](google::protobuf::Message& message) { REQUIRE(readJson(at.last().body, message)); };

  const Ran go = shell(at, {"session", "go", "p1", "--lead-ms", "2500", "--reason", "đúng giờ"});
  CHECK(go.code == 0);
  CHECK(has(go.out, "01/03/2026 08:00:00"));
  CHECK(has(go.err, "2 điểm cầu chưa sẵn sàng"));
  CHECK(at.last().headers["x-diemcau-actor"] == "Trần Thị Lan");
  v1::SessionAct act;
  sent(act);
  CHECK(act.kind() == v1::SessionAct::go);
  CHECK(act.lead_ms() == 2500);
  CHECK(act.reason() == "đúng giờ");

  CHECK(shell(at, {"session", "stop-rehearsal", "p1"}).code == 0);

  CHECK(shell(at, {"session", "waive", "p1", "s1", "s2", "--reason", "mất điện"}).code == 0);
  v1::WaiveSites waive;
  sent(waive);
  CHECK(waive.site_ids_size() == 2);

  CHECK(shell(at, {"site", "message", "--area", "q1", "--tag", "vip", "Kiểm tra micro"}).code == 0);
  v1::SendText message;
  sent(message);
  CHECK(message.text() == "Kiểm tra micro");
  CHECK(message.selection().area_ids(0) == "q1");

  CHECK(shell(at, {"site", "pin", "s1", "s2", "--feed", "backup"}).code == 0);
  v1::PinFeed pin;
  sent(pin);
  CHECK(pin.feed_id() == "backup");

  CHECK(shell(at, {"site", "check", "p1", "s1", "s2"}).code == 0);
  v1::CheckAgain again;
  sent(again);
  CHECK(again.session_id() == "p1");
  CHECK(again.site_ids_size() == 2);

  CHECK(shell(at, {"alarm", "ack", "a1", "--note", "đang xử lý"}).code == 0);
  v1::AckAlarm ack;
  sent(ack);
  CHECK(ack.note() == "đang xử lý");

  CHECK(shell(at, {"attendance", "enter", "p1", "s1", "--present", "62", "--absent", "3"}).code == 0);
  v1::EnterAttendance enter;
  sent(enter);
  CHECK(enter.headcount().present() == 62);
  CHECK(enter.site_id() == "s1");
}

TEST_CASE("a new session is created, scheduled, and its id is all that is printed") {
  CannedCoordinator at;
  v1::CommandReply reply;
  reply.mutable_session()->set_id("giao-ban");
  reply.set_sites(3);
  at.answer("POST /api/v1/sessions", toJson(reply), 201);
  at.answer("POST /api/v1/sessions/giao-ban/schedule", reply);
  const std::vector<std::string> words{"session", "new",        "--title", "Giao ban",    "--start",
                                       "+30m",    "--everyone", "--feed",  "main=test://"};
  const Ran ran = shell(at, words);
  CHECK(ran.code == 0);
  CHECK(ran.out == "giao-ban\n");
  CHECK(at.asked().size() == 2);
  auto draft = words;
  draft.push_back("--draft");
  CHECK(shell(at, draft).out == "giao-ban\n");
  CHECK(at.asked().size() == 3);
  at.answer("POST /api/v1/sessions/giao-ban/schedule", problem(409), 409);
  const Ran refused = shell(at, words);
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "giao-ban"));
  CHECK(refused.out.empty());
}

TEST_CASE("an update sends the whole session back, with the change in it") {
  CannedCoordinator at;
  v1::SessionView view;
  view.mutable_session()->set_id("p1");
  view.mutable_session()->set_title("cũ");
  view.mutable_session()->set_arm_lead_s(120);
  at.answer("GET /api/v1/sessions/p1", view);
  at.answer("PUT /api/v1/sessions/p1", v1::CommandReply());
  CHECK(shell(at, {"session", "update", "p1", "--title", "mới", "--no-auto-start"}).code == 0);
  v1::Session sent;
  REQUIRE(readJson(at.last().body, sent));
  CHECK(sent.title() == "mới");
  CHECK(sent.arm_lead_s() == 120);
}

TEST_CASE("an import tells every problem where an editor finds it") {
  CannedCoordinator at;
  const TempFile sites("diemcau-ctl-sites.csv", "site_id,area_id,name\n,q1,x\n");
  v1::RosterImportReport report;
  report.set_problems_total(2);
  auto& first = *report.add_problems();
  first.set_file("sites.csv");
  first.set_line(2);
  first.set_column(1);
  first.set_field("site_id");
  *first.mutable_reason() = text("thiếu mã", "the id is missing");
  auto& second = *report.add_problems();
  second.set_file("sites.csv");
  second.set_line(9);
  *second.mutable_reason() = text("không phải UTF-8", "not UTF-8");
  at.answer("POST /api/v1/roster/import", problem(422, R"(,"import_report":)" + toJson(report)), 422);
  const Ran refused = shell(at, {"roster", "import", sites.path});
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "sites.csv:2:1: thiếu mã (site_id)"));
  CHECK(has(refused.err, "sites.csv:9: không phải UTF-8"));
  v1::RosterImport sent;
  REQUIRE(readJson(at.last().body, sent));
  CHECK(sent.files(0).content() == "site_id,area_id,name\n,q1,x\n");
  CHECK(sent.files(0).name() == "diemcau-ctl-sites.csv");

  v1::CommandReply good;
  good.mutable_import_report()->set_applied(true);
  good.mutable_import_report()->set_sites(766);
  good.mutable_import_report()->set_delegates(52000);
  at.answer("POST /api/v1/roster/import", good);
  const Ran done = shell(at, {"roster", "import", sites.path});
  CHECK(done.code == 0);
  CHECK(has(done.out, "766 điểm cầu, 52.000 đại biểu"));
  // A dry run that found something is not a success for a script.
  v1::CommandReply dry;
  *dry.mutable_import_report() = report;
  at.answer("POST /api/v1/roster/import", dry);
  CHECK(shell(at, {"roster", "import", "--dry-run", sites.path}).code == 1);
}

TEST_CASE("what is read can be read by people and by programs") {
  CannedCoordinator at;
  const v1::ViewUpdate view = city(40, v1::Phase::live);
  v1::SiteList sites;
  *sites.mutable_sites() = view.sites();
  v1::AlarmList alarms;
  *alarms.mutable_alarms() = view.alarms();
  v1::SessionList sessions;
  *sessions.add_sessions() = view.sessions(0).session();
  v1::SittingAttendance sitting;
  sitting.set_sitting_id("sang");
  sitting.mutable_total()->set_present(2480);
  auto& one = *sitting.add_by_site();
  one.set_site_id("s1000");
  one.set_reported(true);
  one.set_differs(true);
  one.mutable_counted()->set_present(62);
  v1::Timeline timeline;
  *timeline.add_entries()->mutable_text() = text("phát lệnh", "GO");
  at.answer("GET /api/v1/roster", rosterJson(cityRoster(40)));
  at.answer("GET /api/v1/sites", sites);
  at.answer("GET /api/v1/sites/s1011", view.sites(11));
  at.answer("GET /api/v1/alarms", alarms);
  at.answer("GET /api/v1/sessions", sessions);
  at.answer("GET /api/v1/sessions/giao-ban-03", view.sessions(0));
  at.answer("GET /api/v1/sessions/giao-ban-03/view", view);
  at.answer("GET /api/v1/sessions/giao-ban-03/attendance", sitting);
  at.answer("GET /api/v1/sessions/giao-ban-03/timeline", timeline);
  at.answer("GET /api/v1/sessions/giao-ban-03/report", v1::SessionReport());
  at.answer("GET /api/v1/sessions/giao-ban-03/attendance.csv", "site_id,present\r\ns1000,62\r\n");
  at.answer("GET /api/v1/roster/sites.csv", "site_id\r\ns1000\r\n");
  at.answer("GET /healthz", "{\"ok\":true}");
  at.answer("GET /readyz", "{\"ok\":true}");
  struct Row {
    std::vector<std::string> words;
    const char* shows;
  };
  const Row rows[] = {{{"roster", "list"}, "Huyện Củ Chi"},
                      {{"roster", "list", "--area", "d3"}, "Hội trường phường 4"},
                      {{"site", "list"}, "40 điểm cầu"},
                      {{"site", "list", "--state", "offline"}, "mất liên lạc"},
                      {{"site", "list", "--area", "d1", "--state", "trouble"}, "1 điểm cầu"},
                      {{"site", "show", "s1011"}, "Hội trường phường 12"},
                      {{"session", "list"}, "giao-ban-03"},
                      {{"session", "show", "giao-ban-03"}, "đang phát"},
                      {{"session", "timeline", "giao-ban-03"}, "phát lệnh"},
                      {{"session", "report", "giao-ban-03"}, "Điểm danh"},
                      {{"session", "report", "giao-ban-03", "--csv"}, "site_id,outcome"},
                      {{"alarm", "list"}, "Luồng chính hình đen"},
                      {{"attendance", "show", "giao-ban-03"}, "số đếm khác điểm danh"},
                      {{"attendance", "export", "giao-ban-03"}, "s1000,62"},
                      {{"roster", "export", "sites"}, "s1000"},
                      {{"watch", "--once"}, "ĐIỂM CẦU CẦN CHÚ Ý"},
                      {{"watch", "giao-ban-03", "--once", "--width", "120", "--height", "40"}, "█▀█"},
                      {{"status"}, "39 / 40"}};
  for (const Row& row : rows) {
    INFO(row.words[0] << " " << (row.words.size() > 1 ? row.words[1] : ""));
    const Ran ran = shell(at, row.words);
    CHECK(ran.code == 0);
    CHECK(has(ran.out, row.shows));
    CHECK_FALSE(has(ran.out, "\x1b["));  // no colours where there is no terminal
  }
  CHECK(has(shell(at, {"site", "list", "--json"}).out, "\"site_id\":\"s1000\""));
  CHECK(shell(at, {"roster", "list", "--area", "nowhere"}).code == 2);
  CHECK(shell(at, {"watch", "no-such-session", "--once"}).code == 2);
  CHECK_FALSE(has(shell(at, {"alarm", "list"}).out, "a4"));
  const TempFile out("diemcau-ctl-out.csv", "");
  CHECK(shell(at, {"attendance", "export", "giao-ban-03", "-o", out.path}).code == 0);
  CHECK(std::filesystem::file_size(out.path) == 27);
}

TEST_CASE("a coordinator that is up but not ready is told as such") {
  CannedCoordinator at;
  at.answer("GET /healthz", "{}");
  at.answer("GET /readyz", problem(503), 503);
  const Ran ran = shell(at, {"status"});
  CHECK(ran.code == 75);
  CHECK(has(ran.out, "bằng tiếng Việt"));
}

TEST_CASE("an answer of a newer version is read, one that is no answer is not") {
  CannedCoordinator at;
  at.answer("GET /api/v1/sessions",
            R"({"sessions":[{"id":"p1","title":"x","a_new_field":{"y":1}}],"more":[1]})");
  CHECK(has(shell(at, {"session", "list"}).out, "p1"));
  at.answer("GET /api/v1/sessions", "<html>");
  CHECK(shell(at, {"session", "list"}).code == 1);
  at.answer("GET /api/v1/roster", R"({"areas":"no"})");
  CHECK(shell(at, {"roster", "list"}).code == 1);
}

TEST_CASE("tokens go to a file of its owner alone, or to the screen; a key is ended with a reason") {
  CannedCoordinator at;
  v1::IssuedTokens issued;
  auto* token = issued.add_tokens();
  token->set_site_id("S1");
  token->set_site_name("Hội trường, tầng 2");
  token->set_token("diemcau1.AAAA");
  token->set_expires_us(1'800'000'000'000'000);
  at.answer("POST /api/v1/sites/enrol", issued);
  const TempFile file("diemcau-ctl-tokens.csv", "");
  CHECK(shell(at, {"site", "enrol", "--all", "--out", file.path}).code == 0);
  v1::IssueTokens asked;
  REQUIRE(fromJson(at.last().body, asked));
  CHECK(asked.all());
  std::ifstream in(file.path);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  CHECK(text == "site_id,name,token\nS1,\"Hội trường, tầng 2\",diemcau1.AAAA\n");
  using std::filesystem::perms;
  CHECK((std::filesystem::status(file.path).permissions() & (perms::group_all | perms::others_all)) ==
        perms::none);
  const Ran shown = shell(at, {"site", "enrol", "S1"});
  CHECK(has(shown.out, "diemcau1.AAAA\n"));
  CHECK(shell(at, {"site", "enrol"}).code == 64);

  at.answer("POST /api/v1/sites/S1/revoke", v1::SiteIdentity());
  CHECK(shell(at, {"site", "revoke", "S1", "--reason", "mất máy"}).code == 0);
  v1::RevokeSite revoked;
  REQUIRE(fromJson(at.last().body, revoked));
  CHECK(revoked.reason() == "mất máy");
  CHECK(shell(at, {"site", "revoke", "S1"}).code == 64);
}

TEST_CASE("a fingerprint that is none is a wrong command, and nothing is asked") {
  CannedCoordinator at;
  CHECK(shell(at, {"status", "--fingerprint", "abc"}).code == 64);
  CHECK(at.asked().empty());
}
