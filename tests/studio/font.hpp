// Letters for the burnt-in text: five dots wide, seven high, so that no font has to be installed.
#pragma once

#include <array>
#include <cstdint>

namespace diemcau::studio {

constexpr int kGlyphWidth = 5;
constexpr int kGlyphHeight = 7;
constexpr int kGlyphStep = 6;  // with the gap to the next one

// Rows from the top; bit 4 is the leftmost dot. Letters are shown as capitals; an unknown character is a
// hollow box.
const std::array<std::uint8_t, kGlyphHeight>& glyph(char c);

}  // namespace diemcau::studio
