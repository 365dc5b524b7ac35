// The roster: a free tree of areas, sites on it, delegates in the sites. Pure; holds what the store holds.
//
// Kinds in the store: "area", "site", "delegate", each an encoded message of the same name.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "coordinator/core/by_id.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/roster.pb.h"
#include "diemcau/v1/session.pb.h"

namespace diemcau::core {

struct RosterFiles;  // roster_csv.hpp

class Roster {
 public:
  const std::map<std::string, v1::Area>& areas() const { return areas_; }
  const std::map<std::string, v1::Site>& sites() const { return sites_; }
  const v1::Site* site(std::string_view id) const;
  const v1::Area* area(std::string_view id) const;
  // Delegates of a site, sorted by name as Vietnamese sorts (family name first as written); empty when none.
  const std::vector<v1::Delegate>& delegates(std::string_view site_id) const;
  const v1::Delegate* delegate(std::string_view id) const;
  // The site whose roster names this delegate; empty when none does.
  std::string_view siteOf(std::string_view delegate_id) const;
  std::size_t delegateCount() const;
  // Grows whenever the delegates or the names of this site change; 0 for an unknown site.
  std::uint64_t revision(std::string_view site_id) const;
  // The area and everything above it, nearest first.
  std::vector<std::string> pathOf(std::string_view area_id) const;

  // Sites that a selection names, valid at `at`, sorted by id. Fails on an unknown area, tag, site or name,
  // and names it.
  Result<std::vector<std::string>> resolve(const v1::Selection& selection, Micros at) const;

  // Checks all files against each other and the present roster; applies them all, or nothing. Rows replace
  // those with the same id. Problems are in the report. Puts go to `batch`; `changed_sites` gets sites whose
  // delegates or names changed. `revision` is the number given to them.
  v1::RosterImportReport import(const v1::RosterImport& files, std::uint64_t revision, StoreBatch& batch,
                                std::set<std::string>& changed_sites);

  // CSV of one kind ("areas", "sites", "delegates") that import() reads back to the same roster.
  Result<std::string> exportCsv(std::string_view kind) const;

  // At start, from the store; false when the bytes are not what `kind` says.
  bool restore(std::string_view kind, std::string_view body);
  void restored();  // after the last one: builds indexes, revisions start at `1`

 private:
  using IdMap = ById<std::string>;

  bool inService(const v1::Site& site, Micros at) const;
  void checkReferences(RosterFiles& read) const;
  void checkCycles(RosterFiles& read) const;
  void countChanges(const RosterFiles& read, v1::RosterImportReport& report) const;
  void apply(RosterFiles& read, StoreBatch& batch, std::set<std::string>& changed);
  void applyDelegates(RosterFiles& read, StoreBatch& batch, std::set<std::string>& changed);

  std::map<std::string, v1::Area> areas_;
  std::map<std::string, v1::Site> sites_;
  std::map<std::string, std::vector<v1::Delegate>, std::less<>> delegates_;  // by site
  IdMap delegate_site_;
  IdMap folded_names_;  // site id -> its name as compared
  std::map<std::string, std::uint64_t, std::less<>> revisions_;
};

}  // namespace diemcau::core
