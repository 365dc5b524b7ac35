// A sound server of the test's own, with one output that nobody hears, and what plays there.
#pragma once

#include <memory>
#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace diemcau::test {

class SoundServer {
 public:
  // While it lives, programs that are started play and record there: in PulseAudio the output is `hall` and
  // what it plays is picked up as `hall.monitor`; ALSA knows that as `hall`, and a card that is not there as
  // `gone`.
  SoundServer();
  ~SoundServer();
  SoundServer(const SoundServer&) = delete;
  SoundServer& operator=(const SoundServer&) = delete;

  // Plays a tone of -23 dBFS while the process lives.
  std::unique_ptr<Process> tone() const;
  void end() { server_.reset(); }

 private:
  TempDir dir_;
  std::unique_ptr<Process> server_;
};

}  // namespace diemcau::test
