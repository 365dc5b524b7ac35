// For the tests of the command line: a coordinator that answers what it was told to, a city to look at, and a
// way to run a command as a shell would.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "coordinator/ctl/context.hpp"
#include "diemcau/v1/view.pb.h"
#include "net/server.hpp"

namespace diemcau::ctl::test {

// Answers "METHOD /path" from a table; remembers what it was asked. Anything else is 404.
class CannedCoordinator {
 public:
  CannedCoordinator();
  ~CannedCoordinator();
  CannedCoordinator(const CannedCoordinator&) = delete;
  CannedCoordinator& operator=(const CannedCoordinator&) = delete;

  void answer(const std::string& what, const std::string& body, int status = 200);
  void answer(const std::string& what, const google::protobuf::Message& message);
  std::vector<net::HttpRequest> asked();
  net::HttpRequest last();
  std::string url() const;

 private:
  std::mutex mutex_;
  std::map<std::string, std::pair<int, std::string>> answers_;
  std::vector<net::HttpRequest> asked_;
  Loop loop_;
  std::unique_ptr<net::Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

struct Ran {
  int code = 0;
  std::string out, err;
};
Ran shell(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment = {});
// Against the canned coordinator.
Ran shell(const CannedCoordinator& at, std::vector<std::string> words);

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A live session of so many sites in a tree of areas; some of them in trouble.
v1::ViewUpdate city(std::size_t sites, v1::Phase::Name phase);
RosterNames cityRoster(std::size_t sites);
std::string rosterJson(const RosterNames& roster);

}  // namespace diemcau::ctl::test
