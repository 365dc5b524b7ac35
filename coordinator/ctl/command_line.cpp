#include "coordinator/ctl/command_line.hpp"

#include <CLI/CLI.hpp>

#include "base/time.hpp"
#include "coordinator/ctl/command_tree.hpp"
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/token_file.hpp"

namespace diemcau::ctl {
namespace {

// Known before the tree is built, because its texts are in that language.
bool wantsEnglish(const std::vector<std::string>& words,
                  const std::function<std::string(const char*)>& environment) {
  std::string language = environment("DIEMCAU_LANG");
  if (language.empty()) language = environment("LANG").substr(0, 2);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--lang" && i + 1 < words.size()) language = words[i + 1];
    if (words[i].starts_with("--lang=")) language = words[i].substr(7);
  }
  return language == "en";
}

std::string actorName(const Arguments& arguments,
                      const std::function<std::string(const char*)>& environment) {
  if (!arguments.actor.empty()) return arguments.actor;
  const std::string user = environment("USER");
  return user.empty() ? "operator" : user;
}

// What could not be read off the command line, and where help is.
int misread(const CLI::App& app, const CLI::ParseError& error, bool english, std::ostream& err) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  const std::string name = command->get_parent() == nullptr ? "diemcau" : command->get_display_name();
  std::string path = name;
  for (const CLI::App* up = command->get_parent(); up != nullptr; up = up->get_parent()) {
    path = (up->get_parent() == nullptr ? "diemcau" : up->get_display_name()) + " " + path;
  }
  err << "diemcau: " << (english ? "" : "lệnh chưa đúng: ") << error.what() << "\n"
      << (english ? "  see: " : "  xem: ") << path << " --help\n";
  return kUsage;
}

}  // namespace

CommandLine::CommandLine(bool english, const std::function<std::string(const char*)>& environment)
    : arguments(std::make_unique<Arguments>()), app(std::make_unique<CLI::App>()) {
  if (const std::string url = environment("DIEMCAU_URL"); !url.empty()) arguments->url = url;
  arguments->fingerprint = environment("DIEMCAU_FINGERPRINT");
  arguments->actor = environment("DIEMCAU_AS");
  arguments->name = environment("USER");
  buildTree(*this, english);
}

CommandLine::~CommandLine() = default;

int run(const std::vector<std::string>& words, const Surroundings& around) {
  const bool english = wantsEnglish(words, around.environment);
  CommandLine line(english, around.environment);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    line.app->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* command = line.app.get();
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    around.out << (command == line.app.get() ? line.app->help() : command->help());
    return kOk;
  } catch (const CLI::CallForVersion&) {
    around.out << "diemcau " DIEMCAU_VERSION "\n";
    return kOk;
  } catch (const CLI::ParseError& error) {
    return misread(*line.app, error, english, around.err);
  }
  if (!line.action) {
    around.out << line.app->help();
    return kUsage;
  }
  const Arguments& arguments = *line.arguments;
  Speech speech;
  speech.english = english;
  speech.colour = around.terminal && around.environment("NO_COLOR").empty();
  Context context{arguments,
                  ApiClient(arguments.url, actorName(arguments, around.environment), arguments.timeout_s,
                            tokenFor(arguments.url, around.environment), arguments.fingerprint),
                  speech,
                  around.out,
                  around.err,
                  systemClock().wall(),
                  around.terminal ? around.width : 0,
                  around.terminal ? around.height : 0,
                  around.environment};
  return line.action(context);
}

}  // namespace diemcau::ctl
