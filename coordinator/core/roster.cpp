// The roster: looking things up, resolving selections, and applying what an import brought.
#include "coordinator/core/roster.hpp"

#include <fmt/format.h>
#include <unicode/coll.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "coordinator/core/roster_csv.hpp"

namespace diemcau::core {
namespace {

// Sorts delegates as Vietnamese sorts: by letter, then by tone, the name as written; then by id.
class NameOrder {
 public:
  NameOrder() {
    UErrorCode status = U_ZERO_ERROR;
    collator_.reset(icu::Collator::createInstance(icu::Locale("vi"), status));
    if (U_FAILURE(status)) collator_.reset();
  }

  void sort(std::vector<v1::Delegate>& delegates) const {
    std::vector<std::pair<std::string, std::size_t>> keys;
    keys.reserve(delegates.size());
    for (std::size_t i = 0; i < delegates.size(); ++i) keys.emplace_back(key(delegates[i].name()), i);
    std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : delegates[a.second].id() < delegates[b.second].id();
    });
    std::vector<v1::Delegate> sorted;
    sorted.reserve(delegates.size());
    for (const auto& [unused, index] : keys) sorted.push_back(std::move(delegates[index]));
    delegates = std::move(sorted);
  }

 private:
  std::string key(const std::string& name) const {
    if (!collator_) return name;  // without ICU's data: by bytes
    const auto wide = icu::UnicodeString::fromUTF8(name);
    std::string out(64, '\0');
    const auto fill = [&] {
      return collator_->getSortKey(wide, reinterpret_cast<std::uint8_t*>(out.data()),
                                   static_cast<int>(out.size()));
    };
    int size = fill();
    if (size > static_cast<int>(out.size())) {
      out.resize(static_cast<std::size_t>(size));
      size = fill();
    }
    out.resize(static_cast<std::size_t>(std::max(size - 1, 0)));  // without the ending zero
    return out;
  }

  std::unique_ptr<icu::Collator> collator_;
};

template <class Message>
bool validAt(const Message& message, Micros at) {
  return (message.valid_from_us() == 0 || at >= message.valid_from_us()) &&
         (message.valid_until_us() == 0 || at < message.valid_until_us());
}

tl::unexpected<Error> unknownName(std::string_view en, std::string_view vi, const std::string& name) {
  const std::string shown = shownValue(name);
  return fail(ErrorCode::kInvalid, fmt::format("There is no {} \"{}\" on the roster", en, shown),
              fmt::format("Danh sách không có {} \"{}\"", vi, shown));
}

tl::unexpected<Error> notInService(std::string_view en, std::string_view vi, const std::string& name) {
  const std::string shown = shownValue(name);
  return fail(
      ErrorCode::kInvalid,
      fmt::format("The {} \"{}\" is not in service on the day of the session; check its dates and those of "
                  "the areas above it",
                  en, shown),
      fmt::format("{} \"{}\" không có hiệu lực vào ngày họp; hãy xem lại thời hạn của nó và của các địa bàn "
                  "cấp trên",
                  vi, shown));
}

}  // namespace

const v1::Site* Roster::site(std::string_view id) const {
  const auto found = sites_.find(std::string(id));
  return found == sites_.end() ? nullptr : &found->second;
}

const v1::Area* Roster::area(std::string_view id) const {
  const auto found = areas_.find(std::string(id));
  return found == areas_.end() ? nullptr : &found->second;
}

const std::vector<v1::Delegate>& Roster::delegates(std::string_view site_id) const {
  static const std::vector<v1::Delegate> kNone;
  const auto found = delegates_.find(site_id);
  return found == delegates_.end() ? kNone : found->second;
}

std::string_view Roster::siteOf(std::string_view delegate_id) const {
  const auto found = delegate_site_.find(delegate_id);
  return found == delegate_site_.end() ? std::string_view() : std::string_view(found->second);
}

const v1::Delegate* Roster::delegate(std::string_view id) const {
  const auto& all = delegates(siteOf(id));
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const v1::Delegate& one) { return one.id() == id; });
  return found == all.end() ? nullptr : &*found;
}

std::size_t Roster::delegateCount() const {
  return delegate_site_.size();
}

std::uint64_t Roster::revision(std::string_view site_id) const {
  const auto found = revisions_.find(site_id);
  return found == revisions_.end() ? 0 : found->second;
}

std::vector<std::string> Roster::pathOf(std::string_view area_id) const {
  std::vector<std::string> path;
  const v1::Area* at = area(area_id);
  // Import refuses cycles; the bound holds for whatever a store may have held.
  while (at != nullptr && path.size() <= areas_.size()) {
    path.push_back(at->id());
    at = at->parent_id().empty() ? nullptr : area(at->parent_id());
  }
  return path;
}

// A site is in service when it and every area above it are: a dissolved area takes what hangs on it out of
// service.
bool Roster::inService(const v1::Site& site, Micros at) const {
  if (!validAt(site, at)) return false;
  std::size_t steps = 0;
  for (const v1::Area* area = this->area(site.area_id()); area != nullptr && steps <= areas_.size();
       ++steps) {
    if (!validAt(*area, at)) return false;
    area = area->parent_id().empty() ? nullptr : this->area(area->parent_id());
  }
  return true;
}

