// SQLite's codes in plain words.
#include "coordinator/store/sqlite_raw.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace diemcau::store {
namespace {

const char* inWords(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_IOERR:
      return "the disk reports an error";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds the file";
    case SQLITE_READONLY:
      return "the file or its directory cannot be written";
    case SQLITE_CANTOPEN:
      return "the file cannot be opened";
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "access to the file is not allowed";
    case SQLITE_NOMEM:
      return "there is not enough memory";
    case SQLITE_CORRUPT:
      return "the file is damaged";
    case SQLITE_NOTADB:
      return "the file is damaged, or is no database";
    case SQLITE_CONSTRAINT:
      return "the data breaks a rule of the store";
    default:
      return "the database reports an error";
  }
}

}  // namespace

std::string errnoText(int error) {
  return std::generic_category().message(error);
}

Fault lastFault(sq::sqlite3* conn, int code) {
  Fault fault;
  // After an automatic rollback the connection still knows the fault that caused it.
  fault.code = sq::sqlite3_extended_errcode(conn);
  if (code != 0 && (fault.code & 0xff) != (code & 0xff)) fault.code = code;
  const int primary = fault.code & 0xff;
  fault.damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
  fault.constraint = primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH;
  const int system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL
                         ? sq::sqlite3_system_errno(conn)
                         : 0;
  fault.why = fmt::format("{} ({}{}{})", inWords(fault.code), sq::sqlite3_errmsg(conn),
                          system == 0 ? "" : ": ", system == 0 ? "" : errnoText(system));
  return fault;
}

tl::unexpected<Error> damagedError(const std::string& path, const std::string& detail) {
  return fail(
      ErrorCode::kInternal,
      fmt::format(
          "The store {} is damaged: {}. It was not opened and not changed. Bring the newest backup back "
          "with: diemcau restore BACKUP --store {}   (it keeps the damaged file)",
          path, detail, path),
      fmt::format(
          "Kho dữ liệu {} bị hỏng: {}. Tệp chưa được mở và không bị thay đổi. Hãy khôi phục bản sao lưu mới "
          "nhất: diemcau restore BẢN-SAO --store {}   (tệp hỏng vẫn được giữ lại)",
          path, detail, path));
}

tl::unexpected<Error> systemError(const std::string& path, const char* en, const char* vi, int error) {
  const ErrorCode code = error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal;
  return fail(code, fmt::format("The store {}: {}: {}", path, en, errnoText(error)),
              fmt::format("Kho dữ liệu {}: {}: {}", path, vi, errnoText(error)));
}

tl::unexpected<Error> storeError(const std::string& path, const Fault& fault) {
  if (fault.damaged) return damagedError(path, fault.why);
  const int primary = fault.code & 0xff;
  const bool held = primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
  return fail(
      held ? ErrorCode::kUnavailable : ErrorCode::kInternal,
      fmt::format("The store {}: {}; check the disk, its free space and who owns the file", path, fault.why),
      fmt::format("Kho dữ liệu {}: {}; hãy kiểm tra ổ đĩa, dung lượng trống và chủ sở hữu của tệp", path,
                  fault.why));
}

tl::expected<void, Fault> exec(sq::sqlite3* conn, const char* sql) {
  if (const int code = sq::sqlite3_exec(conn, sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
    return tl::unexpected(lastFault(conn, code));
  return {};
}

tl::expected<std::string, Fault> scalar(sq::sqlite3* conn, const char* sql) {
  sq::sqlite3_stmt* statement = nullptr;
  int code = sq::sqlite3_prepare_v2(conn, sql, -1, &statement, nullptr);
  std::string out;
  if (code == SQLITE_OK) code = sq::sqlite3_step(statement);
  if (code == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sq::sqlite3_column_text(statement, 0));
    if (text != nullptr) out = text;
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE && code != SQLITE_OK) {
    auto fault = lastFault(conn, code);
    sq::sqlite3_finalize(statement);
    return tl::unexpected(std::move(fault));
  }
  sq::sqlite3_finalize(statement);
  return out;
}

bool syncDirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace diemcau::store
