// What tests of the spool share: a directory of their own, and the ids of what a spool holds.
#pragma once

#include <string>
#include <vector>

#include "agent/spool/spool.hpp"
#include "tests/support/temp_dir.hpp"

namespace diemcau::test {

inline std::vector<std::string> ids(const agent::Spool& spool) {
  std::vector<std::string> found;
  spool.each([&](const v1::Record& record) { found.push_back(record.id()); });
  return found;
}

}  // namespace diemcau::test
