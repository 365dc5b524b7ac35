#include "coordinator/ctl/lines.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"

namespace diemcau::ctl {

Line& Line::add(std::string text, Style style) {
  width_ += displayWidth(text);
  pieces_.push_back({std::move(text), style});
  return *this;
}

Line& Line::add(const Line& other) {
  for (const Piece& piece : other.pieces_) add(piece.text, piece.style);
  return *this;
}

Line& Line::fill(std::size_t width) {
  if (width_ < width) add(std::string(width - width_, ' '));
  return *this;
}

Line Line::cutTo(std::size_t width) const {
  Line out;
  for (const Piece& piece : pieces_) {
    if (out.width_ >= width) break;
    out.add(cut(piece.text, width - out.width_), piece.style);
  }
  return out;
}

std::string Line::paint(const Speech& speech, std::size_t width) const {
  std::string out;
  for (const Piece& piece : cutTo(width).pieces_) out += speech.paint(piece.text, piece.style);
  return out;
}

Lines beside(const Lines& left, const Lines& right, std::size_t left_width, std::size_t gap) {
  Lines out;
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    Line line = i < left.size() ? left[i].cutTo(left_width) : Line();
    line.fill(left_width + gap);
    if (i < right.size()) line.add(right[i]);
    out.push_back(std::move(line));
  }
  return out;
}

std::string bar(std::uint64_t part, std::uint64_t whole, std::size_t width) {
  static constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::uint64_t eighths = whole == 0 ? 0 : std::min(part, whole) * width * 8 / whole;
  // Something is never shown as nothing, and not quite all never as all.
  if (part > 0 && whole > 0 && eighths == 0) eighths = 1;
  if (part < whole && eighths == width * 8) --eighths;
  std::string out;
  for (std::uint64_t i = 0; i < eighths / 8; ++i) out += "█";
  out += kEighths[eighths % 8];
  const std::size_t used = eighths / 8 + (eighths % 8 != 0 ? 1 : 0);
  for (std::size_t i = used; i < width; ++i) out += "·";
  return out;
}

Lines bigNumber(const std::string& text, Style style) {
  static const std::map<char, std::array<const char*, 3>> kDigits = {
      {'0', {"█▀█", "█ █", "▀▀▀"}}, {'1', {"▀█ ", " █ ", "▀▀▀"}}, {'2', {"▀▀█", "█▀▀", "▀▀▀"}},
      {'3', {"▀▀█", " ▀█", "▀▀▀"}}, {'4', {"█ █", "▀▀█", "  ▀"}}, {'5', {"█▀▀", "▀▀█", "▀▀▀"}},
      {'6', {"█▀▀", "█▀█", "▀▀▀"}}, {'7', {"▀▀█", "  █", "  ▀"}}, {'8', {"█▀█", "█▀█", "▀▀▀"}},
      {'9', {"█▀█", "▀▀█", "▀▀▀"}}, {'.', {" ", " ", "▄"}},       {',', {" ", " ", "▄"}}};
  Lines out;
  for (std::size_t row = 0; row < 3; ++row) {
    std::string line;
    for (const char c : text) {
      const auto digit = kDigits.find(c);
      if (digit == kDigits.end()) continue;
      if (!line.empty()) line += " ";
      line += digit->second[row];
    }
    out.emplace_back(line, style);
  }
  return out;
}

}  // namespace diemcau::ctl
