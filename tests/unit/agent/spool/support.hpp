// What tests of the spool share: a directory of their own, gone with it, and the ids of what a spool holds.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/spool/spool.hpp"

namespace diemcau::test {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "diemcau-spool-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::vector<std::string> ids(const agent::Spool& spool) {
  std::vector<std::string> found;
  spool.each([&](const v1::Record& record) { found.push_back(record.id()); });
  return found;
}

}  // namespace diemcau::test
