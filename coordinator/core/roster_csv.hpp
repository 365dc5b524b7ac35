// The roster's CSV files: which columns there are, what a row must hold, and what was wrong where. Knows the
// files alone; Roster checks them against each other and what it holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "diemcau/v1/roster.pb.h"

namespace diemcau::core {

enum class RosterKind { kAreas, kSites, kDelegates };

enum class RosterColumn {
  kAreaId,
  kParentId,
  kSiteId,
  kDelegateId,
  kName,
  kTags,
  kTechnician,
  kPhone,
  kSeats,
  kValidFrom,
  kValidUntil,
  kUnit,
  kTitle,
};
constexpr std::size_t kRosterColumns = 13;

// A row's place: which file (index into the import) and the line it starts on.
struct RowPlace {
  std::size_t file = 0, line = 0;
};

// What was read of one file's header: where each column is (0: not there), and its name as written.
struct RosterSheet {
  std::string name;  // of the file, safe to show
  RosterKind kind = RosterKind::kAreas;
  std::size_t place[kRosterColumns] = {};
  std::vector<std::string> headers;
};

// Problems in the order in which people fix them. Keeps the first kept() of each round and counts all.
class RosterProblems {
 public:
  void add(RowPlace at, std::size_t column, std::string field, v1::Text reason);
  void nextRound() { round_ = 0; }
  std::size_t total() const { return total_; }
  void report(const std::vector<RosterSheet>& sheets, v1::RosterImportReport& to) const;
  static constexpr std::size_t kept() { return 1000; }

 private:
  struct Problem {
    RowPlace at;
    v1::RosterImportReport::Problem message;
  };
  std::vector<Problem> problems_;
  std::size_t total_ = 0, round_ = 0;
};

template <class Message>
struct RosterRow {
  Message message;
  RowPlace at;
  bool good = true;
};

// Everything that several files together say. `*_at` name every id that any row names, good or bad, so that
// one bad row does not make a problem of each row that refers to it.
struct RosterFiles {
  using Places = std::unordered_map<std::string, RowPlace>;
  std::vector<RosterSheet> sheets;  // by file
  std::vector<RosterRow<v1::Area>> areas;
  std::vector<RosterRow<v1::Site>> sites;
  std::vector<RosterRow<v1::Delegate>> delegates;
  Places areas_at, sites_at, delegates_at;
  bool unread = false;  // a whole file could not be read: references into it cannot be judged
  RosterProblems problems;

  // A problem with one column of a row, by the column's meaning.
  void problem(RowPlace at, RosterColumn column, v1::Text reason);
};

RosterFiles readRosterFiles(const v1::RosterImport& import);

// For messages: cleaned, and cut to 40 characters.
std::string shownValue(std::string_view value);

// A date of the roster is midnight in Vietnam (UTC+7, no summer time).
bool parseRosterDate(std::string_view text, Micros& at);
std::string formatRosterDate(Micros at);  // empty for 0

// The rows of an export, with header; import reads them back to the same messages.
class RosterWriter {
 public:
  explicit RosterWriter(RosterKind kind);
  void add(const v1::Area& area);
  void add(const v1::Site& site);
  void add(const v1::Delegate& delegate);
  std::string take() { return std::move(out_); }

 private:
  void row(const std::vector<std::string>& fields);
  std::string out_;
};

}  // namespace diemcau::core
