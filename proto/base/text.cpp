// Text by ICU. Most names are checked millions at a time during an import, so plain ASCII takes a short way.
#include "base/text.hpp"

#include <fmt/format.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace diemcau {
namespace {

const icu::Normalizer2& nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(status);
  DIEMCAU_INVARIANT(U_SUCCESS(status) && normalizer != nullptr);
  return *normalizer;
}

const icu::Normalizer2& nfd() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFDInstance(status);
  DIEMCAU_INVARIANT(U_SUCCESS(status) && normalizer != nullptr);
  return *normalizer;
}

bool plainAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Calls `each(code point)`, with U_SENTINEL (-1) for a byte that is not UTF-8.
template <class Each>
void forEach(std::string_view text, Each each) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < size;) {
    UChar32 c = U_SENTINEL;
    U8_NEXT(bytes, i, size, c);
    each(c);
  }
}

void append(std::string& out, UChar32 c) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  int size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

// White space of any kind becomes a blank, so that words stay apart; what is invisible goes. The category Cf
// holds the bidi controls, zero-width characters, the byte order mark and tags.
std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  forEach(text, [&](UChar32 c) {
    if (u_isUWhiteSpace(c)) {
      out += ' ';
    } else if (const auto type = u_charType(c); type != U_CONTROL_CHAR && type != U_FORMAT_CHAR) {
      append(out, c);
    }
  });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::size_t codePoints(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

bool validUtf8(std::string_view text) {
  bool good = true;
  forEach(text, [&](UChar32 c) { good = good && c >= 0; });
  return good;
}

Result<std::string> cleanText(std::string_view text, std::size_t max, std::string_view what) {
  std::string out;
  if (plainAscii(text)) {
    out = trimmed(text);
  } else {
    if (!validUtf8(text)) {
      return fail(ErrorCode::kInvalid, fmt::format("{} is not UTF-8 text", what),
                  fmt::format("{} không phải văn bản UTF-8", what));
    }
    const std::string stripped = visible(text);
    const std::string_view kept = trimmed(stripped);
    UErrorCode status = U_ZERO_ERROR;
    icu::StringByteSink<std::string> sink(&out);
    nfc().normalizeUTF8(0, icu::StringPiece(kept.data(), static_cast<std::int32_t>(kept.size())), sink,
                        nullptr, status);
    DIEMCAU_INVARIANT(U_SUCCESS(status));
  }
  if (const std::size_t length = codePoints(out); length > max) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} has {} characters; at most {} are allowed", what, length, max),
                fmt::format("{} dài {} ký tự; chỉ cho phép tối đa {}", what, length, max));
  }
  return out;
}

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  if (plainAscii(text)) {
    for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return out;
  }
  UErrorCode status = U_ZERO_ERROR;
  const auto source =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString parts = nfd().normalize(source, status);
  DIEMCAU_INVARIANT(U_SUCCESS(status));
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    UChar32 c = parts.char32At(i);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;
    c = u_tolower(c);
    append(out, c == 0x111 ? 'd' : c);  // đ has no decomposition
  }
  return out;
}

bool validId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::size_t displayWidth(std::string_view text) {
  std::size_t width = 0;
  forEach(text, [&](UChar32 c) {
    if (c < 0) {
      width += 1;  // shown as a replacement character
      return;
    }
    const auto type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR ||
        type == U_CONTROL_CHAR) {
      return;
    }
    const auto wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
  });
  return width;
}

v1::Text text(std::string vi, std::string en) {
  v1::Text out;
  out.set_vi(std::move(vi));
  out.set_en(std::move(en));
  return out;
}

}  // namespace diemcau
