// JSON by protobuf's own mapping. Size and nesting are checked before its parser, which recurses, sees a
// byte.
#include "base/json.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/util/json_util.h>

#include "base/text.hpp"

namespace diemcau {
namespace {

constexpr int kMaxNesting = 16;

// The deepest nesting of braces and brackets outside of strings.
int nestingOf(std::string_view json) {
  int depth = 0, deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > deepest) deepest = depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

std::string toJson(const google::protobuf::Message& message, JsonStyle style) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = style == JsonStyle::kPretty;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string out;
  // It fails only for Any and other well-known types, which our messages do not use.
  DIEMCAU_INVARIANT(google::protobuf::util::MessageToJsonString(message, &out, options).ok());
  return out;
}

Done fromJson(std::string_view json, google::protobuf::Message& message, std::size_t max_bytes) {
  if (json.size() > max_bytes) {
    return fail(ErrorCode::kTooBig,
                fmt::format("JSON of {} bytes; at most {} are read", json.size(), max_bytes),
                fmt::format("JSON dài {} byte; chỉ nhận tối đa {}", json.size(), max_bytes));
  }
  if (!validUtf8(json)) return fail(ErrorCode::kInvalid, "JSON is not UTF-8", "JSON không phải UTF-8");
  if (nestingOf(json) > kMaxNesting) {
    return fail(ErrorCode::kInvalid, fmt::format("JSON is nested deeper than {}", kMaxNesting),
                fmt::format("JSON lồng nhau quá {} tầng", kMaxNesting));
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = false;
  message.Clear();
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), &message, options);
  if (status.ok()) return {};
  const std::string why(status.message().data(), status.message().size());
  return fail(ErrorCode::kInvalid, "JSON does not fit " + message.GetDescriptor()->name() + ": " + why,
              "JSON không hợp lệ: " + why);
}

bool parseLimited(std::string_view bytes, google::protobuf::MessageLite& message, std::size_t max_bytes) {
  if (bytes.size() > max_bytes) return false;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  in.SetRecursionLimit(kMaxNesting);
  return message.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

}  // namespace diemcau
