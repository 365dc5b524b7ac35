// See spool.hpp.
#include "tests/fleet/spool.hpp"

#include <algorithm>

namespace diemcau::fleet {

std::uint64_t Spool::add(v1::Record& record) {
  record.set_number(records_.size() + 1);
  ids_.push_back(record.id());
  records_.push_back(record.SerializeAsString());
  return records_.size();
}

std::vector<wire::SiteLink::SpoolRecord> Spool::read(std::uint64_t after, std::size_t max_bytes) const {
  std::vector<wire::SiteLink::SpoolRecord> out;
  std::size_t bytes = 0;
  for (std::uint64_t n = after; n < records_.size() && bytes + records_[n].size() <= max_bytes; ++n) {
    bytes += records_[n].size();
    out.push_back({n + 1, records_[n]});
  }
  return out;
}

void Spool::acknowledged(std::uint64_t number) {
  acked_ = std::max(acked_, std::min(number, newest()));
}

}  // namespace diemcau::fleet
