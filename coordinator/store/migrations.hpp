// The store's schema, as numbered steps. A step that was once released never changes: its checksum is in
// every store that took it, and a store that took another one is refused.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "coordinator/store/sqlite_raw.hpp"

namespace diemcau::store {

struct Migration {
  int number;  // from 1, without gaps
  const char* name;
  const char* sql;
};

const std::vector<Migration>& sqliteMigrations();

std::string checksumOf(const Migration& migration);  // SHA-256 in hex

// Applies what is missing, each in a transaction of its own. kConflict: the store is of a newer program, or
// its steps are not ours; nothing was changed.
Result<void> migrate(sq::sqlite3* conn, const std::string& path, const std::vector<Migration>& migrations);

}  // namespace diemcau::store
