#include "coordinator/ctl/command_tree.hpp"

#include <CLI/CLI.hpp>

#include "coordinator/ctl/commands.hpp"

namespace diemcau::ctl {
namespace {

constexpr const char* kFooterVi = R"(Ví dụ:
  diemcau roster import areas.csv sites.csv delegates.csv
  diemcau session new --title "Giao ban tháng 3" --start "01/03/2026 08:00" --everyone \
      --feed main=srt://192.0.2.10:7001 --expect 1280x720@25,h264,500-6000kbps
  diemcau session arm ID && diemcau session go ID
  diemcau watch
  source <(diemcau completion bash)

Mã thoát: 0 xong, 1 bị từ chối (trái trạng thái hoặc dữ liệu sai), 2 không tìm thấy, 64 gõ sai lệnh,
  69 không liên lạc được bộ điều phối, 75 tạm thời chưa được, hãy thử lại.
Biến môi trường: DIEMCAU_URL, DIEMCAU_FINGERPRINT, DIEMCAU_TOKEN, DIEMCAU_AS, DIEMCAU_LANG (vi, en), NO_COLOR.
)";
constexpr const char* kFooterEn = R"(Examples:
  diemcau roster import areas.csv sites.csv delegates.csv
  diemcau session new --title "March briefing" --start "01/03/2026 08:00" --everyone \
      --feed main=srt://192.0.2.10:7001 --expect 1280x720@25,h264,500-6000kbps
  diemcau session arm ID && diemcau session go ID
  diemcau watch
  source <(diemcau completion bash)

Exit codes: 0 done, 1 refused by the coordinator (state or input), 2 not found, 64 usage,
  69 coordinator not reached, 75 not now, try later.
Environment: DIEMCAU_URL, DIEMCAU_FINGERPRINT, DIEMCAU_TOKEN, DIEMCAU_AS, DIEMCAU_LANG (vi, en), NO_COLOR.
)";

}  // namespace

void buildTree(CommandLine& line, bool english) {
  TreeBuilder builder(line, english);
  builder.root();
  builder.roster();
  builder.session();
  builder.site();
  builder.alarm();
  builder.attendance();
  builder.templates();
  builder.feed();
  builder.store();
  builder.people();
  builder.others();
}

CLI::App* TreeBuilder::group(const char* name, const char* vi, const char* en) {
  CLI::App* app = line_.app->add_subcommand(name, say(vi, en));
  app->require_subcommand(1);
  return app;
}

CLI::App* TreeBuilder::leaf(CLI::App* parent, const char* name, const char* vi, const char* en,
                            std::function<int(Context&)> action, const char* example) {
  CLI::App* app = parent->add_subcommand(name, say(vi, en));
  if (example != nullptr) app->footer(say("Ví dụ:\n  ", "Example:\n  ") + example + "\n");
  app->callback([this_line = &line_, action = std::move(action)] { this_line->action = action; });
  return app;
}

CLI::Option* TreeBuilder::id(CLI::App* command, const char* name, const char* vi, const char* en) {
  return command->add_option(name, arguments_.id, say(vi, en))->required();
}

void TreeBuilder::sessionOption(CLI::App* command) {
  command->add_option("--session", arguments_.session, say("chỉ của phiên này", "of this session only"))
      ->type_name("ID");
}

