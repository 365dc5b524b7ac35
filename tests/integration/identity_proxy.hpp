// A man in the middle between an agent and the coordinator. With the coordinator's own TLS key he reads and
// changes what passes: what then still protects the hall are the signatures.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "diemcau/v1/link.pb.h"
#include "net/client.hpp"
#include "net/server.hpp"

namespace diemcau::test {

class Middleman {
 public:
  // Shows `files` to the agent and connects to `url` for it.
  Middleman(Loop& loop, const net::TlsFiles& files, std::string url, std::string fingerprint);
  ~Middleman();
  std::string url() const;

  std::vector<v1::Assignment> seen;  // every assignment that passed
  std::uint64_t sessions = 0;        // WebSockets of agents
  // To the agent, as if the coordinator had sent it.
  void inject(const v1::Assignment& assignment);

 private:
  class Down;
  class Up;
  Loop& loop_;
  std::string upstream_, fingerprint_;
  std::unique_ptr<net::ClientContext> context_;
  std::unique_ptr<net::Connection> connection_;
  std::unique_ptr<net::Server> server_;
  net::Peer *down_ = nullptr, *up_ = nullptr;
  std::vector<std::string> to_agent_, to_centre_;
  std::uint64_t seq_ = 0;
  void forward(v1::Envelope envelope);
};

}  // namespace diemcau::test
