// See qr.hpp.
#include "agent/desk/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace diemcau::agent {

Result<std::vector<std::string>> qrRows(std::string_view text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (!code) return fail(ErrorCode::kInvalid, "this does not fit into a QR code", "Không tạo được mã QR");
  std::vector<std::string> rows;
  const auto width = static_cast<std::size_t>(code->width);
  for (std::size_t y = 0; y < width; ++y) {
    std::string row;
    for (std::size_t x = 0; x < width; ++x) row += (code->data[y * width + x] & 1U) != 0 ? '1' : '0';
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string qrText(const std::vector<std::string>& rows) {
  constexpr int kQuiet = 2;
  const auto size = static_cast<int>(rows.size());
  const auto dark = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < size && y < size &&
           rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '1';
  };
  std::string out;
  for (int y = -kQuiet; y < size + kQuiet; y += 2) {
    for (int x = -kQuiet; x < size + kQuiet; ++x) {
      const bool top = !dark(x, y), bottom = !dark(x, y + 1);
      out += top && bottom ? "█" : top ? "▀" : bottom ? "▄" : " ";
    }
    out += "\n";
  }
  return out;
}

}  // namespace diemcau::agent
