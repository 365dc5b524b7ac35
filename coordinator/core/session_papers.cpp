// See session_papers.hpp.
#include "coordinator/core/session_papers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace diemcau::core {
namespace {

constexpr std::size_t kMostNotes = 4'000, kMostAddress = 500;
constexpr int kMostDocuments = 20;
constexpr std::string_view kScheme = "https://";

std::size_t codePoints(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Each line by itself: a line break is the one control character that means something here.
Result<std::string> cleanLines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = cleanText(text.substr(0, end), kMostNotes, "notes");
    if (!line) return line;
    out += *line + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  out.erase(0, std::min(out.find_first_not_of('\n'), out.size()));
  if (codePoints(out) > kMostNotes)
    return fail(ErrorCode::kInvalid, fmt::format("notes has more than {} characters", kMostNotes),
                fmt::format("ghi chú dài hơn {} ký tự", kMostNotes));
  return out;
}

// What a browser may open at a click: https alone, a host, no user in front of it, nothing that needs
// quoting.
bool goodAddress(std::string_view url) {
  if (url.size() > kMostAddress || !url.starts_with(kScheme)) return false;
  const auto rest = url.substr(kScheme.size());
  const auto host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || host.find('@') != std::string_view::npos) return false;
  return std::all_of(url.begin(), url.end(), [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

}  // namespace

Done checkPapers(const v1::Session& wish, v1::Session& out) {
  auto notes = cleanLines(wish.notes());
  if (!notes) return tl::unexpected(notes.error());
  out.set_notes(std::move(*notes));
  if (wish.documents_size() > kMostDocuments)
    return fail(ErrorCode::kInvalid, "a session has at most 20 documents", "một phiên có tối đa 20 tài liệu");
  int number = 0;
  for (const auto& document : wish.documents()) {
    ++number;
    if (!goodAddress(document.url()))
      return fail(ErrorCode::kInvalid,
                  fmt::format("document {}: its address must begin with https://, name a host, and have at "
                              "most {} characters without blanks",
                              number, kMostAddress),
                  fmt::format("tài liệu {}: địa chỉ phải bắt đầu bằng https://, có tên máy chủ, tối đa {} ký "
                              "tự và không có dấu cách",
                              number, kMostAddress));
    auto title = cleanText(document.title(), 200, "document title");
    if (!title) return tl::unexpected(title.error());
    auto& added = *out.add_documents();
    added.set_title(title->empty() ? document.url() : *title);
    added.set_url(document.url());
  }
  return {};
}

}  // namespace diemcau::core
