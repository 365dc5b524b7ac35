// See command.hpp.
#include "tests/fleet/command.hpp"

#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace diemcau::fleet {
namespace {

constexpr const char* kKnown =
    "feed FEED black|no_signal|...|ok, area AREA cut|back, site SITE cut|back, site SITE FEED black|...|ok, "
    "ledger, "
    "headcounts, status, quit";

std::vector<std::string> wordsOf(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

tl::unexpected<Error> wrong(const std::string& why) {
  return fail(ErrorCode::kInvalid, why + "; known are: " + kKnown);
}

Result<Command> parseWord(const std::string& word) {
  using Kind = Command::Kind;
  constexpr std::array<std::pair<const char*, Kind>, 4> kWords{{{"headcounts", Kind::kHeadcounts},
                                                                {"ledger", Kind::kLedger},
                                                                {"status", Kind::kStatus},
                                                                {"quit", Kind::kQuit}}};
  for (const auto& [known, kind] : kWords) {
    if (word != known) continue;
    Command command;
    command.kind = kind;
    return command;
  }
  return wrong("\"" + word + "\" is no command");
}

Result<void> readCondition(const std::string& word, Command& command) {
  if (word == "ok") return {};
  if (v1::Condition::Name_Parse(word, &command.condition) && command.condition != v1::Condition::none)
    return {};
  return wrong("\"" + word + "\" is no condition of a feed");
}

Result<void> readCut(const std::string& word, Command& command) {
  command.cut = word == "cut";
  if (command.cut || word == "back") return {};
  return wrong("a line is cut or back");
}

}  // namespace

Result<Command> parseCommand(std::string_view line) {
  using Kind = Command::Kind;
  const auto words = wordsOf(line.substr(0, 200));
  if (words.empty()) return wrong("an empty line");
  if (words.size() == 1) return parseWord(words[0]);
  if (words.size() < 3 || words.size() > 4 || !validId(words[1])) return wrong("that is no command");
  Command command;
  command.name = words[1];
  Result<void> rest;
  if (words[0] == "feed" && words.size() == 3) {
    command.kind = Kind::kFeed;
    rest = readCondition(words[2], command);
  } else if (words[0] == "area" && words.size() == 3) {
    command.kind = Kind::kArea;
    rest = readCut(words[2], command);
  } else if (words[0] == "site" && words.size() == 3) {
    command.kind = Kind::kSiteLine;
    rest = readCut(words[2], command);
  } else if (words[0] == "site" && validId(words[2])) {
    command.kind = Kind::kSiteFeed;
    command.feed = words[2];
    rest = readCondition(words[3], command);
  } else {
    rest = wrong("that is no command");
  }
  if (!rest) return tl::unexpected(rest.error());
  return command;
}

}  // namespace diemcau::fleet
