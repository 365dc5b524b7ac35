// A roster import of any files: everything is taken or nothing, every problem says where, and what was taken
// comes out of the export, out of the store and in again as the same.
#include "coordinator/core/roster.hpp"
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace diemcau;

namespace {

v1::RosterImport filesOf(std::string_view text) {
  v1::RosterImport import;
  for (const auto piece : fuzz::pieces(text, 12)) {
    auto* file = import.add_files();
    file->set_name("file.csv");
    file->set_content(piece.data(), piece.size());
  }
  return import;
}

void checkProblems(const v1::RosterImportReport& report, int files) {
  MUST(report.problems_total() >= static_cast<std::uint32_t>(report.problems_size()));
  for (const auto& problem : report.problems()) {
    MUST(files == 0 || !problem.file().empty());
    MUST(!problem.reason().vi().empty() && !problem.reason().en().empty());
    MUST(validUtf8(problem.reason().vi()) && validUtf8(problem.reason().en()) && validUtf8(problem.field()));
  }
}

std::string everything(const core::Roster& roster) {
  std::string all;
  for (const char* kind : {"areas", "sites", "delegates"}) all += roster.exportCsv(kind).value();
  return all;
}

void throughExport(const core::Roster& roster) {
  v1::RosterImport files;
  for (const char* kind : {"areas", "sites", "delegates"}) {
    auto* file = files.add_files();
    file->set_name(kind);
    file->set_content(roster.exportCsv(kind).value());
  }
  core::Roster again;
  core::StoreBatch batch;
  std::set<std::string> changed;
  MUST(again.import(files, 1, batch, changed).applied());
  MUST(everything(again) == everything(roster));
}

void throughStore(const core::Roster& roster, const core::StoreBatch& batch) {
  core::Roster again;
  for (const auto& put : batch.puts) MUST(again.restore(put.kind, put.body));
  again.restored();
  MUST(everything(again) == everything(roster));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  core::Roster roster;
  core::StoreBatch batch;
  std::set<std::string> changed;
  const auto files = filesOf(fuzz::asText(data, size));
  const auto report = roster.import(files, 1, batch, changed);
  checkProblems(report, files.files_size());
  if (!report.applied()) {
    MUST(report.problems_total() > 0);
    MUST(batch.empty() && changed.empty() && roster.sites().empty() && roster.areas().empty());
    return 0;
  }
  for (const auto& [id, site] : roster.sites()) {
    MUST(validId(id) && roster.area(site.area_id()) != nullptr && roster.revision(id) != 0);
    MUST(!roster.pathOf(site.area_id()).empty());
  }
  throughExport(roster);
  throughStore(roster, batch);
  return 0;
}
