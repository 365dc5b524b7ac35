// The connection to the coordinator: connects, hands frames between the socket and wire::SiteLink, and
// connects again, with jitter, at a pace that follows from how the last connection ended.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/core/checks.hpp"
#include "base/loop.hpp"
#include "net/client.hpp"
#include "wire/backoff.hpp"
#include "wire/site_link.hpp"

namespace diemcau::agent {

struct LinkPaces {
  Micros first = 500 * kMillisecond;  // first window after a loss; Welcome tells another
  Micros most = 15 * kSecond;
  Micros refused = 30 * kSecond;  // unknown site, another agent, too old: a person must act first
};

// Where to connect and whom to believe there; asked before each connection.
struct LinkAccess {
  std::string url;
  net::Trust trust;
};

struct LinkPorts {
  std::function<LinkAccess()> access;
  // The signature under a challenge; an error: this site has no key.
  std::function<Result<std::string>(const v1::Hello&, const std::string& nonce,
                                    const std::string& fingerprint)>
      prove;
  std::function<v1::Hello()> hello;
  std::function<void(wire::SiteLinkEvents)> events;
  std::function<void(const LinkInfo&)> changed;
  std::function<std::uint64_t()> random;
};

class CoordinatorLink {
 public:
  CoordinatorLink(Tasks& tasks, const Clock& clock, std::unique_ptr<net::ClientContext> context,
                  LinkPaces paces, wire::SiteLink& link, LinkPorts ports);
  ~CoordinatorLink();
  CoordinatorLink(const CoordinatorLink&) = delete;
  CoordinatorLink& operator=(const CoordinatorLink&) = delete;

  void start();
  void stop();
  void reconnect(std::string_view why);  // says hello anew; nothing more is sent on this connection
  void wake();                           // the SiteLink has something to say
  void tick();                           // about ten times a second: pings, silence

 private:
  class Handler;
  void connect();
  void opened(net::Peer& peer);
  void message(std::string_view bytes);
  bool prove(const v1::Challenge& challenge);
  void closed(std::uint16_t code, std::string_view reason);
  void failed(const std::string& reason);
  void again(Micros wait);
  void tell(LinkInfo info);

  Tasks& tasks_;
  const Clock& clock_;
  std::string url_;  // of this connection
  v1::Hello hello_;  // as it was sent
  LinkPaces paces_;
  wire::SiteLink& link_;
  LinkPorts ports_;
  wire::Backoff backoff_;
  std::unique_ptr<net::ClientContext> context_;
  std::unique_ptr<net::Connection> connection_;
  net::Peer* peer_ = nullptr;  // while open
  Timer retry_;
  LinkInfo info_;
  std::string last_logged_;  // the same failure again and again is one line
  bool stopped_ = false;
};

}  // namespace diemcau::agent
