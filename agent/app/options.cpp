// See options.hpp.
#include "agent/app/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string_view>

namespace diemcau::agent {
namespace {

constexpr const char* kAbout =
    "diemcau-agent: the program of one site. It follows the coordinator's assignments, measures and shows "
    "the feeds, keeps what "
    "people enter, and serves the site's desk.";
constexpr const char* kFooter = R"(Exit codes:
  0 done   1 refused by the agent or the centre   64 wrong option or token   69 nobody answers   70 internal error
  73 the data directory cannot be used   78 wrong settings)";

const std::map<std::string, v1::Presence::State> kStates{{"present", v1::Presence::present},
                                                         {"online", v1::Presence::online},
                                                         {"excused", v1::Presence::excused},
                                                         {"absent", v1::Presence::absent},
                                                         {"not_marked", v1::Presence::not_marked}};
const std::map<std::string, v1::HelpRequest::Topic> kTopics{{"no_picture", v1::HelpRequest::no_picture},
                                                            {"no_sound", v1::HelpRequest::no_sound},
                                                            {"no_connection", v1::HelpRequest::no_connection},
                                                            {"other", v1::HelpRequest::other}};

// What the flags said; the file lies between the defaults and them.
struct Flags {
  std::string config, site, coordinator, fingerprint, data, desk, probe, show, log_level;
  bool check = false;
};

// Values of the desk's subcommands before they become a record.
struct Entries {
  std::string by, note, session, sitting, reason, text, url, lang;
  std::vector<std::string> ids;
  std::string undone, test;
  bool screen = false, loudspeaker = false, camera = false, microphone = false, all = false, late = false,
       by_code = false, renew = false;
  std::uint32_t present = 0, online = 0, excused = 0, absent = 0;
  v1::Presence::State state = v1::Presence::present;
  v1::HelpRequest::Topic topic = v1::HelpRequest::other;
};

void addRunFlags(CLI::App& app, Flags& flags) {
  app.add_option("--config", flags.config, "Settings file (TOML)")->type_name("FILE");
  app.add_option("--site", flags.site, "Id of this site in the coordinator's roster");
  app.add_option("--coordinator", flags.coordinator, "wss://HOST:7600/site, as enrolled by default")
      ->type_name("URL");
  app.add_option("--fingerprint", flags.fingerprint,
                 "SHA-256 of the coordinator's TLS key, as enrolled by default")
      ->type_name("HEX");
  app.add_option("--data", flags.data, "Directory of this agent alone")->type_name("DIR");
  app.add_option("--desk", flags.desk, "Where the desk listens, 127.0.0.1:7690; port 0: any free one")
      ->type_name("HOST:PORT");
  app.add_option("--probe", flags.probe, "The probe program")->type_name("FILE");
  app.add_option("--show", flags.show, "none: never open a window; auto: if there is a screen")
      ->check(CLI::IsMember({"none", "auto"}));
  app.add_option("--log-level", flags.log_level, "trace, debug, info, warn, error");
  app.add_flag("--check-config", flags.check, "Check the settings and end");
  app.set_version_flag("--version", "diemcau-agent " DIEMCAU_VERSION);
}

void addCommon(CLI::App& sub, Entries& in, DeskCommand& desk) {
  sub.add_option("--url,--desk", in.url, "The desk, default http://127.0.0.1:7690")->type_name("URL");
  sub.add_flag("--json", desk.json, "The agent's answer as JSON");
  sub.add_option("--lang", in.lang, "vi or en")->check(CLI::IsMember({"vi", "en"}));
}

void addPerson(CLI::App& sub, Entries& in, bool required = true) {
  auto* by = sub.add_option("--by", in.by, "Your name");
  if (required) by->required();
  sub.add_option("--session", in.session, "Id of the session, if not the present one");
}

CLI::App& addAttendance(CLI::App& sub, Entries& in) {
  addPerson(sub, in);
  sub.add_option("--sitting", in.sitting, "Id of the sitting, if not the present one");
  return sub;
}

using Kind = DeskCommand::Kind;

std::map<Kind, CLI::App*> addDesk(CLI::App& desk_app, Entries& in, DeskCommand& desk) {
  std::map<Kind, CLI::App*> subs;
  const auto add = [&](Kind kind, const char* name, const char* about) -> CLI::App& {
    auto* sub = desk_app.add_subcommand(name, about);
    addCommon(*sub, in, desk);
    subs[kind] = sub;
    return *sub;
  };
  add(Kind::kStatus, "status", "Connection, session, readiness, feeds, attendance");
  auto& confirm =
      add(Kind::kConfirm, "confirm", "The technician's confirmation; what is not named is not confirmed");
  addPerson(confirm, in);
  confirm.add_flag("--screen", in.screen, "Screen and projector are on and clear");
  confirm.add_flag("--loudspeaker", in.loudspeaker, "Loudspeakers can be heard in the hall");
  confirm.add_flag("--camera", in.camera, "The camera shows the hall");
  confirm.add_flag("--microphone", in.microphone, "The microphone was tested");
  confirm.add_flag("--all", in.all, "All four");
  confirm.add_option("--note", in.note, "At most 500 characters");

  auto& count = addAttendance(
      add(Kind::kHeadcount, "headcount", "How many are in the hall; replaces the count before"), in);
  count.add_option("--present", in.present, "Present in the hall")->required();
  count.add_option("--online", in.online, "Present online");
  count.add_option("--excused", in.excused, "Absent with reason");
  count.add_option("--absent", in.absent, "Absent without");
  count.add_option("--note", in.note, "At most 500 characters");

  auto& check_in = addAttendance(add(Kind::kCheckIn, "checkin", "Check delegates in by their ids"), in);
  check_in.add_option("ids", in.ids, "Ids of delegates")->required();
  check_in.add_option("--state", in.state, "present (default), online, excused, absent, not_marked")
      ->transform(CLI::CheckedTransformer(kStates));
  check_in.add_option("--reason", in.reason, "Why excused");
  check_in.add_flag("--late-entry", in.late, "Entered later, from a paper list");
  check_in.add_flag("--codes", in.by_code, "The ids are codes from delegates' QR");

  auto& undo =
      add(Kind::kUndo, "undo", "Take back a headcount or check-in that counts now; both stay recorded");
  undo.add_option("id", in.undone, "Id of its record, as `desk status` shows it")->required();
  undo.add_option("--by", in.by, "Your name")->required();

  auto& help = add(Kind::kHelp, "help", "Call the centre for help");
  help.add_option("topic", in.topic, "no_picture, no_sound, no_connection, other")
      ->required()
      ->transform(CLI::CheckedTransformer(kTopics));
  addPerson(help, in, false);
  help.add_option("--text", in.text, "At most 500 characters");

  auto& messages = add(Kind::kMessages, "messages", "Texts from the centre");
  messages.add_option("--received", in.ids, "Ids of texts that were read");
  messages.add_flag("--received-all", in.all, "All were read");

  auto& test = add(Kind::kTest, "test", "Test picture and tone on the hall's screen and loudspeakers");
  test.add_option("what", in.test, "on, off")->required()->check(CLI::IsMember({"on", "off"}));
  auto& pin = add(Kind::kPin, "pin", "The PIN and QR that let other devices of the hall in");
  pin.add_flag("--new", in.renew, "Make a new one; devices that are in have to enter it");
  desk_app.require_subcommand(1);
  return subs;
}

void makeRecord(const Entries& in, DeskCommand& desk) {
  auto& record = desk.record;
  record.set_by(in.by);
  record.set_session_id(in.session);
  record.set_sitting_id(in.sitting);
  switch (desk.kind) {
    case Kind::kConfirm: {
      auto* sign_off = record.mutable_sign_off();
      sign_off->set_screen(in.screen || in.all);
      sign_off->set_loudspeaker(in.loudspeaker || in.all);
      sign_off->set_camera(in.camera || in.all);
      sign_off->set_microphone(in.microphone || in.all);
      sign_off->set_note(in.note);
      break;
    }
    case Kind::kHeadcount: {
      auto* count = record.mutable_headcount();
      count->set_present(in.present);
      count->set_online(in.online);
      count->set_excused(in.excused);
      count->set_absent(in.absent);
      count->set_note(in.note);
      break;
    }
    case Kind::kCheckIn: {
      auto* check_in = record.mutable_check_in();
      check_in->set_state(in.state);
      check_in->set_reason(in.reason);
      check_in->set_late_entry(in.late);
      break;
    }
    case Kind::kHelp:
      record.mutable_help()->set_topic(in.topic);
      record.mutable_help()->set_text(in.text);
      break;
    case Kind::kUndo:
      record.set_corrects_id(in.undone);
      break;
    case Kind::kTest:
      desk.on = in.test == "on";
      break;
    case Kind::kStatus:
    case Kind::kMessages:
    case Kind::kPin:
      break;
  }
  desk.by_code = in.by_code;
  desk.renew = in.renew;
}

Parsed ended(int code, std::string output) {
  Parsed parsed;
  parsed.code = code;
  parsed.output = std::move(output);
  return parsed;
}

void overlay(const Flags& flags, AgentSettings& settings) {
  const auto take = [](const std::string& flag, std::string& target) {
    if (!flag.empty()) target = flag;
  };
  take(flags.site, settings.site.id);
  take(flags.coordinator, settings.coordinator.url);
  take(flags.fingerprint, settings.coordinator.fingerprint);
  take(flags.data, settings.data.dir);
  take(flags.desk, settings.desk.listen);
  take(flags.probe, settings.probe.program);
  take(flags.show, settings.probe.show);
  take(flags.log_level, settings.log.level);
}

Done loadSettings(const Flags& flags, AgentSettings& settings) {
  if (!flags.config.empty()) {
    const auto text = readFile(flags.config);
    if (!text) return tl::unexpected(text.error());
    if (auto ok = readSettings(*text, flags.config, settings); !ok) return ok;
  }
  overlay(flags, settings);
  return {};
}

// The desk's address: --url, else the settings'. A bare HOST:PORT is completed.
Done deskUrl(const Flags& flags, std::string url, DeskCommand& desk) {
  if (url.empty()) {
    AgentSettings settings;
    if (auto ok = loadSettings(flags, settings); !ok) return ok;
    url = settings.desk.listen;
    // Where other devices may come in too, it is on loopback all the same.
    if (const auto listen = parseListen(url); listen && !listen->loopback())
      url = fmt::format("127.0.0.1:{}", listen->port);
  }
  if (!url.starts_with("http://")) url = "http://" + url;
  while (url.ends_with('/')) url.pop_back();
  desk.url = url;
  return {};
}

bool wantsEnglish(const std::string& lang) {
  if (!lang.empty()) return lang == "en";
  const char* locale = std::getenv("LANG");
  return locale != nullptr && std::string_view(locale).starts_with("en");
}

}  // namespace

