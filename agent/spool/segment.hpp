// Bytes of a segment, as FORMAT.md has them: written and read back, no files here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

constexpr std::size_t kSegmentHeader = 32;
constexpr std::size_t kFrameHead = 8;
constexpr std::size_t kMostPayload = 64 * 1024;

std::string segmentHeader(std::uint64_t epoch, std::uint64_t first);
// Appends one frame.
void putFrame(std::string& bytes, std::string_view payload);

struct SegmentFrame {
  std::uint64_t number = 0;
  std::size_t offset = 0, length = 0;  // of the payload
};

struct SegmentScan {
  bool header = false;  // whole and right
  std::uint64_t epoch = 0, first = 0;
  std::vector<SegmentFrame> frames;
  std::size_t end = 0;  // behind the last good frame
  // Not only a torn end: good frames lie behind a broken one, or numbers do not follow each other.
  bool damaged = false;
};

// Frames up to the first that is not whole.
SegmentScan scanSegment(std::string_view bytes);
// Every whole frame, wherever it is.
std::vector<v1::Record> salvageSegment(std::string_view bytes);

}  // namespace diemcau::agent
