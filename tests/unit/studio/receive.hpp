// Receivers for tests: what a file holds, decoded, and SRT callers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace diemcau::studio::test {

struct Decoded {
  int width = 0, height = 0;
  std::vector<double> luma;      // mean of each picture, in order
  std::vector<double> moved;     // mean difference to the picture before; 0 for the first
  std::vector<double> level;     // rms of each block of sound, 0-1
  std::vector<double> level_at;  // seconds since the first block
  std::string error;
};

Decoded decode(const std::string& path);

// Calls at once and collects what comes.
class SrtCaller {
 public:
  explicit SrtCaller(int port, const std::string& passphrase = {});
  ~SrtCaller();
  SrtCaller(const SrtCaller&) = delete;
  SrtCaller& operator=(const SrtCaller&) = delete;

  std::size_t size() const;
  std::string bytes() const;
  // The connection was refused or has ended.
  bool ended() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

int freeUdpPort();

}  // namespace diemcau::studio::test