Parsed parseOptions(int argc, const char* const* argv) {
  Flags flags;
  Entries in;
  Parsed parsed;
  CLI::App app(kAbout, "diemcau-agent");
  app.footer(kFooter);
  addRunFlags(app, flags);
  auto* run = app.add_subcommand("run", "Run the agent (the default)");
  run->fallthrough();
  auto* enrol_app =
      app.add_subcommand("enrol", "Make this site's key and take it to the centre, with a token from there");
  enrol_app->fallthrough();
  enrol_app->add_option("token", parsed.token, "From `diemcau site enrol SITE`; -: from standard input")
      ->required();
  auto* desk_app = app.add_subcommand("desk", "Speak with the desk of the agent on this computer");
  const auto subs = addDesk(*desk_app, in, parsed.desk);
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    return code == 0 ? ended(exit_code::kOk, out.str()) : ended(exit_code::kUsage, err.str());
  }
  if (desk_app->parsed()) {
    for (const auto& [kind, sub] : subs)
      if (sub->parsed()) parsed.desk.kind = kind;
    parsed.desk.ids = in.ids;
    parsed.desk.all = in.all;
    parsed.desk.english = wantsEnglish(in.lang);
    makeRecord(in, parsed.desk);
    if (auto ok = deskUrl(flags, in.url, parsed.desk); !ok)
      return ended(exit_code::kConfig, ok.error().text + "\n");
    parsed.what = Parsed::Do::kDesk;
    return parsed;
  }
  auto ok = loadSettings(flags, parsed.settings);
  if (ok) ok = checkSettings(parsed.settings);
  if (!ok) return ended(exit_code::kConfig, "diemcau-agent: " + ok.error().text + "\n");
  parsed.what = enrol_app->parsed() ? Parsed::Do::kEnrol
                : flags.check       ? Parsed::Do::kCheck
                                    : Parsed::Do::kRun;
  return parsed;
}

}  // namespace diemcau::agent
