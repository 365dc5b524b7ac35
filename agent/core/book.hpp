// What the people of this site did and what still counts of it: the newest headcount and check-ins of each
// sitting, the newest confirmation of each session, and the calls for help. Rebuilt from the records on disk.
// Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/attendance.pb.h"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

class Book {
 public:
  static constexpr std::size_t kMostHelp = 20;  // the newest of each session
  static constexpr std::size_t kMostKnown = 20'000;

  // In the order in which people acted: a later one replaces an earlier one about the same. Numbers do not
  // decide, because they begin anew when a damaged spool was rebuilt. Only a record that a device kept for a
  // while says itself how old it is.
  void add(const v1::Record& record);

  const v1::Record* headcount(std::string_view session, std::string_view sitting) const;  // or null
  const v1::Record* checkIn(std::string_view session, std::string_view sitting,
                            std::string_view delegate) const;
  const v1::Record* signOff(std::string_view session) const;
  std::vector<const v1::Record*> help(std::string_view session) const;  // oldest first

  // True for a record that was added, also if it no longer counts; of the last kMostKnown.
  bool knows(std::string_view id) const { return known_.contains(id); }
  // A headcount or check-in that counts now, and what counted before it (null: nothing is known of that).
  struct Change {
    const v1::Record* now = nullptr;
    const v1::Record* before = nullptr;
  };
  std::optional<Change> change(std::string_view id) const;
  // The newest of a sitting, newest first.
  std::vector<Change> changes(std::string_view session, std::string_view sitting, std::size_t most) const;

  // By name, of those on the roster.
  v1::Counts byName(std::string_view session, std::string_view sitting, const v1::SiteRoster& roster) const;

  // Everything that counts, in order; forgets sessions that are not in `sessions`.
  v1::RecordBatch keep(const std::vector<std::string>& sessions);
  // Grows with each change: readers that hold the same version hold the same content.
  std::uint64_t version() const { return version_; }

 private:
  struct Entry {
    std::uint64_t order = 0;
    std::int64_t made_us = 0;  // when it counts from: its at_us, and no earlier than what it replaced
    v1::Record record;
    std::optional<v1::Record> before;
  };
  void know(const std::string& id);
  std::map<std::string, Entry, std::less<>> newest_;  // by what it is about
  std::set<std::string, std::less<>> known_;
  std::deque<std::string> known_order_;
  std::uint64_t version_ = 0;
};

}  // namespace diemcau::agent