Result<std::vector<std::string>> Roster::resolve(const v1::Selection& selection, Micros at) const {
  std::set<std::string> chosen;
  const auto eachInService = [&](auto wanted) {
    bool any = false;
    for (const auto& [id, site] : sites_) {
      if (!wanted(site)) continue;
      any = true;
      if (inService(site, at)) chosen.insert(id);
    }
    return any;
  };
  if (selection.everyone()) eachInService([](const v1::Site&) { return true; });

  const std::set<std::string> areas(selection.area_ids().begin(), selection.area_ids().end());
  for (const std::string& id : areas) {
    const v1::Area* area = this->area(id);
    if (area == nullptr) return unknownName("area", "địa bàn", id);
    if (!validAt(*area, at)) return notInService("area", "Địa bàn", id);
  }
  if (!areas.empty())
    eachInService([&](const v1::Site& site) {
      const auto path = pathOf(site.area_id());
      return std::any_of(path.begin(), path.end(), [&](const std::string& id) { return areas.contains(id); });
    });

  for (const std::string& tag : selection.tags()) {
    const auto has = [&](const v1::Site& site) {
      return std::find(site.tags().begin(), site.tags().end(), tag) != site.tags().end();
    };
    if (!eachInService(has)) return unknownName("tag", "thẻ", tag);
  }
  for (const std::string& id : selection.site_ids()) {
    const v1::Site* site = this->site(id);
    if (site == nullptr) return unknownName("site", "điểm cầu", id);
    if (!inService(*site, at)) return notInService("site", "Điểm cầu", id);
    chosen.insert(id);
  }
  struct Named {
    std::string name;
    bool known = false, serving = false;
  };
  std::map<std::string, Named> named;
  for (const std::string& name : selection.names()) named[fold(name)].name = name;
  if (!named.empty())
    eachInService([&](const v1::Site& site) {
      const auto found = named.find(folded_names_.find(site.id())->second);
      if (found == named.end()) return false;
      found->second.known = true;
      found->second.serving = found->second.serving || inService(site, at);
      return true;
    });
  for (const auto& [folded, one] : named) {
    if (!one.known) return unknownName("site named", "điểm cầu tên", one.name);
    if (!one.serving) return notInService("site", "Điểm cầu", one.name);
  }
  return std::vector<std::string>(chosen.begin(), chosen.end());
}

v1::RosterImportReport Roster::import(const v1::RosterImport& files, std::uint64_t revision,
                                      StoreBatch& batch, std::set<std::string>& changed_sites) {
  RosterFiles read = readRosterFiles(files);
  read.problems.nextRound();
  if (!read.unread) {
    checkReferences(read);
    checkCycles(read);
  }
  const auto good = [](const auto& rows) {
    return static_cast<std::uint32_t>(
        std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.good; }));
  };
  v1::RosterImportReport report;
  report.set_areas(good(read.areas));
  report.set_sites(good(read.sites));
  report.set_delegates(good(read.delegates));
  read.problems.report(read.sheets, report);
  countChanges(read, report);
  if (read.problems.total() > 0 || files.dry_run()) return report;
  std::set<std::string> changed;
  apply(read, batch, changed);
  for (const std::string& id : changed) revisions_[id] = revision;
  changed_sites.merge(changed);
  report.set_applied(true);
  return report;
}

void Roster::checkReferences(RosterFiles& read) const {
  const auto check = [&](auto& row, RosterColumn column, const std::string& id, const auto& mentioned,
                         bool held, std::string_view en, std::string_view vi) {
    if (!validId(id) || held || mentioned.contains(id)) return;
    row.good = false;
    read.problem(row.at, column,
                 text(fmt::format("{} {} không có trong các tệp này và trong danh sách hiện tại", vi, id),
                      fmt::format("{} {} is neither in these files nor on the present roster", en, id)));
  };
  for (auto& row : read.areas) {
    const std::string& id = row.message.parent_id();
    check(row, RosterColumn::kParentId, id, read.areas_at, areas_.contains(id), "Area", "Địa bàn");
  }
  for (auto& row : read.sites) {
    const std::string& id = row.message.area_id();
    check(row, RosterColumn::kAreaId, id, read.areas_at, areas_.contains(id), "Area", "Địa bàn");
  }
  for (auto& row : read.delegates) {
    const std::string& id = row.message.site_id();
    check(row, RosterColumn::kSiteId, id, read.sites_at, sites_.contains(id), "Site", "Điểm cầu");
  }
}

