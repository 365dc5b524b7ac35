// What is wrong in the files of an import: the first of it, in the order of the files and their lines.
#include <algorithm>
#include <tuple>

#include "coordinator/core/roster_csv.hpp"

namespace diemcau::core {

void RosterProblems::add(RowPlace at, std::size_t column, std::string field, v1::Text reason) {
  ++total_;
  if (++round_ > kept()) return;
  Problem problem;
  problem.at = at;
  problem.message.set_line(static_cast<std::uint32_t>(at.line));
  problem.message.set_column(static_cast<std::uint32_t>(column));
  problem.message.set_field(std::move(field));
  *problem.message.mutable_reason() = std::move(reason);
  problems_.push_back(std::move(problem));
}

void RosterProblems::report(const std::vector<RosterSheet>& sheets, v1::RosterImportReport& to) const {
  std::vector<const Problem*> sorted;
  for (const Problem& problem : problems_) sorted.push_back(&problem);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem* a, const Problem* b) {
    return std::tuple(a->at.file, a->at.line, a->message.column()) <
           std::tuple(b->at.file, b->at.line, b->message.column());
  });
  if (sorted.size() > kept()) sorted.resize(kept());
  for (const Problem* problem : sorted) {
    v1::RosterImportReport::Problem* copy = to.add_problems();
    *copy = problem->message;
    if (problem->at.file < sheets.size()) copy->set_file(sheets[problem->at.file].name);
  }
  to.set_problems_total(static_cast<std::uint32_t>(total_));
}

}  // namespace diemcau::core
