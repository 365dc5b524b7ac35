// Completion scripts, made from the tree of commands so that they are never behind it.
#include <CLI/CLI.hpp>

#include "coordinator/ctl/command_line.hpp"

namespace diemcau::ctl {
namespace {

struct Place {
  std::string path;   // "", "session", "session new"
  std::string words;  // what can come next
};

void collect(const CLI::App& app, const std::string& path, std::vector<Place>& places) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands) add(command->get_name());
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) add("--" + name);
  }
  if (path == "completion") words = "bash zsh fish " + words;
  if (path == "roster export") words = "areas sites delegates " + words;
  places.push_back({path, words});
  for (const CLI::App* command : commands) {
    collect(*command, path.empty() ? command->get_name() : path + " " + command->get_name(), places);
  }
}

// A shell's case that walks from one place to the next, and the words of each place.
std::string walk(const std::vector<Place>& places, const char* step) {
  std::string known;
  for (const Place& place : places) {
    if (!place.path.empty()) known += (known.empty() ? "\"" : "|\"") + place.path + "\"";
  }
  return "    case \"${at:+$at }$word\" in\n      " + known + ") " + step + " ;;\n    esac\n";
}

std::string choices(const std::vector<Place>& places) {
  std::string out = "  case \"$at\" in\n";
  for (const Place& place : places) out += "    \"" + place.path + "\") words=\"" + place.words + "\" ;;\n";
  return out + "  esac\n";
}

std::string bash(const std::vector<Place>& places) {
  return "# bash completion for diemcau\n"
         "_diemcau() {\n  local at=\"\" words=\"\" word i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=\"${COMP_WORDS[i]}\"\n" +
         walk(places, "at=\"${at:+$at }$word\"") + "  done\n" + choices(places) +
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -o default -F _diemcau diemcau\n";
}

std::string zsh(const std::vector<Place>& places) {
  return "#compdef diemcau\n"
         "_diemcau() {\n  local at=\"\" words_next=\"\" words=\"\" word i\n  local -a line\n  "
         "line=(\"${(@)argv}\")\n"
         "  local -a typed\n  typed=(\"${(@)${(z)BUFFER}}\")\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n    word=\"${typed[i]}\"\n" +
         walk(places, "at=\"${at:+$at }$word\"") + "  done\n" + choices(places) +
         "  local -a choices\n  choices=(${=words})\n  compadd -a choices || _files\n}\n"
         "compdef _diemcau diemcau\n";
}

std::string fish(const std::vector<Place>& places) {
  std::string out =
      "# fish completion for diemcau\n"
      "function __diemcau_at\n  set -l at ''\n  set -l known";
  for (const Place& place : places) {
    if (!place.path.empty()) out += " '" + place.path + "'";
  }
  out +=
      "\n  for word in (commandline -opc)[2..-1]\n    set -l next (string trim -- \"$at $word\")\n"
      "    if contains -- $next $known\n      set at $next\n    end\n  end\n  test \"$at\" = "
      "\"$argv[1]\"\nend\n";
  for (const Place& place : places) {
    out += "complete -c diemcau -n \"__diemcau_at '" + place.path + "'\" -a '" + place.words + "'\n";
  }
  return out;
}

}  // namespace

std::string completionScript(const CLI::App& app, const std::string& shell) {
  std::vector<Place> places;
  collect(app, "", places);
  if (shell == "bash") return bash(places);
  if (shell == "zsh") return zsh(places);
  return shell == "fish" ? fish(places) : std::string();
}

}  // namespace diemcau::ctl
