// HLS segments of all feeds: put there by the feeds' threads, read by the HTTP server's. One lock, held for a
// copy.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/studio/hls.hpp"
#include "tests/studio/output.hpp"

namespace diemcau::studio {

class HlsShelf {
 public:
  struct Answer {
    int status = 404;
    std::string type = "text/plain";
    std::string body;
  };

  // "/main/index.m3u8", "/main/000012.ts". 503 while the feed is cut or has no segment yet.
  Answer answer(std::string_view path) const;

  void put(const std::string& feed, Segment segment);
  void cut(const std::string& feed, bool cut);
  std::string playlist(const std::string& feed) const;
  std::optional<std::string> dropped(const std::string& feed) const;

 private:
  struct Row {
    HlsWindow window{5};
    bool cut = false;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Row, std::less<>> rows_;  // guarded by mutex_
};

// Cuts a feed into segments for the shelf and, when `dir` is not empty, into files of DIR/FEED.
Result<std::unique_ptr<Output>> hlsOutput(HlsShelf& shelf, std::string feed, const std::string& dir);

}  // namespace diemcau::studio
