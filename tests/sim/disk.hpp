// A site's disk: content that is written and content that is durable are two things. A power cut keeps what
// was synced and some of the rest, the last of it torn; names follow in the order in which they were changed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/spool/disk.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/mutation.hpp"

namespace diemcau::sim {

class SimDisk final : public agent::Disk {
 public:
  SimDisk(Dice dice, Mutation mutation) : dice_(dice), mutation_(mutation) {}

  std::unique_ptr<agent::DiskFile> open(const std::string& path, Mode mode, int& error) override;
  Result<std::string> read(const std::string& path, std::size_t most) override;
  Done replace(const std::string& path, std::string_view content) override;
  std::vector<std::string> list(const std::string& dir) const override;
  int remove(const std::string& path) override;
  int rename(const std::string& from, const std::string& to) override;
  int makeDirectory(const std::string& path) override;
  int syncDirectory(const std::string& dir) override;
  std::uint64_t random() override;

  void full(bool full) { full_ = full; }
  bool isFull() const { return full_; }
  // The process, or the machine, dies at the n-th operation from now that changes something.
  void crashAt(unsigned operations, bool power) { crash_in_ = operations, crash_power_ = power; }
  // What a power cut leaves, or kill -9 (everything).
  void afterPowerCut();
  void afterKill();

 private:
  friend class SimFile;
  struct Inode {
    std::string content, durable;
    std::vector<std::pair<std::size_t, std::string>> unsynced;  // writes in order
    bool truncated = false;                                     // since the last sync
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  struct NameChange {
    std::string from, to;  // `to` empty: removed; `from` empty: made
    std::shared_ptr<Inode> inode;
  };
  void operation();  // may throw Crash
  void change(NameChange change);
  static void apply(Names& names, const NameChange& change);
  int write(Inode& inode, std::string_view bytes, std::size_t at);
  int sync(Inode& inode);
  void tear(Inode& inode);

  Dice dice_;
  Mutation mutation_;
  Names names_, durable_names_;
  std::vector<NameChange> changes_;  // not yet durable
  bool full_ = false, crash_power_ = false;
  unsigned crash_in_ = 0;
};

}  // namespace diemcau::sim
