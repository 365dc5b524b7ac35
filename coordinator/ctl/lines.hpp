// Lines made of painted pieces whose width is known. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "coordinator/ctl/speech.hpp"

namespace diemcau::ctl {

class Line {
 public:
  Line() = default;
  explicit Line(std::string text, Style style = Style::kPlain) { add(std::move(text), style); }
  Line& add(std::string text, Style style = Style::kPlain);
  Line& add(const Line& other);
  Line& fill(std::size_t width);  // with blanks up to `width`
  std::size_t width() const { return width_; }
  // Cut to `width` columns.
  std::string paint(const Speech& speech, std::size_t width) const;
  Line cutTo(std::size_t width) const;

 private:
  struct Piece {
    std::string text;
    Style style;
  };
  std::vector<Piece> pieces_;
  std::size_t width_ = 0;
};
using Lines = std::vector<Line>;

// `left` and `right` next to each other; as many lines as the longer one has.
Lines beside(const Lines& left, const Lines& right, std::size_t left_width, std::size_t gap);

// A bar of `width` columns, in eighths. `part` of `whole` filled.
std::string bar(std::uint64_t part, std::uint64_t whole, std::size_t width);

// Digits three lines high.
Lines bigNumber(const std::string& text, Style style);

}  // namespace diemcau::ctl
