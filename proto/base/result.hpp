// Result<T>: a value, or an Error with a code for programs and a sentence for a person.
//
// Expected failures are values; a broken invariant ends the process (see DIEMCAU_INVARIANT).
#pragma once

#include <cstdlib>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace diemcau {

enum class ErrorCode {
  kInvalid,      // the input is wrong: 400
  kNotSignedIn,  // nobody, or not who they say: 401
  kDenied,       // not allowed: 403
  kNotFound,     // 404
  kConflict,     // does not fit the present state: 409
  kTooBig,       // beyond a limit: 413
  kTooMany,      // too often, wait: 429
  kUnavailable,  // not now, try again: 503
  kInternal,     // ours: 500
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string text;  // English: what, where and what to do
  std::string vi;    // the same in Vietnamese; empty: show `text`
};

template <class T>
using Result = tl::expected<T, Error>;
using Done = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string text, std::string vi = {}) {
  return tl::unexpected<Error>(Error{code, std::move(text), std::move(vi)});
}

// "invalid", "not_found", ...: the word used in JSON and logs.
const char* errorWord(ErrorCode code);

[[noreturn]] void brokenInvariant(const char* what, const char* file, int line);

}  // namespace diemcau

#define DIEMCAU_INVARIANT(condition) \
  ((condition) ? void(0) : ::diemcau::brokenInvariant(#condition, __FILE__, __LINE__))
