// Envelopes to bytes and back.
#include "wire/codec.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace diemcau::wire {
namespace {

void appendVarint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7f) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

// A field's tag on the wire: its number and its type (0: varint, 2: length-delimited).
constexpr std::uint64_t tag(int field, unsigned type) {
  return (static_cast<std::uint64_t>(field) << 3) | type;
}

}  // namespace

Result<void> decode(std::string_view frame, v1::Envelope& into, std::size_t max_bytes) {
  static_assert(kMaxNesting == 16, "parseLimited() holds the same limit");
  if (frame.size() > max_bytes) {
    return fail(ErrorCode::kTooBig,
                fmt::format("frame of {} bytes; at most {} are read", frame.size(), max_bytes));
  }
  if (!parseLimited(frame, into, max_bytes)) {
    return fail(ErrorCode::kInvalid, fmt::format("a frame of {} bytes is not an Envelope", frame.size()));
  }
  return {};
}

std::string encode(const v1::Envelope& envelope) {
  return envelope.SerializeAsString();
}

std::string assignmentHead(std::uint64_t seq, std::uint64_t ack, std::size_t body_bytes) {
  return bodyHead(seq, ack, v1::Envelope::kAssignmentFieldNumber, body_bytes);
}

std::string bodyHead(std::uint64_t seq, std::uint64_t ack, int field, std::size_t body_bytes) {
  std::string head;
  appendVarint(head, tag(v1::Envelope::kSeqFieldNumber, 0));
  appendVarint(head, seq);
  if (ack != 0) {
    appendVarint(head, tag(v1::Envelope::kAckFieldNumber, 0));
    appendVarint(head, ack);
  }
  appendHead(head, field, body_bytes);
  return head;
}

void appendHead(std::string& out, int field, std::size_t body_bytes) {
  appendVarint(out, tag(field, 2));
  appendVarint(out, body_bytes);
}

void appendField(std::string& out, int field, std::string_view bytes) {
  appendHead(out, field, bytes.size());
  out += bytes;
}

}  // namespace diemcau::wire
