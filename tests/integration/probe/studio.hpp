// The studio's test broadcast on free ports of this machine.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {

// A port that nobody uses now: for UDP and SRT, and for TCP.
int freeUdpPort();
std::string srtAddress(int port);  // on loopback
int freeTcpPort();

class Studio {
 public:
  // `words` are its further arguments; waits until it sends.
  explicit Studio(std::vector<std::string> words);

  const std::string& srt() const { return srt_; }
  const std::string& hls() const { return hls_; }
  // When the fault began or ended, by its own word; nothing within the limit.
  std::optional<Micros> cue(const std::string& name, const std::string& state, int limit_ms = 60'000);
  std::string errors() const { return process_->errors(); }

 private:
  std::unique_ptr<Process> process_;
  std::string srt_, hls_;
};

}  // namespace diemcau::test
