// Words of error codes, and the end of a process whose invariant broke.
#include "base/result.hpp"

#include <cstdio>

namespace diemcau {

const char* errorWord(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kNotSignedIn:
      return "not_signed_in";
    case ErrorCode::kDenied:
      return "denied";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kTooBig:
      return "too_big";
    case ErrorCode::kTooMany:
      return "too_many";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

// Straight to standard error: the logger's own thread may be what is broken.
void brokenInvariant(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s; the program ends here, please report this line\n", file,
               line, what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace diemcau
