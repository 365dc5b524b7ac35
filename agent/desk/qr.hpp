// A QR code as rows of dark and light modules: the page draws it, a terminal prints it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace diemcau::agent {

// Rows of '1' (dark) and '0', without the quiet zone.
Result<std::vector<std::string>> qrRows(std::string_view text);

// For a terminal: two rows a line, with a quiet zone, light on dark.
std::string qrText(const std::vector<std::string>& rows);

}  // namespace diemcau::agent
