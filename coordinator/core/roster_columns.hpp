// The columns of the roster's CSV files: names, their Vietnamese names, and which file needs which.
#pragma once

#include <array>
#include <string_view>

#include "coordinator/core/roster_csv.hpp"

namespace diemcau::core {

struct RosterColumnInfo {
  RosterColumn column;
  std::string_view name;  // as exported
  std::array<std::string_view, 6>
      others;  // also accepted, compared without case, marks, '_' and '-'; first: shown
};

inline constexpr RosterColumnInfo kColumnInfo[kRosterColumns] = {
    {RosterColumn::kAreaId, "area_id", {"mã địa bàn", "địa bàn", "area"}},
    {RosterColumn::kParentId,
     "parent_id",
     {"địa bàn cha", "mã địa bàn cha", "mã cha", "trực thuộc", "parent"}},
    {RosterColumn::kSiteId, "site_id", {"mã điểm cầu", "điểm cầu", "site"}},
    {RosterColumn::kDelegateId, "delegate_id", {"mã đại biểu", "số thẻ", "delegate"}},
    {RosterColumn::kName,
     "name",
     {"tên", "tên địa bàn", "tên điểm cầu", "tên đại biểu", "họ tên", "họ và tên"}},
    {RosterColumn::kTags, "tags", {"thẻ", "nhãn", "tag"}},
    {RosterColumn::kTechnician, "technician", {"cán bộ kỹ thuật", "kỹ thuật viên", "kỹ thuật"}},
    {RosterColumn::kPhone, "phone", {"điện thoại", "số điện thoại", "sđt"}},
    {RosterColumn::kSeats, "seats", {"số ghế", "số chỗ", "số chỗ ngồi"}},
    {RosterColumn::kValidFrom, "valid_from", {"hiệu lực từ", "từ ngày", "có hiệu lực từ"}},
    {RosterColumn::kValidUntil, "valid_until", {"hiệu lực đến", "đến ngày", "hết hiệu lực"}},
    {RosterColumn::kUnit, "unit", {"đơn vị", "cơ quan", "tên đơn vị"}},
    {RosterColumn::kTitle, "title", {"chức vụ", "chức danh"}},
};

struct RosterKindInfo {
  RosterKind kind;
  std::string_view name, vi;
  std::array<RosterColumn, 3> required;  // [0] is the row's own id
  std::array<RosterColumn, 6> optional;
  std::size_t optionals;
};

inline constexpr RosterKindInfo kKindInfo[] = {
    {RosterKind::kAreas,
     "areas",
     "địa bàn",
     {RosterColumn::kAreaId, RosterColumn::kParentId, RosterColumn::kName},
     {RosterColumn::kValidFrom, RosterColumn::kValidUntil},
     2},
    {RosterKind::kSites,
     "sites",
     "điểm cầu",
     {RosterColumn::kSiteId, RosterColumn::kAreaId, RosterColumn::kName},
     {RosterColumn::kTags, RosterColumn::kTechnician, RosterColumn::kPhone, RosterColumn::kSeats,
      RosterColumn::kValidFrom, RosterColumn::kValidUntil},
     6},
    {RosterKind::kDelegates,
     "delegates",
     "đại biểu",
     {RosterColumn::kDelegateId, RosterColumn::kSiteId, RosterColumn::kName},
     {RosterColumn::kUnit, RosterColumn::kTitle},
     2},
};

constexpr const RosterColumnInfo& columnInfo(RosterColumn column) {
  return kColumnInfo[static_cast<std::size_t>(column)];
}
constexpr const RosterKindInfo& kindInfo(RosterKind kind) {
  return kKindInfo[static_cast<std::size_t>(kind)];
}
constexpr bool belongs(const RosterKindInfo& kind, RosterColumn column) {
  for (RosterColumn one : kind.required)
    if (one == column) return true;
  for (std::size_t i = 0; i < kind.optionals; ++i)
    if (kind.optional[i] == column) return true;
  return false;
}

}  // namespace diemcau::core
