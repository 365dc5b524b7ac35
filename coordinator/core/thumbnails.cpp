// See thumbnails.hpp.
#include "coordinator/core/thumbnails.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace diemcau::core {
namespace {

constexpr std::size_t kMostInAnswer = 4 * 1024 * 1024;

bool isJpeg(std::string_view bytes) {
  return bytes.size() > 4 && bytes.starts_with("\xff\xd8\xff") && bytes.ends_with("\xff\xd9");
}

}  // namespace

bool Thumbnails::add(const std::string& site_id, const v1::Thumbnail& thumbnail, Micros now) {
  const auto& jpeg = thumbnail.jpeg();
  if (jpeg.size() > kMostBytes || !isJpeg(jpeg) || !validId(thumbnail.feed_id())) return false;
  const auto* before = find(site_id);
  if (before != nullptr && before->thumbnail().at_us() == thumbnail.at_us()) return false;
  drop(site_id);
  newest_ = std::max(now, newest_ + 1);
  auto& kept = by_site_[site_id];
  kept.set_site_id(site_id);
  kept.set_arrived_us(newest_);
  kept.mutable_thumbnail()->set_feed_id(thumbnail.feed_id());
  kept.mutable_thumbnail()->set_at_us(thumbnail.at_us());
  kept.mutable_thumbnail()->set_jpeg(jpeg);
  by_arrival_[newest_] = site_id;
  bytes_ += jpeg.size();
  while (bytes_ > together_) drop(std::string(by_arrival_.begin()->second));
  return true;
}

void Thumbnails::drop(const std::string& site_id) {
  const auto found = by_site_.find(site_id);
  if (found == by_site_.end()) return;
  bytes_ -= found->second.thumbnail().jpeg().size();
  by_arrival_.erase(found->second.arrived_us());
  by_site_.erase(found);
}

const v1::SiteThumbnail* Thumbnails::find(std::string_view site_id) const {
  const auto found = by_site_.find(site_id);
  return found == by_site_.end() ? nullptr : &found->second;
}

v1::ThumbnailList Thumbnails::after(Micros after,
                                    const std::function<bool(const std::string&)>& shows) const {
  v1::ThumbnailList out;
  out.set_newest_us(after);
  std::size_t bytes = 0;
  for (auto one = by_arrival_.upper_bound(after); one != by_arrival_.end() && bytes < kMostInAnswer; ++one) {
    out.set_newest_us(one->first);
    if (!shows(one->second)) continue;
    const auto& picture = by_site_.find(one->second)->second;
    bytes += picture.thumbnail().jpeg().size();
    *out.add_thumbnails() = picture;
  }
  return out;
}

}  // namespace diemcau::core
