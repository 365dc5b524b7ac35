// A studio's mark beside each picture: an SEI message "user data unregistered" (ITU-T H.264 and H.265, annex
// D: payload type 5) under a UUID of ours, with a FeedMark in it. Decoders pass over it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "diemcau/v1/feed.pb.h"

namespace diemcau::wire {

enum class VideoCoding { kH264, kH265 };

// One unit in byte-stream format, its start code first; belongs before the picture's first slice.
std::string writeFeedMark(const v1::FeedMark& mark, VideoCoding coding);
// Of one frame in byte-stream format, looked for before its first slice. Nothing where there is none, or one
// that is longer than 320 bytes, damaged, or names its briefing in more than 64 characters.
std::optional<v1::FeedMark> findFeedMark(std::span<const std::uint8_t> frame, VideoCoding coding);

// Position after the next start code 00 00 01 at or after `from`, or `size`.
std::size_t afterStartCode(const std::uint8_t* data, std::size_t size, std::size_t from);

}  // namespace diemcau::wire
