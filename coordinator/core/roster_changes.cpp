// What the rows of an import would do to the roster as it is.
#include "coordinator/core/roster.hpp"
#include "coordinator/core/roster_csv.hpp"

namespace diemcau::core {
namespace {

template <class Message>
void countRow(const Message* held, const Message& row, bool moved, v1::RosterImportReport::Changes& to) {
  if (held == nullptr)
    to.set_added(to.added() + 1);
  else if (held->SerializeAsString() == row.SerializeAsString())
    to.set_same(to.same() + 1);
  else if (moved)
    to.set_moved(to.moved() + 1);
  else
    to.set_changed(to.changed() + 1);
}

}  // namespace

void Roster::countChanges(const RosterFiles& read, v1::RosterImportReport& report) const {
  for (const auto& row : read.areas) {
    const auto* held = area(row.message.id());
    if (row.good)
      countRow(held, row.message, held != nullptr && held->parent_id() != row.message.parent_id(),
               *report.mutable_area_changes());
  }
  for (const auto& row : read.sites) {
    const auto* held = site(row.message.id());
    if (row.good)
      countRow(held, row.message, held != nullptr && held->area_id() != row.message.area_id(),
               *report.mutable_site_changes());
  }
  // A search for each delegate of a whole country would take minutes: those of a site are gathered once.
  std::unordered_map<std::string_view, std::unordered_map<std::string_view, const v1::Delegate*>> at_site;
  for (const auto& row : read.delegates) {
    if (!row.good) continue;
    const auto home = siteOf(row.message.id());
    const v1::Delegate* held = nullptr;
    if (!home.empty()) {
      auto& those = at_site[home];
      if (those.empty())
        for (const auto& one : delegates(home)) those.emplace(one.id(), &one);
      if (const auto found = those.find(row.message.id()); found != those.end()) held = found->second;
    }
    countRow(held, row.message, held != nullptr && held->site_id() != row.message.site_id(),
             *report.mutable_delegate_changes());
  }
}

}  // namespace diemcau::core
