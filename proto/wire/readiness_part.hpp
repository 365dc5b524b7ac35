// The readiness in a status: most of its bytes, told again each second, and seldom another. It is known again
// by its bytes before anything is parsed, and what the coordinator holds already is left out of the parsing.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace diemcau::wire {

struct ReadinessPart {
  // Of its bytes and of the session that the status is about. 0: the frame has none that could be left out.
  std::uint64_t number = 0;
  // Where in the frame: the status with its tag, what is in it, and of that the readiness with its tag.
  std::size_t status = 0, inside = 0, begin = 0, end = 0, status_end = 0;
};

// In the bytes of an Envelope. Only a frame that is a status and nothing besides has one.
ReadinessPart findReadiness(std::string_view frame);

// The frame as it would be without. `part` has to be of this frame, with a number.
std::string withoutReadiness(std::string_view frame, const ReadinessPart& part);

}  // namespace diemcau::wire
