// A site's records, in memory: numbered from 1, kept until the end so that the ledger can name them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diemcau/v1/record.pb.h"
#include "wire/site_link.hpp"

namespace diemcau::fleet {

class Spool {
 public:
  // Fills in the number; returns it.
  std::uint64_t add(v1::Record& record);
  std::vector<wire::SiteLink::SpoolRecord> read(std::uint64_t after, std::size_t max_bytes) const;
  void acknowledged(std::uint64_t number);

  std::uint64_t newest() const { return records_.size(); }
  std::uint64_t acked() const { return acked_; }
  std::uint64_t pending() const { return newest() - acked_; }
  const std::vector<std::string>& ids() const { return ids_; }

 private:
  std::vector<std::string> records_, ids_;
  std::uint64_t acked_ = 0;
};

}  // namespace diemcau::fleet
