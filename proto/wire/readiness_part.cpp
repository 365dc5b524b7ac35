// See readiness_part.hpp.
#include "wire/readiness_part.hpp"

#include <algorithm>
#include <functional>

#include "diemcau/v1/link.pb.h"
#include "wire/codec.hpp"

namespace diemcau::wire {
namespace {

constexpr std::uint64_t kMostTag = 0xffffffff;  // protobuf reads no more of one

constexpr std::uint64_t delimited(int field) {
  return static_cast<std::uint64_t>(field) << 3U | 2U;
}
constexpr std::uint64_t varint(int field) {
  return static_cast<std::uint64_t>(field) << 3U;
}

// The fields of an encoded message, one after the other.
class Fields {
 public:
  Fields(std::string_view bytes, std::size_t from, std::size_t to) : bytes_(bytes), at_(from), to_(to) {}

  // False: there is none any more, or the bytes are no message: then sound() is false.
  bool next() {
    begin = at_;
    if (at_ == to_) return false;
    std::uint64_t size = 0;
    sound_ = number(tag) && tag <= kMostTag;
    if (!sound_) return false;
    switch (tag & 7U) {
      case 0:
        inside = at_;
        sound_ = number(size);
        end = at_;
        return sound_;
      case 1:
        size = 8;
        break;
      case 2:
        sound_ = number(size);
        break;
      case 5:
        size = 4;
        break;
      default:
        sound_ = false;
    }
    inside = at_;
    sound_ = sound_ && size <= to_ - at_;
    if (sound_) at_ += static_cast<std::size_t>(size);
    end = at_;
    return sound_;
  }
  bool sound() const { return sound_; }

  std::uint64_t tag = 0;
  std::size_t begin = 0, inside = 0, end = 0;  // with its tag; without its tag and size

 private:
  bool number(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && at_ < to_; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  std::string_view bytes_;
  std::size_t at_, to_;
  bool sound_ = true;
};

std::uint64_t numberOf(std::string_view readiness, std::string_view session) {
  const std::hash<std::string_view> hash;
  return std::max<std::uint64_t>(1, hash(readiness) * 0x9E3779B97F4A7C15ULL ^ hash(session));
}

}  // namespace

ReadinessPart findReadiness(std::string_view frame) {
  if (frame.size() > kMaxFrame) return {};
  ReadinessPart part;
  Fields fields(frame, 0, frame.size());
  while (fields.next()) {
    if (fields.tag == varint(v1::Envelope::kSeqFieldNumber)) continue;
    if (fields.tag != delimited(v1::Envelope::kStatusFieldNumber) || part.status_end != 0) return {};
    part.status = fields.begin;
    part.inside = fields.inside;
    part.status_end = fields.end;
  }
  if (!fields.sound() || part.status_end == 0) return {};
  std::string_view readiness, session;
  Fields told(frame, part.inside, part.status_end);
  while (told.next()) {
    const auto body = frame.substr(told.inside, told.end - told.inside);
    if (told.tag == delimited(v1::Status::kSessionIdFieldNumber)) {
      if (!session.empty()) return {};
      session = body;
    } else if (told.tag == delimited(v1::Status::kReadinessFieldNumber)) {
      if (part.end != 0) return {};
      readiness = body;
      part.begin = told.begin;
      part.end = told.end;
    }
  }
  if (told.sound() && part.end != 0) part.number = numberOf(readiness, session);
  return part;
}

std::string withoutReadiness(std::string_view frame, const ReadinessPart& part) {
  std::string out;
  out.reserve(frame.size());
  out.append(frame.substr(0, part.status));
  appendHead(out, v1::Envelope::kStatusFieldNumber, part.begin - part.inside + (part.status_end - part.end));
  out.append(frame.substr(part.inside, part.begin - part.inside));
  out.append(frame.substr(part.end));
  return out;
}

}  // namespace diemcau::wire