// Only a row can close a cycle. Each cycle is told once, at its first row.
void Roster::checkCycles(RosterFiles& read) const {
  std::unordered_map<std::string_view, const v1::Area*> rows;
  for (const auto& row : read.areas) rows.emplace(row.message.id(), &row.message);
  std::unordered_map<std::string_view, std::size_t> seen;  // area -> the walk that came by, from 1
  const auto parentOf = [&](std::string_view id) -> std::string_view {
    const auto row = rows.find(id);
    if (row != rows.end()) return row->second->parent_id();
    const v1::Area* held = area(id);
    return held == nullptr ? std::string_view() : std::string_view(held->parent_id());
  };
  for (std::size_t i = 0; i < read.areas.size(); ++i) {
    std::string_view at = read.areas[i].message.id();
    while (!at.empty() && seen.emplace(at, i + 1).second) at = parentOf(at);
    if (at.empty() || seen[at] != i + 1) continue;
    std::string cycle(at);
    std::size_t length = 1;
    for (std::string_view next = parentOf(at); next != at; next = parentOf(next))
      if (++length <= 10) cycle += fmt::format(" → {}", next);
    cycle += length > 10 ? fmt::format(" → … ({}) → {}", length, at) : fmt::format(" → {}", at);
    read.areas[i].good = false;
    read.problem(read.areas[i].at, RosterColumn::kParentId,
                 text("Các địa bàn trực thuộc vòng tròn: " + cycle,
                      "The areas hang on each other in a circle: " + cycle));
  }
}

void Roster::apply(RosterFiles& read, StoreBatch& batch, std::set<std::string>& changed) {
  for (auto& row : read.areas) {
    std::string body = row.message.SerializeAsString();
    const auto held = areas_.find(row.message.id());
    if (held != areas_.end() && held->second.SerializeAsString() == body) continue;
    batch.puts.push_back({"area", row.message.id(), "", std::move(body)});
    std::string id = row.message.id();
    areas_.insert_or_assign(std::move(id), std::move(row.message));
  }
  for (auto& row : read.sites) {
    std::string body = row.message.SerializeAsString();
    const auto held = sites_.find(row.message.id());
    if (held != sites_.end() && held->second.SerializeAsString() == body) continue;
    const std::string id = row.message.id();
    if (held == sites_.end() || held->second.name() != row.message.name()) changed.insert(id);
    batch.puts.push_back({"site", id, "", std::move(body)});
    folded_names_[id] = fold(row.message.name());
    sites_.insert_or_assign(id, std::move(row.message));
  }
  applyDelegates(read, batch, changed);
}

void Roster::applyDelegates(RosterFiles& read, StoreBatch& batch, std::set<std::string>& changed) {
  std::set<std::string> touched;                                                    // sites to sort again
  std::unordered_map<std::string_view, std::map<std::string, v1::Delegate*>> came;  // by site, by delegate
  std::map<std::string, std::set<std::string>, std::less<>> left;                   // by site
  for (auto& row : read.delegates) {
    v1::Delegate& one = row.message;
    const auto held = delegate_site_.find(one.id());
    if (held != delegate_site_.end() && held->second != one.site_id()) {
      left[held->second].insert(one.id());
      touched.insert(held->second);
    }
    came[one.site_id()].emplace(one.id(), &one);
    delegate_site_.insert_or_assign(one.id(), one.site_id());
  }
  for (const auto& [site_id, gone] : left)
    std::erase_if(delegates_.find(site_id)->second,
                  [&ids = gone](const v1::Delegate& one) { return ids.contains(one.id()); });
  for (auto& [site_id, rows] : came) {
    std::vector<v1::Delegate>& all = delegates_[std::string(site_id)];
    for (v1::Delegate& held : all) {
      const auto row = rows.find(held.id());
      if (row == rows.end()) continue;
      std::string body = row->second->SerializeAsString();
      if (held.SerializeAsString() != body) {
        batch.puts.push_back({"delegate", held.id(), "", std::move(body)});
        touched.insert(std::string(site_id));
        held = *row->second;
      }
      rows.erase(row);
    }
    for (auto& [id, row] : rows) {
      batch.puts.push_back({"delegate", id, "", row->SerializeAsString()});
      touched.insert(std::string(site_id));
      all.push_back(*row);
    }
  }
  const NameOrder order;
  for (const std::string& site_id : touched) order.sort(delegates_[site_id]);
  changed.merge(touched);
}

bool Roster::restore(std::string_view kind, std::string_view body) {
  const auto parse = [&](auto& message) {
    return message.ParseFromArray(body.data(), static_cast<int>(body.size())) && validId(message.id());
  };
  if (kind == "area") {
    v1::Area area;
    if (!parse(area)) return false;
    areas_[area.id()] = area;
    return true;
  }
  if (kind == "site") {
    v1::Site site;
    if (!parse(site)) return false;
    sites_[site.id()] = site;
    return true;
  }
  if (kind == "delegate") {
    v1::Delegate one;
    if (!parse(one) || !validId(one.site_id())) return false;
    if (!delegate_site_.emplace(one.id(), one.site_id()).second) return false;
    delegates_[one.site_id()].push_back(std::move(one));
    return true;
  }
  return false;
}

void Roster::restored() {
  const NameOrder order;
  for (auto& [site_id, all] : delegates_) order.sort(all);
  for (const auto& [id, site] : sites_) {
    folded_names_[id] = fold(site.name());
    revisions_[id] = 1;
  }
}

}  // namespace diemcau::core
