// Builds the tree of commands. Private to this folder.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "coordinator/ctl/arguments.hpp"
#include "coordinator/ctl/command_line.hpp"

namespace diemcau::ctl {

void buildTree(CommandLine& line, bool english);

// One builder for each group of commands.
class TreeBuilder {
 public:
  TreeBuilder(CommandLine& line, bool english)
      : line_(line), arguments_(*line.arguments), english_(english) {}
  void root();
  void roster();
  void session();
  void site();
  void enrolment(CLI::App* group);
  // command_tree_more.cpp
  void moreOfSession(CLI::App* group);
  void moreOfSite(CLI::App* group);
  void moreOfAttendance(CLI::App* group);
  void templates();
  void feed();
  void alarm();  // command_tree_more.cpp
  void attendance();
  void store();
  void others();
  void people();  // command_tree_people.cpp

 private:
  std::string say(const char* vi, const char* en) const { return english_ ? en : vi; }
  void sittingOption(CLI::App* command);
  CLI::App* group(const char* name, const char* vi, const char* en);
  CLI::App* leaf(CLI::App* parent, const char* name, const char* vi, const char* en,
                 std::function<int(Context&)> action, const char* example = nullptr);
  void editOptions(CLI::App* command, bool creating);
  void selectionOptions(CLI::App* command, SelectionArguments& selection);
  void sessionOption(CLI::App* command);
  void accountTree();
  void rolesOption(CLI::App* command);
  void passwordOption(CLI::App* command);
  CLI::Option* id(CLI::App* command, const char* name, const char* vi, const char* en);

  CommandLine& line_;
  Arguments& arguments_;
  bool english_;
};

}  // namespace diemcau::ctl
