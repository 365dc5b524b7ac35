// A hall without a picture: the real link over a real socket, a spool in memory, and the plainest way to
// follow an assignment. What it says of itself is the test's to change.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "diemcau/v1/link.pb.h"
#include "net/client.hpp"
#include "wire/site_link.hpp"

namespace diemcau::test {

class TestSite {
 public:
  TestSite(Loop& loop, std::string site_id, std::string agent_id = std::string(32, 'a'));
  ~TestSite();

  // Connects, or connects again after a loss.
  void connect(net::ClientContext& context, const std::string& url);
  void disconnect();

  // A headcount goes into the spool and out as soon as the link lets it.
  std::string headcount(const std::string& session, std::uint32_t present);
  void checkIn(const std::string& session, const std::string& delegate);
  void sendRaw(std::string bytes);  // instead of the next frame

  // Of an enrolled site: whom to believe, and its signature under a challenge.
  net::Trust trust;
  std::function<std::string(const v1::Hello&, const std::string& nonce, const std::string& fingerprint)>
      prove;

  bool welcomed() const { return welcome.has_value(); }
  bool allAcked() const { return acked >= spool.size(); }
  std::optional<v1::Plan> plan() const;  // of the newest assignment, its first

  v1::Hello hello;
  std::vector<wire::SiteLink::SpoolRecord> spool;
  std::optional<v1::Welcome> welcome;  // of this connection
  std::optional<v1::Assignment> assignment;
  v1::Status status;
  std::uint64_t acked = 0;
  int connections = 0;
  std::uint16_t close_code = 0;
  std::string close_reason, failure;

 private:
  class Socket;
  void arrived(std::string_view frame);
  void follow();
  void say();
  void spoolRecord(v1::Record record);

  Loop& loop_;
  wire::ClockOffset offset_;
  wire::SiteLink link_;
  std::unique_ptr<net::Connection> connection_;
  net::Peer* peer_ = nullptr;
  std::string raw_;
  Timer beat_, start_;
};

}  // namespace diemcau::test