void TreeBuilder::root() {
  CLI::App& app = *line_.app;
  app.name("diemcau");
  app.description(say("Điều phối hội nghị nhiều điểm cầu từ dòng lệnh.",
                      "Coordinates conferences of many halls, from the command line."));
  app.footer(english_ ? kFooterEn : kFooterVi);
  app.set_version_flag("--version", std::string("diemcau " DIEMCAU_VERSION), say("phiên bản", "the version"));
  app.set_help_flag("-h,--help", say("trợ giúp", "this help"));
  app.fallthrough();
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  if (!english_) {
    app.get_formatter()->label("Usage", "Cách dùng");
    app.get_formatter()->label("OPTIONS", "TÙY CHỌN");
    app.get_formatter()->label("Options", "Tùy chọn");
    app.get_formatter()->label("Subcommands", "Lệnh");
    app.get_formatter()->label("Subcommand", "Lệnh");
    app.get_formatter()->label("SUBCOMMAND", "LỆNH");
    app.get_formatter()->label("SUBCOMMANDS", "LỆNH");
    app.get_formatter()->label("Positionals", "Tham số");
    app.get_formatter()->label("REQUIRED", "bắt buộc");
    app.get_formatter()->label("TEXT", "CHỮ");
    app.get_formatter()->label("UINT", "SỐ");
  }
  app.add_option("--url", arguments_.url, say("địa chỉ bộ điều phối", "the coordinator's address"))
      ->type_name("URL")
      ->capture_default_str();
  app.add_option(
         "--fingerprint", arguments_.fingerprint,
         say("vân tay khóa TLS của địa chỉ https:// (SHA-256); không có thì tin các CA của hệ thống",
             "of the TLS key behind an https:// address (SHA-256); without it the system's CAs decide"))
      ->type_name("HEX");
  app.add_option("--as", arguments_.actor,
                 say("tên người thao tác, khi chưa có tài khoản", "who acts, while there are no accounts"))
      ->type_name(say("TÊN", "NAME"));
  app.add_flag("--json", arguments_.json, say("in JSON của API", "print the API's JSON"));
  app.add_option("--lang", line_.language, say("ngôn ngữ: vi, en", "language: vi, en"))
      ->check(CLI::IsMember({"vi", "en"}))
      ->type_name("");
  app.add_option("--timeout", arguments_.timeout_s, say("giây chờ trả lời", "seconds to wait for an answer"))
      ->check(CLI::Range(1, 600))
      ->type_name("S");
}

void TreeBuilder::roster() {
  CLI::App* group =
      this->group("roster", "danh sách địa bàn, điểm cầu, đại biểu", "areas, sites and delegates");
  CLI::App* import =
      leaf(group, "import", "nhập từ tệp CSV: tất cả hoặc không gì", "import CSV files: all or nothing",
           rosterImportCommand, "diemcau roster import areas.csv sites.csv delegates.csv --dry-run");
  import->add_option("files", arguments_.files, say("tệp CSV (1-8)", "CSV files (1-8)"))
      ->required()
      ->expected(1, 8)
      ->type_name(say("TỆP", "FILE"));
  import->add_flag("--dry-run", arguments_.dry_run, say("chỉ kiểm tra", "only check"));
  CLI::App* list = leaf(group, "list", "cây địa bàn; với --area: các điểm cầu",
                        "the tree of areas; with --area its sites", rosterList);
  list->add_option("--area", arguments_.area, say("địa bàn và cấp dưới", "an area and what is below it"))
      ->type_name("ID");
  CLI::App* out = leaf(group, "export", "xuất CSV", "export CSV", rosterExport,
                       "diemcau roster export sites -o sites.csv");
  out->add_option("what", arguments_.what, "areas, sites, delegates")
      ->required()
      ->check(CLI::IsMember({"areas", "sites", "delegates"}))
      ->type_name(say("LOẠI", "KIND"));
  out->add_option("-o,--output", arguments_.output, say("ghi vào tệp", "write to a file"))
      ->type_name(say("TỆP", "FILE"));
}

void TreeBuilder::selectionOptions(CLI::App* command, SelectionArguments& selection) {
  command->add_flag("--everyone", selection.everyone, say("mọi điểm cầu", "all sites"));
  // One value each time, so that what follows is not taken for another.
  command->add_option("--area", selection.areas, say("địa bàn, kể cả cấp dưới", "areas with all below"))
      ->allow_extra_args(false)
      ->type_name("ID");
  command->add_option("--tag", selection.tags, say("điểm cầu có nhãn này", "sites with this tag"))
      ->allow_extra_args(false)
      ->type_name(say("NHÃN", "TAG"));
  command->add_option("--site", selection.sites, say("điểm cầu theo mã", "sites by id"))
      ->allow_extra_args(false)
      ->type_name("ID");
  command->add_option("--name", selection.names, say("điểm cầu theo tên", "sites by name"))
      ->allow_extra_args(false)
      ->type_name(say("TÊN", "NAME"));
}

