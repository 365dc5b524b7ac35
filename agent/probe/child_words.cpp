#include "agent/probe/child_words.hpp"

#include <fmt/format.h>

#include <charconv>

#include "agent/probe/line_reader.hpp"
#include "base/json.hpp"

namespace diemcau::probe {

ChildWord parseWord(std::string_view line) {
  while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
  if (line == "prepare") return {ChildWord::kPrepare, 0};
  if (line == "hide") return {ChildWord::kHide, 0};
  if (line == "light") return {ChildWord::kLight, 0};
  if (line == "full") return {ChildWord::kFull, 0};
  if (line == "quit") return {ChildWord::kQuit, 0};
  if (!line.starts_with("show ")) return {};
  line.remove_prefix(5);
  Micros at = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), at);
  if (error != std::errc() || end != line.data() + line.size() || at < 0) return {};
  return {ChildWord::kShow, at};
}

Result<v1::ProbeSetup> parseSetup(std::string_view line) {
  v1::ProbeSetup setup;
  if (auto ok = fromJson(line, setup, LineReader::kLongest); !ok) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the setup on the first line cannot be read: {}", ok.error().text));
  }
  const std::size_t secret = setup.feed().passphrase().size();
  if (secret != 0 && (secret < 10 || secret > 79)) {
    return fail(ErrorCode::kInvalid, "an SRT passphrase has 10 to 79 characters");
  }
  return setup;
}

}  // namespace diemcau::probe
