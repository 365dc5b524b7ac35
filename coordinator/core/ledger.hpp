// Records of sites on their way into the ledger (G1): checked, cleaned, counted once. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::core {

constexpr std::uint32_t kMostPeople = 100'000;

// kInvalid when it is not a record at all (id, number); everything else that a site may have got wrong is
// cleaned and kept, because a record that is refused would block all that come after it. A body that is not
// known is kept too.
Result<v1::Record> cleanRecord(const v1::Record& record);

// Counts within 0-100,000, a named state for a delegate: for what people enter at the centre, where it can be
// corrected at once.
Done checkAttendance(const v1::Record& record);

class Ledger {
 public:
  // The record with the highest number that is here, of one site and epoch.
  struct Newest {
    std::uint64_t number = 0;  // 0: none
    std::string id;
  };

  // The new ones of a batch, in order, cleaned. Repeats are left out. `missing` counts numbers that are not
  // here though the site knows them as acknowledged (`acked`): the store was brought back from a backup.
  // kInvalid: a gap, or no record.
  struct Accepted {
    std::vector<v1::Record> records;
    Newest newest;  // after these
    std::uint64_t missing = 0;
  };
  Result<Accepted> check(std::string_view site_id, std::uint64_t epoch, const v1::RecordBatch& batch,
                         std::uint64_t acked) const;
  // Now it is in the ledger.
  void add(const v1::LedgerRecord& record);
  // Numbers up to here are done with, though the records were known already.
  void reach(std::string_view site_id, std::uint64_t epoch, const Newest& newest);

  Newest newest(std::string_view site_id, std::uint64_t epoch) const;
  bool has(std::string_view site_id, std::string_view record_id) const;

 private:
  std::map<std::string, std::map<std::uint64_t, Newest>, std::less<>> newest_;  // site -> epoch
  std::unordered_set<std::string> ids_;                                         // "site/record"
};

}  // namespace diemcau::core
