// A real RTSP server on loopback that plays a Matroska file's picture and sound as they are. It knows no time
// but that at which a picture is shown: it waits for one, and sends those that are shown before it all at
// once.
#pragma once

#include <memory>
#include <string>

namespace diemcau::test {

class RtspServer {
 public:
  explicit RtspServer(const std::string& file);  // H.264 and AAC
  ~RtspServer();
  RtspServer(const RtspServer&) = delete;
  RtspServer& operator=(const RtspServer&) = delete;

  std::string address() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau::test
