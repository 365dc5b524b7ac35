// Attendance of one sitting: totals, the tree of areas, who did not report, and what does not fit together.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "coordinator/report/report_parts.hpp"

namespace diemcau::report {
namespace {

using Areas = std::map<std::string, const v1::AreaAttendance*>;

std::vector<Markup> countCells(const v1::Counts& counts) {
  std::vector<Markup> cells;
  for (const std::uint32_t number : {counts.expected(), counts.present(), counts.online(), counts.excused(),
                                     counts.absent(), counts.not_marked()})
    cells.push_back({std::to_string(number)});
  return cells;
}

std::vector<std::string> withCounts(const Page& page, std::vector<std::string> heads) {
  for (const char* head : {page.say("Triệu tập", "Expected"), page.say("Có mặt", "Present"),
                           page.say("Trực tuyến", "Online"), page.say("Vắng có lý do", "Excused"),
                           page.say("Vắng không lý do", "Absent"), page.say("Chưa điểm danh", "Not marked")})
    heads.emplace_back(head);
  return heads;
}

Bar barOf(std::string name, const v1::Counts& counts) {
  return {std::move(name), double(counts.present()) + counts.online(), double(counts.expected())};
}

// The areas that a person would compare: the children of the one root, or else the roots.
std::vector<Bar> barsOf(const Page& page, const Areas& areas) {
  const auto childrenOf = [&](const std::string& parent) {
    std::vector<std::string> out;
    for (const auto& [id, area] : areas) {
      const v1::Area* known = page.roster.area(id);
      const std::string above = known == nullptr ? "" : known->parent_id();
      if (parent.empty() ? !areas.contains(above) : above == parent) out.push_back(id);
    }
    return out;
  };
  std::vector<std::string> level = childrenOf("");
  if (level.size() == 1)
    if (auto below = childrenOf(level[0]); !below.empty()) level = std::move(below);
  std::vector<Bar> bars;
  constexpr std::size_t kMostBars = 40;
  for (const std::string& id : level)
    if (bars.size() < kMostBars) bars.push_back(barOf(page.areaName(id), areas.at(id)->counted()));
  return bars;
}

std::string areaTable(const Page& page, const v1::SittingAttendance& sitting) {
  Table table(page.say("Theo địa bàn", "By area"), " nnnnnnn",
              withCounts(page, {page.say("Địa bàn", "Area"), page.say("Đã báo cáo", "Reported")}));
  // In the order of the tree: sorted by the path from the root.
  std::map<std::vector<std::string>, const v1::AreaAttendance*> tree;
  for (const v1::AreaAttendance& area : sitting.by_area()) {
    auto path = page.roster.pathOf(area.area_id());
    std::reverse(path.begin(), path.end());
    if (path.empty()) path.push_back(area.area_id());
    tree[path] = &area;
  }
  int rows = 0;
  for (const auto& [path, area] : tree) {
    if (++rows > kMostRows) break;
    const std::size_t depth = std::min<std::size_t>(path.size() - 1, 8);
    std::vector<Markup> cells = {
        {fmt::format("<span class=\"d{}\">{}</span>", depth, escaped(page.areaName(area->area_id())))},
        {fmt::format("{} / {}", area->reported_sites(), area->sites())}};
    for (Markup& cell : countCells(area->counted())) cells.push_back(std::move(cell));
    table.row(cells);
  }
  std::vector<Markup> total = {plain(page.say("Tổng cộng", "Total")),
                               {fmt::format("{} / {}", sitting.reported_sites(), sitting.sites())}};
  for (Markup& cell : countCells(sitting.total())) total.push_back(std::move(cell));
  table.row(total, "total");
  return table.html() + cutNote(page, static_cast<int>(tree.size()));
}

std::string siteTable(const Page& page, const v1::SittingAttendance& sitting) {
  Table table(page.say("Theo điểm cầu", "By site"), " nnnnnn  ", [&] {
    auto heads = withCounts(page, {page.say("Điểm cầu", "Site")});
    heads.emplace_back(page.say("Người báo cáo", "By"));
    heads.emplace_back(page.say("Lúc", "At"));
    return heads;
  }());
  int rows = 0;
  for (const v1::SiteAttendance& site : sitting.by_site()) {
    if (++rows > kMostRows) break;
    std::vector<Markup> cells = {plain(page.siteName(site.site_id()))};
    for (Markup& cell : countCells(site.counted())) cells.push_back(std::move(cell));
    cells.push_back(plain(site.reported() ? site.by() : page.say("chưa báo cáo", "not reported")));
    std::string at = escaped(page.time(site.at_us()));
    if (site.differs())
      at += fmt::format(" <strong>{}</strong>",
                        page.say("số đếm và danh sách không khớp", "count and names differ"));
    cells.push_back({std::move(at)});
    table.row(cells, site.reported() ? "" : "missing");
  }
  return table.html() + cutNote(page, sitting.by_site_size());
}

std::string conflicts(const Page& page, const v1::SittingAttendance& sitting) {
  if (sitting.conflicts().empty()) return {};
  Table table(page.say("Đại biểu có mặt ở nhiều điểm cầu", "Delegates marked as there at several sites"),
              "  ", {page.say("Đại biểu", "Delegate"), page.say("Điểm cầu", "Sites")});
  for (const v1::AttendanceConflict& conflict : sitting.conflicts()) {
    const v1::Delegate* delegate = page.roster.delegate(conflict.delegate_id());
    std::string sites;
    for (const std::string& id : conflict.site_ids())
      sites += (sites.empty() ? "" : "; ") + page.siteName(id);
    table.row({plain(delegate == nullptr ? conflict.delegate_id() : delegate->name()), plain(sites)});
  }
  return table.html();
}

}  // namespace

std::string attendance(const Page& page, const v1::SittingAttendance& sitting) {
  const std::string title = page.sittingName(sitting.sitting_id());
  Areas areas;
  for (const v1::AreaAttendance& area : sitting.by_area()) areas[area.area_id()] = &area;
  const std::string chart_title =
      fmt::format("{}: {}", title, page.say("số người dự trên số triệu tập", "there of those expected"));
  return fmt::format(
      "<section><h2>{}: {}</h2>\n<p>{}</p>\n{}{}{}{}</section>\n", page.say("Điểm danh", "Attendance"),
      escaped(title),
      fmt::format(fmt::runtime(page.say("{} điểm cầu trong {} đã báo cáo; {} lượt điểm danh theo tên.",
                                        "{} sites of {} reported; {} check-ins by name.")),
                  sitting.reported_sites(), sitting.sites(), sitting.checkins()),
      barChart(chart_title, barsOf(page, areas)), areaTable(page, sitting), conflicts(page, sitting),
      siteTable(page, sitting));
}

}  // namespace diemcau::report
