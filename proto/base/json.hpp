// Protobuf's JSON mapping, with the field names of the .proto files.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau {

enum class JsonStyle { kCompact, kPretty };

// Fields at their default are printed, so that a reader sees every number.
std::string toJson(const google::protobuf::Message& message, JsonStyle style = JsonStyle::kCompact);

// Strict: an unknown field is an error that names it. Nesting at most 16, size at most `max_bytes`.
Done fromJson(std::string_view json, google::protobuf::Message& message, std::size_t max_bytes = 1 << 20);

// Parses bytes from outside with our limits: size checked first, nesting at most 16.
bool parseLimited(std::string_view bytes, google::protobuf::MessageLite& message, std::size_t max_bytes);

}  // namespace diemcau
