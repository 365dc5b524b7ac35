// The newest small picture of each site: in memory alone, within 64 MiB together. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "diemcau/v1/history.pb.h"

namespace diemcau::core {

class Thumbnails {
 public:
  static constexpr std::size_t kMostBytes = 16 * 1024, kMostTogether = 64 * 1024 * 1024;

  explicit Thumbnails(std::size_t together = kMostTogether) : together_(together) {}

  // False: not a picture of ours, or not newer than the one that is there. Beyond the limit the oldest goes.
  bool add(const std::string& site_id, const v1::Thumbnail& thumbnail, Micros now);
  const v1::SiteThumbnail* find(std::string_view site_id) const;
  // Those that arrived after, oldest first, about 4 MiB of them at most; newest_us is where to go on.
  v1::ThumbnailList after(Micros after, const std::function<bool(const std::string&)>& shows) const;

 private:
  void drop(const std::string& site_id);

  std::size_t together_, bytes_ = 0;
  Micros newest_ = 0;
  std::map<std::string, v1::SiteThumbnail, std::less<>> by_site_;
  std::map<Micros, std::string> by_arrival_;  // each has a moment of its own
};

}  // namespace diemcau::core
