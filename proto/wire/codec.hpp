// One frame holds one Envelope. Encoding appends ready-made bytes, so what goes to many is encoded once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "diemcau/v1/link.pb.h"

namespace diemcau::wire {

constexpr std::size_t kMaxFrame = 64 * 1024;
constexpr std::size_t kMaxBatch = 1024 * 1024;
constexpr int kMaxNesting = 16;

// Envelope from bytes of outside: size and nesting limited before parsing.
Result<void> decode(std::string_view frame, v1::Envelope& into, std::size_t max_bytes = kMaxFrame);

// Envelope of a small body, with seq and ack already set.
std::string encode(const v1::Envelope& envelope);

// The head of an Envelope whose assignment is `body_bytes` long and follows as ready bytes:
//   assignmentHead(seq, ack, own.size() + shared.size()) + own + shared   parses as one Envelope.
// Repeated plans and single fields of an Assignment may be encoded in any order and joined (protobuf merges
// them).
std::string assignmentHead(std::uint64_t seq, std::uint64_t ack, std::size_t body_bytes);

// The same for another body: `field` is its number in Envelope.
std::string bodyHead(std::uint64_t seq, std::uint64_t ack, int field, std::size_t body_bytes);
// What stands before the bytes of a length-delimited field of a message.
void appendHead(std::string& out, int field, std::size_t body_bytes);
// Such a field, from bytes that are already encoded.
void appendField(std::string& out, int field, std::string_view bytes);

}  // namespace diemcau::wire
