// What the fuzz targets share: how bytes become pieces, and the end of the process when a promise is broken.
//
// A target is one function over bytes. It must not only survive: it holds what it tests to its contract with
// MUST(), which counts as a crash when it fails. It keeps nothing from one input to the next.
#pragma once

#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"

#define MUST DIEMCAU_INVARIANT

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace diemcau::fuzz {

inline std::string_view asText(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Up to the next `mark`, which is taken too.
inline std::string_view take(std::string_view& rest, std::string_view mark) {
  const std::size_t end = rest.find(mark);
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + mark.size());
  return piece;
}

// Pieces between lines of "---": seeds stay readable.
inline std::vector<std::string_view> pieces(std::string_view text, std::size_t most) {
  std::vector<std::string_view> out;
  while (!text.empty() && out.size() < most) out.push_back(take(text, "---\n"));
  return out;
}

// Bytes as a script: what to do next, and with what. Zeroes and nothing behind its end.
struct Script {
  std::string_view rest;
  std::uint8_t byte() {
    if (rest.empty()) return 0;
    const char c = rest.front();
    rest.remove_prefix(1);
    return static_cast<std::uint8_t>(c);
  }
  std::string bytes(std::size_t count) {
    const std::string out(rest.substr(0, count));
    rest.remove_prefix(out.size());
    return out;
  }
};

// Lines about hostile input are right in a program and noise here.
inline void quietLog() {
  static const bool quiet = startLog({.level = "error", .file = "/dev/null"});
  MUST(quiet);
  google::protobuf::SetLogHandler(nullptr);
}

}  // namespace diemcau::fuzz
