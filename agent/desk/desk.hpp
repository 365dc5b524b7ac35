// The site staff's page and its API; README.md of agent/ tells the routes. Everything runs on the loop's
// thread.
//
// Who sits at the hall's own computer is trusted. Where the settings let other devices of the hall in, each
// of them shows the PIN first, see desk_gate.hpp; without it they get the page's files and nothing else.
//
// A POST must be application/json and is answered 200 {"id": ...} once the record is on the disk, or an RFC
// 9457 problem with `detail` (English) and `detail_vi`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/desk/desk_state.hpp"
#include "base/loop.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

struct DeskPorts {
  std::function<DeskView()> view;
  std::function<Done(v1::Record&)> append;  // on the disk when it returned; gives the record its number
  std::function<Done(const std::string& text_id)> received;
  std::function<Done(bool on)> test;                    // picture and tone on the hall's screen
  std::function<std::vector<std::string>()> addresses;  // of this machine in the hall's network, numeric
};

struct DeskOptions {
  ListenAddress listen;
  std::vector<std::string> hosts =
      {};  // names, besides addresses of this machine, that the desk is asked for by
  std::function<bool()> stranger = {};  // for tests on one computer: true makes the caller another device
};

class Desk {
 public:
  virtual ~Desk() = default;
  virtual std::uint16_t port() const = 0;
};

// Listens there, and on loopback with the same port in any case.
Result<std::unique_ptr<Desk>> openDesk(Loop& loop, const DeskOptions& options, DeskPorts ports);

}  // namespace diemcau::agent
