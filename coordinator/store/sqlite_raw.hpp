// SQLite's own interface, for what SOCI does not offer: pragmas, checks, backup, error codes; and those codes
// in words.
#pragma once

// Debian builds SOCI with its binding of Boost types, whose headers we neither need nor install. Only
// templates depend on it, nothing in the library.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <memory>
#include <string>

#include "base/result.hpp"

namespace diemcau::store {

namespace sq = sqlite_api;  // SOCI's header includes sqlite3.h inside this namespace

// What went wrong in a call to SQLite.
struct Fault {
  int code = 0;             // extended result code
  std::string why;          // for a person: "the disk is full (...)"
  bool damaged = false;     // the file is not what it was
  bool constraint = false;  // the data breaks a rule of the schema: a fault of ours, trying again cannot help
};

// Of the last call on `conn`; `code` where it is known better than the connection knows.
Fault lastFault(sq::sqlite3* conn, int code = 0);

// kInternal with "damaged" for a damaged file, kUnavailable for one that is locked, else kInternal.
tl::unexpected<Error> storeError(const std::string& path, const Fault& fault);
tl::unexpected<Error> damagedError(const std::string& path, const std::string& detail);

// A call of the system failed with `error`.
tl::unexpected<Error> systemError(const std::string& path, const char* en, const char* vi, int error);

tl::expected<void, Fault> exec(sq::sqlite3* conn, const char* sql);
// First column of the first row as text; empty when there is none.
tl::expected<std::string, Fault> scalar(sq::sqlite3* conn, const char* sql);

struct CloseConnection {
  void operator()(sq::sqlite3* conn) const { sq::sqlite3_close(conn); }
};
using Connection = std::unique_ptr<sq::sqlite3, CloseConnection>;

// "Diem": in the header of each of our files, so that another program's file is not taken for ours.
constexpr int kApplicationId = 0x4469656d;

std::string errnoText(int error);
// The directory that holds `path`, on the disk for good.
bool syncDirectoryOf(const std::string& path);

}  // namespace diemcau::store
