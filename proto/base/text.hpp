// Text that people typed: cleaned, compared, and measured for a terminal.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "diemcau/v1/common.pb.h"

namespace diemcau {

bool validUtf8(std::string_view text);

// NFC, control, bidi and invisible characters removed, white space trimmed; any white space inside (a line
// break too) becomes a blank. Fails beyond `max` code points or when it is not UTF-8. `what` names the field
// in the error.
Result<std::string> cleanText(std::string_view text, std::size_t max, std::string_view what);

// For searching: NFD, marks stripped, d for đ, lower case. "Đống Đa" -> "dong da".
std::string fold(std::string_view text);

// 1-64 of [A-Za-z0-9._-].
bool validId(std::string_view id);

// Columns in a terminal; marks count 0, wide characters 2.
std::size_t displayWidth(std::string_view text);

v1::Text text(std::string vi, std::string en);

}  // namespace diemcau
