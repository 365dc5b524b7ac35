// A real RTMP server (node-media-server) and a real publisher (ffmpeg) on loopback.
#pragma once

#include <memory>
#include <string>

#include "tests/support/process.hpp"

namespace diemcau::test {

class RtmpServer {
 public:
  // Waits until it can be reached.
  explicit RtmpServer(int port);

  // ffmpeg sends picture and sound to /live/NAME, from now until its end; waits until the server has it.
  std::unique_ptr<Process> publish(const std::string& name);
  // Waits until the server knows that nobody sends that stream any more.
  void waitForEnd(const std::string& name);

 private:
  const int port_;
  Process process_;
};

}  // namespace diemcau::test
