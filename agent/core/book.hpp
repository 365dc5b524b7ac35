// What the people of this site did and what still counts of it: the newest headcount and check-ins of each
// sitting, the newest confirmation of each session, and the calls for help. Rebuilt from the records on disk.
// Pure.
#pragma once

#include <cstdint>
#include <map>
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

  // In the order in which people acted: a later one replaces an earlier one about the same. Numbers do not
  // decide, because they begin anew when a damaged spool was rebuilt.
  void add(const v1::Record& record);

  const v1::Record* headcount(std::string_view session, std::string_view sitting) const;  // or null
  const v1::Record* checkIn(std::string_view session, std::string_view sitting,
                            std::string_view delegate) const;
  const v1::Record* signOff(std::string_view session) const;
  std::vector<const v1::Record*> help(std::string_view session) const;  // oldest first

  // By name, of those on the roster.
  v1::Counts byName(std::string_view session, std::string_view sitting, const v1::SiteRoster& roster) const;

  // Everything that counts, in order; forgets sessions that are not in `sessions`.
  v1::RecordBatch keep(const std::vector<std::string>& sessions);
  // Grows with each change: readers that hold the same version hold the same content.
  std::uint64_t version() const { return version_; }

 private:
  struct Entry {
    std::uint64_t order = 0;
    v1::Record record;
  };
  std::map<std::string, Entry, std::less<>> newest_;  // by what it is about
  std::uint64_t version_ = 0;
};

}  // namespace diemcau::agent
