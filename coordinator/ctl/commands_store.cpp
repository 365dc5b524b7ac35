// Copies of the coordinator's store. They work on the file, on the centre's own machine, and need no
// coordinator.
#include <filesystem>

#include "base/time.hpp"
#include "coordinator/ctl/commands.hpp"
#include "coordinator/store/store.hpp"

namespace diemcau::ctl {
namespace {

// A refusal of the store as an exit code of ours.
int storeFailed(Context& context, const Error& error) {
  int code = kRefused;
  if (error.code == ErrorCode::kNotFound) code = kNotFound;
  if (error.code == ErrorCode::kUnavailable) code = kTryLater;
  return failed(context, Failure{code, error.text, error.vi.empty() ? error.text : error.vi, {}});
}

std::uintmax_t sizeOf(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return none ? 0 : size;
}

}  // namespace

int storeBackup(Context& context) {
  const Arguments& wish = context.arguments;
  auto done = store::backupSqlite(wish.store, wish.output);
  if (!done) return storeFailed(context, done.error());
  const auto size = static_cast<double>(sizeOf(wish.output)) / (1024.0 * 1024.0);
  context.out << context.speech.say("✓ đã sao lưu ", "✓ backed up ") << wish.store << " → " << wish.output
              << " (" << fmt::format("{:.1f} MiB", size) << ")\n";
  return kOk;
}

int storeRestore(Context& context) {
  const Arguments& wish = context.arguments;
  auto kept = store::restoreSqlite(wish.what, wish.store);
  if (!kept) return storeFailed(context, kept.error());
  context.out << context.speech.say("✓ đã khôi phục ", "✓ restored ") << wish.what << " → " << wish.store
              << "\n";
  if (!kept->empty())
    context.out << context.speech.say("  tệp cũ được giữ ở ", "  what was there is kept as ") << *kept
                << "\n";
  context.out << context.speech.say(
      "  Bản ghi mà điểm cầu đã gửi sau lúc sao lưu không có trong bản này; bộ điều phối sẽ báo từng điểm "
      "cầu.\n",
      "  Records that sites delivered after the backup are not in it; the coordinator names each such "
      "site.\n");
  return kOk;
}

}  // namespace diemcau::ctl
