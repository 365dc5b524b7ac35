// diemcau roster ...
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/table.hpp"

namespace diemcau::ctl {
namespace {

// file:line:column: reason, as compilers do, so that an editor can jump there.
void printProblems(Context& context, const v1::RosterImportReport& report) {
  for (const auto& problem : report.problems()) {
    std::string where = problem.file() + ":" + std::to_string(problem.line());
    if (problem.column() != 0) where += ":" + std::to_string(problem.column());
    const std::string field = problem.field().empty() ? "" : " (" + problem.field() + ")";
    context.err << context.speech.paint(where, Style::kBold) << ": " << context.speech.say(problem.reason())
                << field << "\n";
  }
  const auto shown = static_cast<std::uint32_t>(report.problems_size());
  if (report.problems_total() > shown) {
    context.err << context.speech.say("… và còn ", "... and ")
                << context.speech.number(report.problems_total() - shown)
                << context.speech.say(" lỗi nữa\n", " more problems\n");
  }
}

std::string counts(const Speech& speech, const v1::RosterImportReport& report) {
  return fmt::format("{} {}, {} {}, {} {}", speech.number(report.areas()), speech.say("địa bàn", "areas"),
                     speech.number(report.sites()), speech.say("điểm cầu", "sites"),
                     speech.number(report.delegates()), speech.say("đại biểu", "delegates"));
}

// "12 new, 3 changed, 1 moved, 40 as they are", for each kind that there is something of.
void printChanges(Context& context, const v1::RosterImportReport& report) {
  const Speech& speech = context.speech;
  const auto line = [&](const std::string& what, const v1::RosterImportReport::Changes& changes) {
    if (changes.added() + changes.changed() + changes.moved() + changes.same() == 0) return;
    context.out << fmt::format("  {}: {} {}, {} {}, {} {}, {} {}\n", what, speech.number(changes.added()),
                               speech.say("mới", "new"), speech.number(changes.changed()),
                               speech.say("thay đổi", "changed"), speech.number(changes.moved()),
                               speech.say("chuyển nơi", "moved"), speech.number(changes.same()),
                               speech.say("giữ nguyên", "as they are"));
  };
  line(speech.say("địa bàn", "areas"), report.area_changes());
  line(speech.say("điểm cầu", "sites"), report.site_changes());
  line(speech.say("đại biểu", "delegates"), report.delegate_changes());
}

// The report that a refused import carries in its problem document.
bool reportInside(const std::string& body, v1::RosterImportReport& report) {
  const auto problem = nlohmann::json::parse(body, nullptr, false);
  if (!problem.is_object() || !problem.contains("import_report")) return false;
  return readJson(problem["import_report"].dump(), report).has_value();
}

void addAreas(const Context& context, const RosterNames& roster, const std::string& parent, std::size_t depth,
              Table& table) {
  if (depth > 32) return;
  for (const auto& [id, area] : roster.areas) {
    const bool orphan = depth == 0 && !roster.areas.contains(area.parent_id);
    if (area.parent_id != parent && !orphan) continue;
    if (depth > 0 && id == parent) continue;
    std::size_t direct = 0, below = 0;
    for (const auto& site : roster.sites) {
      direct += site.area_id == id ? 1 : 0;
      below += roster.within(site.area_id, id) ? 1 : 0;
    }
    table.add({{id, Style::kDim},
               {std::string(depth * 2, ' ') + area.name, depth == 0 ? Style::kBold : Style::kPlain},
               {context.speech.number(direct)},
               {context.speech.number(below)}});
    addAreas(context, roster, id, depth + 1, table);
  }
}

void listSites(Context& context, const RosterNames& roster, const std::string& area) {
  const Speech& speech = context.speech;
  Table table({speech.say("MÃ", "ID"), speech.say("ĐIỂM CẦU", "SITE"), speech.say("ĐỊA BÀN", "AREA"),
               speech.say(">CHỖ", ">SEATS"), speech.say("KỸ THUẬT VIÊN", "TECHNICIAN"),
               speech.say("ĐIỆN THOẠI", "PHONE")});
  for (const auto& site : roster.sites) {
    if (!roster.within(site.area_id, area)) continue;
    table.add({{site.id, Style::kDim},
               {site.name},
               {roster.areaName(site.area_id)},
               {site.seats == 0 ? "-" : speech.number(site.seats)},
               {site.technician},
               {site.phone}});
  }
  context.out << table.render(speech, context.width);
}

}  // namespace

int rosterImportCommand(Context& context) {
  const auto import = rosterImport(context.arguments.files, context.arguments.dry_run);
  if (!import) return misused(context, import.error());
  const auto body = context.api.send("POST", "/api/v1/roster/import", *import);
  if (!body) {
    v1::RosterImportReport report;
    if (!context.arguments.json && reportInside(body.error().body, report)) printProblems(context, report);
    return failed(context, body.error());
  }
  v1::CommandReply reply;
  if (auto ok = readJson(*body, reply); !ok) return failed(context, ok.error());
  const v1::RosterImportReport& report = reply.import_report();
  const bool clean = report.problems_total() == 0;
  if (context.arguments.json) {
    context.out << *body << "\n";
    return clean ? kOk : kRefused;
  }
  printProblems(context, report);
  const std::string what = counts(context.speech, report);
  if (!clean) {
    context.err << context.speech.say("không nhập được: sửa các dòng trên rồi nhập lại\n",
                                      "nothing was imported: correct the lines above and import again\n");
    return kRefused;
  }
  const std::string done = report.applied()
                               ? context.speech.say("đã nhập ", "imported: ")
                               : context.speech.say("hợp lệ, chưa nhập: ", "correct, not imported: ");
  context.out << context.speech.paint("✓ ", Style::kGood) << done << what << "\n";
  printChanges(context, report);
  return kOk;
}

int rosterList(Context& context) {
  const auto body = context.api.get("/api/v1/roster");
  if (!body) return failed(context, body.error());
  if (context.arguments.json) {
    context.out << *body << "\n";
    return kOk;
  }
  const auto roster = readRoster(*body);
  if (!roster) return failed(context, roster.error());
  const Speech& speech = context.speech;
  if (!context.arguments.area.empty()) {
    if (!roster->areas.contains(context.arguments.area)) {
      return failed(context, {kNotFound,
                              "there is no area \"" + context.arguments.area + "\"",
                              "không có địa bàn \"" + context.arguments.area + "\"",
                              {}});
    }
    listSites(context, *roster, context.arguments.area);
    return kOk;
  }
  Table table({speech.say("MÃ", "ID"), speech.say("ĐỊA BÀN", "AREA"), speech.say(">TRỰC TIẾP", ">DIRECT"),
               speech.say(">CẢ CẤP DƯỚI", ">WITH BELOW")});
  addAreas(context, *roster, "", 0, table);
  context.out << table.render(speech, context.width) << "\n"
              << fmt::format("{} {}, {} {}, {} {}\n", speech.number(roster->areas.size()),
                             speech.say("địa bàn", "areas"), speech.number(roster->sites.size()),
                             speech.say("điểm cầu", "sites"), speech.number(roster->delegates),
                             speech.say("đại biểu", "delegates"));
  return kOk;
}

int rosterExport(Context& context) {
  return save(context, "/api/v1/roster/" + context.arguments.what + ".csv");
}

}  // namespace diemcau::ctl
