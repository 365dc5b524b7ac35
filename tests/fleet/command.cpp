// See command.hpp.
#include "tests/fleet/command.hpp"

#include <vector>

#include "base/text.hpp"

namespace diemcau::fleet {
namespace {

constexpr const char* kKnown =
    "feed FEED black|no_signal|...|ok, area AREA cut|back, ledger, headcounts, status, quit";

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

}  // namespace

Result<Command> parseCommand(std::string_view line) {
  const auto words = wordsOf(line.substr(0, 200));
  const auto wrong = [](const std::string& why) {
    return fail(ErrorCode::kInvalid, why + "; known are: " + kKnown);
  };
  if (words.empty()) return wrong("an empty line");
  Command command;
  if (words.size() == 1) {
    if (words[0] == "headcounts") {
      command.kind = Command::Kind::kHeadcounts;
    } else if (words[0] == "ledger") {
      command.kind = Command::Kind::kLedger;
    } else if (words[0] == "status") {
      command.kind = Command::Kind::kStatus;
    } else if (words[0] == "quit") {
      command.kind = Command::Kind::kQuit;
    } else {
      return wrong("\"" + words[0] + "\" is no command");
    }
    return command;
  }
  if (words.size() != 3 || !validId(words[1])) return wrong("that is no command");
  command.name = words[1];
  if (words[0] == "feed") {
    command.kind = Command::Kind::kFeed;
    if (words[2] != "ok" && (!v1::Condition::Name_Parse(words[2], &command.condition) ||
                             command.condition == v1::Condition::none)) {
      return wrong("\"" + words[2] + "\" is no condition of a feed");
    }
  } else if (words[0] == "area") {
    command.kind = Command::Kind::kArea;
    command.cut = words[2] == "cut";
    if (!command.cut && words[2] != "back") return wrong("an area is cut or back");
  } else {
    return wrong("\"" + words[0] + "\" is no command");
  }
  return command;
}

}  // namespace diemcau::fleet
