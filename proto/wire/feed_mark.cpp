#include "wire/feed_mark.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"

namespace diemcau::wire {
namespace {

constexpr std::array<std::uint8_t, 16> kOurs = {0x6f, 0x1d, 0x2c, 0x5e, 0x8b, 0x0a, 0x4c, 0x7e,
                                                0x9a, 0x3d, 0xd1, 0xe3, 0xca, 0x0f, 0xee, 0x0d};
constexpr std::size_t kMostBytes = 320;  // of a FeedMark
constexpr std::size_t kMostName = 64;    // characters
constexpr std::size_t kMostUnit = 4096;  // bytes looked at: others write captions there
constexpr unsigned kUserData = 5;

using Bytes = std::span<const std::uint8_t>;

struct Unit {
  bool sei = false, slice = false;
  std::size_t header = 1;  // bytes
};

Unit unitOf(std::uint8_t first, VideoCoding coding) {
  if (coding == VideoCoding::kH264) {
    const int type = first & 31;
    return {type == 6, type >= 1 && type <= 5, 1};
  }
  const int type = first >> 1 & 63;
  return {type == 39, type < 32, 2};
}

// Without the bytes that keep start codes out of the content.
std::string unescaped(Bytes bytes) {
  std::string out;
  unsigned zeros = 0;
  for (const std::uint8_t byte : bytes) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(static_cast<char>(byte));
  }
  return out;
}

// A number written as a run of 255 and a last byte.
bool readRun(std::string_view& from, std::size_t& out) {
  out = 0;
  while (!from.empty()) {
    const auto byte = static_cast<std::uint8_t>(from.front());
    from.remove_prefix(1);
    out += byte;
    if (byte != 255) return true;
  }
  return false;
}

std::optional<v1::FeedMark> parseMark(std::string_view payload) {
  if (payload.size() < kOurs.size() || payload.size() > kOurs.size() + kMostBytes ||
      std::memcmp(payload.data(), kOurs.data(), kOurs.size()) != 0)
    return {};
  payload.remove_prefix(kOurs.size());
  v1::FeedMark mark;
  if (!mark.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) return {};
  auto briefing = cleanText(mark.briefing(), kMostName, "mark");
  if (!briefing) return {};
  mark.set_briefing(std::move(*briefing));
  return mark;
}

std::optional<v1::FeedMark> parseMessages(std::string_view messages) {
  std::size_t type = 0, size = 0;
  while (messages.size() > 2 && readRun(messages, type) && readRun(messages, size)) {
    if (size > messages.size()) return {};
    if (type == kUserData) {
      if (auto mark = parseMark(messages.substr(0, size))) return mark;
    }
    messages.remove_prefix(size);
  }
  return {};
}

}  // namespace

std::size_t afterStartCode(const std::uint8_t* data, std::size_t size, std::size_t from) {
  while (from + 3 <= size) {
    const void* found = std::memchr(data + from + 2, 1, size - from - 2);
    if (found == nullptr) return size;
    const std::size_t at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - data);
    if (data[at - 1] == 0 && data[at - 2] == 0) return at + 1;
    from = at - 1;
  }
  return size;
}

std::string writeFeedMark(const v1::FeedMark& mark, VideoCoding coding) {
  const std::string body = mark.SerializeAsString();
  DIEMCAU_INVARIANT(body.size() <= kMostBytes);
  std::string content(1, static_cast<char>(kUserData));
  std::size_t size = kOurs.size() + body.size();
  for (; size >= 255; size -= 255) content.push_back(static_cast<char>(255));
  content.push_back(static_cast<char>(size));
  content.append(reinterpret_cast<const char*>(kOurs.data()), kOurs.size());
  content += body;
  content.push_back(static_cast<char>(0x80));  // the stop bit

  std::string out(coding == VideoCoding::kH264 ? std::string_view("\0\0\0\1\x06", 5)
                                               : std::string_view("\0\0\0\1\x4e\x01", 6));
  unsigned zeros = 0;
  for (const char byte : content) {
    if (zeros >= 2 && static_cast<std::uint8_t>(byte) <= 3) {
      out.push_back(3);
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

std::optional<v1::FeedMark> findFeedMark(Bytes frame, VideoCoding coding) {
  std::size_t at = afterStartCode(frame.data(), frame.size(), 0);
  while (at < frame.size()) {
    const Unit unit = unitOf(frame[at], coding);
    if (unit.slice) return {};
    const std::size_t next = afterStartCode(frame.data(), frame.size(), at);
    const std::size_t code = next < frame.size() ? 3 : 0;  // the one that begins the next unit
    const std::size_t length = std::min(next - at - code, kMostUnit);
    if (unit.sei && length > unit.header) {
      if (auto mark = parseMessages(unescaped(frame.subspan(at + unit.header, length - unit.header))))
        return mark;
    }
    at = next;
  }
  return {};
}

}  // namespace diemcau::wire
