// The roster as CSV files that an import reads back.
#include <fmt/format.h>

#include "coordinator/core/roster.hpp"
#include "coordinator/core/roster_csv.hpp"

namespace diemcau::core {

Result<std::string> Roster::exportCsv(std::string_view kind) const {
  if (kind == "areas") {
    RosterWriter out(RosterKind::kAreas);
    for (const auto& [id, area] : areas_) out.add(area);
    return out.take();
  }
  if (kind == "sites") {
    RosterWriter out(RosterKind::kSites);
    for (const auto& [id, site] : sites_) out.add(site);
    return out.take();
  }
  if (kind == "delegates") {
    RosterWriter out(RosterKind::kDelegates);
    for (const auto& [id, all] : delegates_)
      for (const v1::Delegate& one : all) out.add(one);
    return out.take();
  }
  const std::string shown = shownValue(kind);
  return fail(ErrorCode::kInvalid,
              fmt::format("\"{}\" cannot be exported; ask for areas, sites or delegates", shown),
              fmt::format("Không xuất được \"{}\"; hãy chọn areas, sites hoặc delegates", shown));
}

}  // namespace diemcau::core