void TreeBuilder::editOptions(CLI::App* command, bool creating) {
  SessionArguments& edit = arguments_.edit;
  CLI::Option* title =
      command->add_option("--title", edit.title, say("tên phiên", "title"))->type_name(say("TÊN", "TITLE"));
  CLI::Option* start = command
                           ->add_option("--start", edit.start,
                                        say("giờ bắt đầu: 08:00, \"01/03/2026 08:00\", +15m",
                                            "start: 08:00, \"01/03/2026 08:00\", +15m"))
                           ->type_name(say("GIỜ", "TIME"));
  if (creating) {
    title->required();
    start->required();
  }
  command->add_option("--end", edit.end, say("giờ kết thúc dự kiến", "expected end"))
      ->type_name(say("GIỜ", "TIME"));
  command
      ->add_option("--zone", edit.zone,
                   say("múi giờ, mặc định Asia/Ho_Chi_Minh", "time zone, default Asia/Ho_Chi_Minh"))
      ->type_name("ZONE");
  command
      ->add_option("--feed", edit.feeds,
                   say("luồng phát, chính trước, dự phòng sau: main=srt://...",
                       "feeds, main first, then backup: main=srt://..."))
      ->allow_extra_args(false)
      ->type_name("ID=URI");
  command
      ->add_option("--passphrase-file", edit.passphrases,
                   say("tệp chứa mật khẩu SRT của luồng", "file with the SRT passphrase of a feed"))
      ->allow_extra_args(false)
      ->type_name("ID=FILE");
  command
      ->add_option(
          "--expect", edit.expect,
          say("luồng phải như thế nào: 1280x720@25,h264,500-6000kbps,mark=TÊN; video=none: chỉ có "
              "tiếng, audio=none: chỉ có hình",
              "what feeds must be: 1280x720@25,h264,500-6000kbps,mark=NAME; video=none: sound alone, "
              "audio=none: pictures alone"))
      ->type_name("PROFILE");
  command
      ->add_option("--sitting", edit.sittings,
                   say("buổi: sang=\"Buổi sáng\"", "sittings: morning=\"Morning\""))
      ->allow_extra_args(false)
      ->type_name("ID=TITLE");
  command
      ->add_option("--current-sitting", edit.current_sitting,
                   say("buổi đang điểm danh", "the sitting that attendance goes to"))
      ->type_name("ID");
  command->add_option("--notes", edit.notes, say("ghi chú cho người điều hành", "notes for the operators"))
      ->type_name(say("GHI CHÚ", "NOTES"));
  command
      ->add_option("--document", edit.documents,
                   say("tài liệu: \"Chương trình\"=https://...", "documents: \"Agenda\"=https://..."))
      ->allow_extra_args(false)
      ->type_name("TITLE=URL");
  command->add_flag("--auto-start,!--no-auto-start", edit.auto_start,
                    say("tự chờ lệnh và phát đúng giờ", "arm and launch by itself on time"));
  command
      ->add_option("--arm-lead", edit.arm_lead,
                   say("giây từ chờ lệnh tới bắt đầu, 10-3600", "seconds from armed to start, 10-3600"))
      ->type_name("S");
  command
      ->add_option("--rehearse-lead", edit.rehearse_leads,
                   say("tự chạy thử trước giờ bắt đầu bao nhiêu giây",
                       "automatic rehearsals, seconds before the start"))
      ->allow_extra_args(false)
      ->type_name("S");
  selectionOptions(command, edit.selection);
}

