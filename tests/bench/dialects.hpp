// What the generator says to each server. The pattern and the sizes are the same for all; only the words
// around them differ.
//
// The brokers' dialects are written out here (MQTT 3.1.1 with QoS 0, NATS 1.0: the few messages that the
// pattern needs) instead of taken from their client libraries: one of those per connection would have cost
// more than the servers that are measured, and a different one for each server.
#pragma once

#include <map>
#include <memory>

#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/link.pb.h"
#include "tests/bench/crowd.hpp"
#include "tests/fleet/enrolment.hpp"

namespace diemcau::bench {

// Bytes of what goes over the wire, without a protocol's own words around it. Those of ours, as measured: a
// signed plan of two feeds for a site with a key; a status with readiness and with measurements of two feeds;
// a check-in.
struct Sizes {
  std::size_t command = 385, status = 550, record = 100;
};

// `number` at the front and filled up to the size.
std::string payload(std::uint64_t number, std::size_t size);
std::uint64_t numberOf(std::string_view payload);

std::unique_ptr<Dialect> floorDialect(const Sizes& sizes);
std::unique_ptr<Dialect> mqttDialect(const Sizes& sizes);
std::unique_ptr<Dialect> natsDialect(const Sizes& sizes);

// The real protocol of ours, as agents speak it: WebSocket, hello, proof of the site's key, statuses by
// revision, records. Signatures under assignments are left to diemcau-fleet to check.
class OursDialect final : public Dialect {
 public:
  struct Setup {
    std::vector<std::string> site_ids;
    std::map<std::string, fleet::SiteAccess> access;  // empty: sites have no keys
    std::uint16_t sites_port = 0, api_port = 0;
    std::uint64_t epoch = 1;
    std::size_t delegates = 1;  // of each site
  };
  explicit OursDialect(Setup setup);
  ~OursDialect() override;

  // Whose view the consoles ask for, and whose records the sites write.
  void session(std::string id, std::string sitting);

  void opened(Peer& peer, Crowd& crowd) override;
  std::size_t take(Peer& peer, Crowd& crowd) override;
  void tellStatus(Peer& site, std::uint64_t event) override;
  void record(Peer& site, std::uint64_t number) override;
  // The common start of the session that runs, on this machine's clock; 0: none.
  Micros startAt() const { return plan_.start_at_us(); }
  // Of the newest status, as it went over the wire.
  std::size_t statusBytes() const { return status_bytes_; }

 private:
  void message(Peer& peer, Crowd& crowd, std::string_view bytes);
  void view(Peer& console, Crowd& crowd, std::string_view bytes);
  v1::Hello helloOf(const Peer& site) const;
  void hello(Peer& site);
  void prove(Peer& site, const v1::Challenge& challenge);
  void assigned(Peer& site, Crowd& crowd, const v1::Assignment& assignment, std::size_t bytes);
  void send(Peer& site, v1::Envelope& envelope);

  Setup setup_;
  std::string session_, sitting_;
  // What sites say alike depends on this.
  struct Alike {
    std::uint64_t plan = 0, failovers = 0;
    v1::SitePhase::Name phase = v1::SitePhase::idle;
    std::uint32_t wobble = 0;
    Micros moment = -1;
    bool operator==(const Alike&) const = default;
  };
  const std::string& alike(const Alike& said, Micros now);

  v1::Envelope in_, records_;
  v1::Status status_, own_;  // what sites say alike, and what each has of its own
  Alike said_;
  std::string said_bytes_, bytes_;
  v1::SitePhase::Name phaseNow(Micros now) const;
  std::uint64_t plans_read_ = 0;
  std::string plan_read_;  // the plan that was parsed last
  v1::Plan plan_;
  std::uint64_t event_ = 0;
  std::string view_read_;  // the update that was parsed last; the same for many consoles
  std::uint64_t view_event_ = 0;
  std::size_t status_bytes_ = 0;
};

}  // namespace diemcau::bench
