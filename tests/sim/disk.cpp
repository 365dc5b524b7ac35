// See disk.hpp.
#include "tests/sim/disk.hpp"

#include <cerrno>

#include "tests/sim/process.hpp"

namespace diemcau::sim {

class SimFile final : public agent::DiskFile {
 public:
  SimFile(SimDisk& disk, std::shared_ptr<SimDisk::Inode> inode) : disk_(disk), inode_(std::move(inode)) {}
  int write(std::string_view bytes, std::size_t at) override { return disk_.write(*inode_, bytes, at); }
  int sync() override { return disk_.sync(*inode_); }
  int truncate(std::size_t size) override {
    disk_.operation();
    inode_->content.resize(size);
    inode_->truncated = true;
    return 0;
  }
  std::string read(std::size_t at, std::size_t length) const override {
    if (at + length > inode_->content.size()) return {};
    return inode_->content.substr(at, length);
  }

 private:
  SimDisk& disk_;
  std::shared_ptr<SimDisk::Inode> inode_;
};

std::unique_ptr<agent::DiskFile> SimDisk::open(const std::string& path, Mode mode, int& error) {
  error = 0;
  const auto found = names_.find(path);
  if (mode == kFresh) {
    operation();
    if (full_) {
      error = ENOSPC;
      return nullptr;
    }
    auto inode = std::make_shared<Inode>();
    change({"", path, inode});
    return std::make_unique<SimFile>(*this, std::move(inode));
  }
  if (found == names_.end()) {
    error = ENOENT;
    return nullptr;
  }
  return std::make_unique<SimFile>(*this, found->second);
}

Result<std::string> SimDisk::read(const std::string& path, std::size_t most) {
  const auto found = names_.find(path);
  if (found == names_.end()) return fail(ErrorCode::kNotFound, path + " is not there");
  if (found->second->content.size() > most) return fail(ErrorCode::kTooBig, path + " is too large");
  return found->second->content;
}

Done SimDisk::replace(const std::string& path, std::string_view content) {
  if (mutation_ == Mutation::kForgetsAssignment && path.ends_with("/assignment")) return {};
  operation();
  if (full_) return fail(ErrorCode::kInternal, path + ": no space left on device");
  auto inode = std::make_shared<Inode>();
  const auto beside = path + ".5eed.new";
  change({"", beside, inode});
  if (const int failed = write(*inode, content, 0); failed != 0)
    return fail(ErrorCode::kInternal, path + ": cannot write");
  sync(*inode);
  operation();
  change({beside, path, inode});
  syncDirectory({});
  return {};
}

std::vector<std::string> SimDisk::list(const std::string& dir) const {
  std::vector<std::string> names;
  for (const auto& [path, inode] : names_)
    if (path.starts_with(dir + "/") && path.find('/', dir.size() + 1) == std::string::npos)
      names.push_back(path.substr(dir.size() + 1));
  return names;
}

int SimDisk::remove(const std::string& path) {
  operation();
  const auto found = names_.find(path);
  if (found == names_.end()) return ENOENT;
  change({path, "", found->second});
  return 0;
}

int SimDisk::rename(const std::string& from, const std::string& to) {
  operation();
  const auto found = names_.find(from);
  if (found == names_.end()) return ENOENT;
  change({from, to, found->second});
  return 0;
}

int SimDisk::makeDirectory(const std::string&) {
  operation();
  return 0;
}

int SimDisk::syncDirectory(const std::string&) {
  operation();
  if (mutation_ == Mutation::kNoFsync) return 0;
  for (const auto& one : changes_) apply(durable_names_, one);
  changes_.clear();
  return 0;
}

std::uint64_t SimDisk::random() {
  const auto value = dice_.next();
  return value == 0 ? 1 : value;
}

void SimDisk::operation() {
  if (crash_in_ == 0 || --crash_in_ != 0) return;
  throw Crash{crash_power_};
}

void SimDisk::change(NameChange one) {
  apply(names_, one);
  changes_.push_back(std::move(one));
}

void SimDisk::apply(Names& names, const NameChange& one) {
  if (!one.from.empty()) names.erase(one.from);
  if (!one.to.empty()) names[one.to] = one.inode;
}

int SimDisk::write(Inode& inode, std::string_view bytes, std::size_t at) {
  operation();
  if (full_) bytes = bytes.substr(0, dice_.below(bytes.size()));
  if (inode.content.size() < at + bytes.size()) inode.content.resize(at + bytes.size());
  inode.content.replace(at, bytes.size(), bytes);
  inode.unsynced.emplace_back(at, bytes);
  return full_ ? ENOSPC : 0;
}

int SimDisk::sync(Inode& inode) {
  operation();
  if (mutation_ == Mutation::kNoFsync) return 0;
  inode.durable = inode.content;
  inode.unsynced.clear();
  inode.truncated = false;
  return 0;
}

// Some of what was not synced is there: whole writes, then one that is torn.
void SimDisk::tear(Inode& inode) {
  auto left = inode.durable;
  if (inode.truncated && dice_.percent(50))
    left = inode.content.substr(0, std::min(left.size(), inode.content.size()));
  for (const auto& [at, bytes] : inode.unsynced) {
    const auto kept = dice_.percent(40) ? bytes.size() : dice_.below(bytes.size() + 1);
    if (left.size() < at + kept) left.resize(at + kept);
    left.replace(at, kept, bytes.substr(0, kept));
    // The file's length is written before its content: a hole of zeros.
    if (kept < bytes.size() && dice_.percent(30)) left.resize(std::max(left.size(), at + bytes.size()));
    if (kept < bytes.size()) break;
  }
  inode.content = inode.durable = left;
  inode.unsynced.clear();
  inode.truncated = false;
}

void SimDisk::afterPowerCut() {
  crash_in_ = 0;
  const auto kept = dice_.below(changes_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) apply(durable_names_, changes_[i]);
  changes_.clear();
  names_ = durable_names_;
  for (auto& [path, inode] : names_) {
    tear(*inode);
    if (mutation_ == Mutation::kLostPage && path.ends_with(".log") && inode->content.size() > 64) {
      inode->content.resize(inode->content.size() / 2);
      inode->durable = inode->content;
    }
  }
  if (mutation_ == Mutation::kNumbersAgain) afterKill();
}

void SimDisk::afterKill() {
  crash_in_ = 0;
  if (mutation_ != Mutation::kNumbersAgain) return;
  std::erase_if(names_, [](const auto& name) {
    return name.first.ends_with(".log") || name.first.ends_with("/acked");
  });
  durable_names_ = names_;
  changes_.clear();
}

}  // namespace diemcau::sim
