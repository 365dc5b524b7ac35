// The audit log's reading end: whether the chain holds, page by page, so that a log of years needs no memory.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/people.pb.h"

namespace diemcau::auth {

// Reads rows with seq > `after`, at most `most`, and calls back on the loop.
using AuditRows = std::vector<core::AuditRow>;
using AuditPages =
    std::function<void(std::uint64_t after, std::size_t most, std::function<void(Result<AuditRows>)> done)>;

// Where the log ends, as known from elsewhere than its rows.
struct AuditEnd {
  std::uint64_t seq = 0;
  std::string hash = std::string(32, '\0');
};

// Fed with all rows in order. The first fault is kept; what follows it is not judged, because everything
// behind a broken link hangs in the air.
class AuditChain {
 public:
  // False: there is a fault, and no more rows are needed.
  bool feed(const AuditRows& rows);
  // There are no more rows. The log goes on while it is read: it must reach `least` and may not go beyond
  // `most`.
  void end(const AuditEnd& least, const AuditEnd& most);
  std::uint64_t last() const { return seq_; }
  v1::AuditVerdict verdict() const;

 private:
  bool judge(const core::AuditRow& row);
  bool broken(std::uint64_t seq, const std::string& vi, const std::string& en);

  std::uint64_t seq_ = 0, broken_ = 0;
  std::string previous_ = std::string(32, '\0');
  v1::Text reason_;
};

// Walks the whole log. `end` is asked before and after; everything up to its first answer must be committed.
void verifyAudit(AuditPages pages, std::function<AuditEnd()> end,
                 std::function<void(Result<v1::AuditVerdict>)> done);

}  // namespace diemcau::auth
