// The first admin, and a look at the audit log.
#include "coordinator/app/people_setup.hpp"

#include <cstdio>
#include <optional>

#include "base/log.hpp"
#include "base/secret_input.hpp"
#include "coordinator/auth/directory.hpp"
#include "coordinator/auth/passwords.hpp"
#include "coordinator/store/store.hpp"

namespace diemcau::app {
namespace {

constexpr unsigned kSetupPatienceMs = 5000;

// Hears nothing but what concerns people.
class PeopleOnly final : public store::Reader {
 public:
  explicit PeopleOnly(auth::Directory& people) : people_(people) {}
  bool object(std::string_view kind, std::string_view id, std::string_view body) override {
    return people_.restore(kind, id, body);
  }
  void record(const v1::LedgerRecord&) override {}
  void timeline(const v1::TimelineEntry&) override {}
  void audit(const core::AuditRow& newest) override { people_.restoreAudit(newest); }

 private:
  auth::Directory& people_;
};

struct Opened {
  Loop loop;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<auth::Directory> people;
};

int saySetup(int code, const std::string& text) {
  std::fprintf(stderr, "diemcau-coordinator: %s\n", text.c_str());
  return code;
}

int open(const Settings& settings, Opened& opened) {
  auto store = store::openSqlite(settings.store.path, opened.loop);
  if (!store) {
    const bool busy = store.error().code == ErrorCode::kUnavailable;
    return saySetup(busy ? exit_code::kTryAgain : exit_code::kConfig, store.error().text);
  }
  opened.store = std::move(*store);
  opened.people = std::make_unique<auth::Directory>(auth::DirectoryPorts{
      systemClock(),
      [&opened](core::StoreBatch batch, std::function<void()> then) {
        opened.store->commit(std::move(batch), std::move(then));
      },
      [] { return true; }, [](auth::DirectoryPorts::Job) { return false; },
      [](const std::string&) { return false; },
      [&opened](std::uint64_t after, std::size_t most, std::function<void(Result<auth::AuditRows>)> done) {
        opened.store->auditPage(after, most, std::move(done));
      }});
  PeopleOnly reader(*opened.people);
  if (auto ok = opened.store->load(reader); !ok) return saySetup(exit_code::kConfig, ok.error().text);
  return exit_code::kOk;
}

// Given by a person, or made.
Result<std::string> passwordFor(const Options& options, bool& made) {
  made = false;
  if (options.password_stdin) return readSecretLine();
  if (!options.generate && canAskSecret()) {
    auto first =
        askSecret("Password of " + options.admin + " (at least 10 characters; empty: one is made): ");
    if (!first || !first->empty()) {
      if (!first) return first;
      auto second = askSecret("Once more: ");
      if (second && *second != *first) return fail(ErrorCode::kInvalid, "the two are not the same");
      return second;
    }
  }
  made = true;
  return auth::makePassword();
}

int setPassword(Opened& opened, const Options& options, bool first) {
  bool made = false;
  const auto password = passwordFor(options, made);
  if (!password) return saySetup(exit_code::kUsage, password.error().text);
  core::StoreBatch batch;
  const auto done = first ? opened.people->firstAdmin(options.admin, *password, made, batch)
                          : opened.people->recover(options.admin, *password, batch);
  if (!done) return saySetup(exit_code::kUsage, done.error().text);
  bool stored = false;
  opened.store->commit(std::move(batch), [&] {
    stored = true;
    opened.loop.stop();
  });
  auto limit = opened.loop.after(kSetupPatienceMs * kMillisecond, [&] { opened.loop.stop(); });
  opened.loop.run();
  if (!stored || !opened.store->close(kSetupPatienceMs))
    return saySetup(exit_code::kIo, "the account could not be stored; see the disk and its free space");
  std::printf("account=%s\n", options.admin.c_str());
  if (made) std::printf("one-time-password=%s\n", password->c_str());
  return exit_code::kOk;
}

}  // namespace

int makeFirstAdmin(const Settings& settings, const Options& options) {
  Opened opened;
  if (int code = open(settings, opened); code != exit_code::kOk) return code;
  if (opened.people->open()) return setPassword(opened, options, true);
  return saySetup(
      exit_code::kConfig,
      "there are accounts already; an admin adds more with: diemcau account add. Nothing was changed");
}

int recoverAccount(const Settings& settings, const Options& options) {
  Opened opened;
  if (int code = open(settings, opened); code != exit_code::kOk) return code;
  return setPassword(opened, options, false);
}

int verifyAuditOffline(const Settings& settings) {
  Opened opened;
  if (int code = open(settings, opened); code != exit_code::kOk) return code;
  std::optional<Result<v1::AuditVerdict>> verdict;
  opened.people->auditVerify([&](Result<v1::AuditVerdict> found) {
    verdict = std::move(found);
    opened.loop.stop();
  });
  opened.loop.run();
  if (!*verdict) return saySetup(exit_code::kIo, verdict->error().text);
  const v1::AuditVerdict& found = **verdict;
  if (!found.whole()) {
    return saySetup(exit_code::kDamagedAudit, "the audit log is broken at entry " +
                                                  std::to_string(found.broken_seq()) + ": " +
                                                  found.reason().en());
  }
  std::printf("the audit log is whole: %llu entries, the newest has the hash %s\n",
              static_cast<unsigned long long>(found.entries()), found.head().c_str());
  return exit_code::kOk;
}

}  // namespace diemcau::app
