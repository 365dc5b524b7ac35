// See segment.hpp and FORMAT.md.
#include "agent/spool/segment.hpp"

#include <optional>

#include "agent/spool/crc32c.hpp"
#include "base/json.hpp"

namespace diemcau::agent {
namespace {

constexpr std::string_view kMagic = "DCSPOOL1";

template <class Number>
void put(std::string& bytes, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    bytes.push_back(static_cast<char>((number >> (8 * i)) & 0xFFU));
}

template <class Number>
Number get(std::string_view bytes, std::size_t at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number |= static_cast<Number>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return number;
}

// The payload of a whole frame at `at`.
std::optional<std::string_view> payloadAt(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + kFrameHead + 1) return std::nullopt;
  const auto length = get<std::uint32_t>(bytes, at + 4);
  if (length == 0 || length > kMostPayload || bytes.size() - at - kFrameHead < length) return std::nullopt;
  if (crc32c(bytes.substr(at + 4, 4 + length)) != get<std::uint32_t>(bytes, at)) return std::nullopt;
  return bytes.substr(at + kFrameHead, length);
}

bool anyFrame(std::string_view bytes, std::size_t from) {
  for (auto at = from; at + kFrameHead < bytes.size(); ++at)
    if (payloadAt(bytes, at)) return true;
  return false;
}

}  // namespace

std::string segmentHeader(std::uint64_t epoch, std::uint64_t first) {
  std::string bytes(kMagic);
  put(bytes, epoch);
  put(bytes, first);
  put(bytes, crc32c(bytes));
  put(bytes, std::uint32_t{0});
  return bytes;
}

void putFrame(std::string& bytes, std::string_view payload) {
  std::string checked;
  checked.reserve(4 + payload.size());
  put(checked, static_cast<std::uint32_t>(payload.size()));
  checked += payload;
  put(bytes, crc32c(checked));
  bytes += checked;
}

SegmentScan scanSegment(std::string_view bytes) {
  SegmentScan scan;
  scan.header = bytes.size() >= kSegmentHeader && bytes.starts_with(kMagic) &&
                crc32c(bytes.substr(0, 24)) == get<std::uint32_t>(bytes, 24);
  if (!scan.header) {
    scan.damaged = anyFrame(bytes, 0);
    return scan;
  }
  scan.epoch = get<std::uint64_t>(bytes, 8);
  scan.first = get<std::uint64_t>(bytes, 16);
  scan.end = kSegmentHeader;
  while (const auto payload = payloadAt(bytes, scan.end)) {
    v1::Record record;
    const auto expected = scan.first + scan.frames.size();
    if (!parseLimited(*payload, record, kMostPayload) || record.number() != expected) {
      scan.damaged = true;
      return scan;
    }
    scan.frames.push_back({expected, scan.end + kFrameHead, payload->size()});
    scan.end += kFrameHead + payload->size();
  }
  scan.damaged = anyFrame(bytes, scan.end);
  return scan;
}

std::vector<v1::Record> salvageSegment(std::string_view bytes) {
  std::vector<v1::Record> records;
  for (std::size_t at = 0; at + kFrameHead < bytes.size();) {
    const auto payload = payloadAt(bytes, at);
    v1::Record record;
    if (!payload || !parseLimited(*payload, record, kMostPayload) || record.id().empty()) {
      ++at;
      continue;
    }
    records.push_back(std::move(record));
    at += kFrameHead + payload->size();
  }
  return records;
}

}  // namespace diemcau::agent