void TreeBuilder::session() {
  CLI::App* group = this->group("session", "các phiên hội nghị", "sessions");
  CLI::App* create = leaf(
      group, "new", "tạo và lên lịch một phiên; in ra mã phiên", "make and schedule a session; prints its id",
      sessionNew, "diemcau session new --title \"Giao ban\" --start +30m --everyone --feed main=test://");
  editOptions(create, true);
  create->add_flag("--draft", arguments_.draft, say("chỉ tạo bản nháp", "keep it a draft"));
  leaf(group, "list", "mọi phiên", "all sessions", sessionList);
  id(leaf(group, "show", "một phiên và số liệu của nó", "one session and its counts", sessionShow), "id",
     "mã phiên", "session id");
  CLI::App* update =
      leaf(group, "update", "sửa những gì được ghi, giữ phần còn lại", "change what is given, keep the rest",
           sessionUpdate, "diemcau session update ID --start 09:00 --feed main=srt://192.0.2.10:7001");
  id(update, "id", "mã phiên", "session id");
  editOptions(update, false);
  struct Act {
    const char *name, *path, *vi, *en;
  };
  for (const Act& act :
       {Act{"schedule", "schedule", "lên lịch bản nháp", "schedule a draft"},
        Act{"rehearse", "rehearse", "chạy thử", "rehearse"},
        Act{"stop-rehearsal", "stop_rehearsal", "dừng chạy thử", "stop the rehearsal"},
        Act{"arm", "arm", "vào chế độ chờ phát lệnh", "get ready for GO"},
        Act{"disarm", "disarm", "thôi chờ phát lệnh", "stand down"},
        Act{"go", "go", "PHÁT LỆNH: mọi điểm cầu bắt đầu cùng lúc", "GO: all sites start at one instant"},
        Act{"pause", "pause", "tạm nghỉ", "a break"},
        Act{"resume", "resume", "tiếp tục", "go on after a break"}, Act{"end", "end", "kết thúc", "end"},
        Act{"close", "close", "đóng: điểm danh và báo cáo là cuối cùng",
            "close: attendance and report become final"},
        Act{"cancel", "cancel", "hủy", "cancel"}}) {
    CLI::App* command =
        leaf(group, act.name, act.vi, act.en,
             [path = std::string(act.path)](Context& context) { return sessionAct(context, path); });
    id(command, "id", "mã phiên", "session id");
    command->add_option("--reason", arguments_.reason, say("lý do, được ghi lại", "why; it is recorded"))
        ->type_name(say("LÝ DO", "REASON"));
    if (std::string(act.name) == "go") {
      command
          ->add_option("--lead-ms", arguments_.lead_ms,
                       say("mili giây từ lệnh tới lúc bắt đầu; mặc định theo đường truyền",
                           "milliseconds until the start; default from the round trips"))
          ->type_name("MS");
    }
  }
  CLI::App* waive =
      leaf(group, "waive", "bắt đầu không chờ các điểm cầu này", "start without these sites", sessionWaive);
  id(waive, "id", "mã phiên", "session id");
  waive->add_option("sites", arguments_.sites, say("mã điểm cầu", "site ids"))
      ->required()
      ->type_name(say("ĐIỂM CẦU", "SITE"));
  waive->add_option("--reason", arguments_.reason, say("lý do", "why"))
      ->required()
      ->type_name(say("LÝ DO", "REASON"));
  CLI::App* report = leaf(group, "report", "báo cáo", "the report", sessionReport);
  id(report, "id", "mã phiên", "session id");
  report->add_flag("--csv", arguments_.csv,
                   say("kết quả từng điểm cầu, dạng CSV", "the outcome of each site, as CSV"));
  id(leaf(group, "timeline", "diễn biến", "what happened", sessionTimeline), "id", "mã phiên", "session id");
  moreOfSession(group);
}

void TreeBuilder::site() {
  CLI::App* group = this->group("site", "các điểm cầu", "sites");
  CLI::App* list = leaf(group, "list", "mọi điểm cầu và tình trạng", "all sites and how they are", siteList,
                        "diemcau site list --state trouble");
  sessionOption(list);
  list->add_option("--area", arguments_.area, say("địa bàn và cấp dưới", "an area and what is below it"))
      ->type_name("ID");
  list->add_option(
          "--state", arguments_.state,
          say("online, stale, offline, never, ready, not_ready, started, late, failed, waived, trouble",
              "online, stale, offline, never, ready, not_ready, started, late, failed, waived, trouble"))
      ->check(
          CLI::IsMember({"online",      "stale", "offline", "never",      "ready",  "not_ready", "checking",
                         "not_checked", "idle",  "waiting", "rehearsing", "armed",  "starting",  "started",
                         "paused",      "ended", "pending", "late",       "failed", "waived",    "trouble"}))
      ->type_name(say("TRẠNG THÁI", "STATE"));
  id(leaf(group, "show", "một điểm cầu", "one site", siteShow), "id", "mã điểm cầu", "site id");
  CLI::App* message =
      leaf(group, "message", "gửi lời nhắn, có báo nhận", "send a text; its receipt comes back", siteMessage,
           "diemcau site message --area q1 \"Kiểm tra micro trước 7:45\"");
  sessionOption(message);
  selectionOptions(message, arguments_.selection);
  message->add_option("text", arguments_.text, say("lời nhắn", "the text"))
      ->required()
      ->type_name(say("LỜI NHẮN", "TEXT"));
  CLI::App* check = leaf(group, "check", "cho điểm cầu đo và kiểm tra lại",
                         "let sites measure and check again", siteCheck, "diemcau site check s-3 q1-01");
  id(check, "session", "mã phiên", "session id");
  check->add_option("sites", arguments_.sites, say("mã điểm cầu", "site ids"))
      ->required()
      ->type_name(say("ĐIỂM CẦU", "SITE"));
  CLI::App* pin = leaf(group, "pin", "giữ điểm cầu ở một luồng phát", "hold sites on one feed", sitePin);
  pin->add_option("sites", arguments_.sites, say("mã điểm cầu", "site ids"))
      ->required()
      ->type_name(say("ĐIỂM CẦU", "SITE"));
  pin->add_option("--feed", arguments_.feed, say("luồng", "the feed"))->type_name("ID");
  pin->add_flag("--auto", arguments_.automatic, say("để điểm cầu tự chọn lại", "let the sites choose again"));
  moreOfSite(group);
  enrolment(group);
}

