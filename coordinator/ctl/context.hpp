// What every command is given, and how it says what came of it. Private to this folder.
#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>

#include "base/result.hpp"
#include "coordinator/ctl/api_client.hpp"
#include "coordinator/ctl/arguments.hpp"
#include "coordinator/ctl/speech.hpp"
#include "diemcau/v1/command.pb.h"

namespace diemcau::ctl {

struct Context {
  const Arguments& arguments;
  ApiClient api;
  Speech speech;
  std::ostream& out;
  std::ostream& err;
  Micros now = 0;
  std::size_t width = 0;  // of the terminal; 0: not one
  std::size_t height = 0;
  std::function<std::string(const char* name)> environment;
  bool signing_in = false;  // then nobody needs to be told how
};

// Each says what went wrong and gives the exit code.
int failed(Context& context, const Failure& failure);
int misused(Context& context, const Error& error);

// Gets a message and shows it: as the API's JSON, or by `print`.
template <class Message>
int show(Context& context, const std::string& path, const std::function<void(const Message&)>& print) {
  const auto body = context.api.get(path);
  if (!body) return failed(context, body.error());
  if (context.arguments.json) {
    context.out << *body << "\n";
    return kOk;
  }
  Message message;
  if (auto ok = readJson(*body, message); !ok) return failed(context, ok.error());
  print(message);
  return kOk;
}

// Sends a command and shows the reply.
int command(Context& context, const std::string& method, const std::string& path,
            const google::protobuf::Message& message,
            const std::function<void(const v1::CommandReply&)>& print);

// A file that the API makes: to --output or to standard output.
int save(Context& context, const std::string& path);

struct AreaName {
  std::string name, parent_id;
};
struct RosterNames {
  std::map<std::string, AreaName> areas;
  struct Site {
    std::string id, name, area_id, technician, phone;
    std::uint64_t seats = 0;
  };
  std::vector<Site> sites;
  std::uint64_t delegates = 0;

  std::string areaName(const std::string& id) const;
  // The area itself or one above it.
  bool within(std::string area_id, const std::string& ancestor) const;
};
Answer<RosterNames> readRoster(const std::string& json);

std::string sessionPath(const std::string& id, const std::string& rest = {});

}  // namespace diemcau::ctl