void TreeBuilder::attendance() {
  CLI::App* group = this->group("attendance", "điểm danh", "attendance");
  CLI::App* show =
      leaf(group, "show", "số liệu theo địa bàn và điểm cầu", "by area and site", attendanceShow);
  id(show, "session", "mã phiên", "session id");
  show->add_option("--sitting", arguments_.sitting,
                   say("buổi; mặc định buổi đang tính", "the sitting; default the current one"))
      ->type_name("ID");
  CLI::App* out = leaf(group, "export", "xuất CSV", "export CSV", attendanceExport,
                       "diemcau attendance export ID -o diem-danh.csv");
  id(out, "session", "mã phiên", "session id");
  out->add_flag("--checkins", arguments_.checkins, say("từng đại biểu", "delegate by delegate"));
  out->add_option("-o,--output", arguments_.output, say("ghi vào tệp", "write to a file"))
      ->type_name(say("TỆP", "FILE"));
  CLI::App* enter = leaf(
      group, "enter", "nhập hoặc sửa số liệu tại trung tâm", "enter or correct at the centre",
      attendanceEnter,
      "diemcau attendance enter ID SITE --present 62 --absent 3 --corrects RECORD --reason \"ghi nhầm\"");
  id(enter, "session", "mã phiên", "session id");
  enter->add_option("site", arguments_.site, say("mã điểm cầu", "site id"))->required();
  enter->add_option("--present", arguments_.present, say("có mặt", "present"))->required()->type_name("N");
  enter->add_option("--online", arguments_.online, say("trực tuyến", "online"))->type_name("N");
  enter->add_option("--excused", arguments_.excused, say("vắng có lý do", "absent with reason"))
      ->type_name("N");
  enter->add_option("--absent", arguments_.absent, say("vắng không lý do", "absent without"))->type_name("N");
  enter
      ->add_option("--sitting", arguments_.sitting,
                   say("buổi; mặc định buổi đang tính", "the sitting; default the current one"))
      ->type_name("ID");
  enter->add_option("--note", arguments_.note, say("ghi chú", "a note"))->type_name(say("GHI CHÚ", "NOTE"));
  enter
      ->add_option("--corrects", arguments_.corrects,
                   say("bản ghi được thay", "the record that this replaces"))
      ->type_name("ID");
  enter->add_option("--reason", arguments_.reason, say("lý do sửa", "why it is corrected"))
      ->type_name(say("LÝ DO", "REASON"));
  moreOfAttendance(group);
}

void TreeBuilder::others() {
  CLI::App* watch_app = leaf(line_.app.get(), "watch", "màn hình theo dõi trực tiếp; q để thoát",
                             "a live screen; q to quit", watch);
  watch_app->add_option(
      "session", arguments_.id,
      say("mã phiên; mặc định phiên cần chú ý nhất", "session id; default the most urgent one"));
  watch_app->add_flag("--once", arguments_.once,
                      say("in một khung hình rồi thôi", "print one frame and end"));
  watch_app->add_option("--width", arguments_.width, say("số cột của khung hình", "columns of the frame"))
      ->check(CLI::Range(40, 400))
      ->type_name("N");
  watch_app->add_option("--height", arguments_.height, say("số dòng của khung hình", "lines of the frame"))
      ->check(CLI::Range(10, 200))
      ->type_name("N");
  leaf(line_.app.get(), "status", "bộ điều phối có chạy không, và các con số",
       "is the coordinator well, and the counts", status);
  CLI::App* completion = leaf(
      line_.app.get(), "completion", "kịch bản gợi ý lệnh cho bash, zsh, fish",
      "completion script for bash, zsh, fish",
      [this_line = &line_](Context& context) {
        context.out << completionScript(*this_line->app, context.arguments.what);
        return static_cast<int>(kOk);
      },
      "source <(diemcau completion bash)");
  completion->add_option("shell", arguments_.what, "bash, zsh, fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
}

}  // namespace diemcau::ctl
