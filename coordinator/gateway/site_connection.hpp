// One WebSocket of a site: from the first frame, which must be its hello, to the close. Private to this
// folder.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/gateway/hub.hpp"
#include "wire/hub_link.hpp"

namespace diemcau::gateway {

class SiteConnection final : public net::PeerHandler {
 public:
  explicit SiteConnection(Gateway::Hub& hub) : hub_(hub) {}
  ~SiteConnection() override;

  void onOpen(net::Peer& peer) override;
  void onMessage(std::string_view bytes) override;
  bool next(net::Frame& frame) override;
  void onClose(std::uint16_t code, std::string_view reason) override;

  // By the hub.
  void read(std::string_view bytes, Micros at);  // a frame that came then
  void challenge(const v1::Hello& hello, std::string nonce);
  void greeted(const v1::Hello& hello);      // accepted; the welcome follows after the commit
  void welcome(const v1::Welcome& welcome);  // and the newest assignment behind it
  void acknowledge(std::uint64_t number);
  bool assignmentChanged();  // true when the hub has to call sendDue()
  void sendDue();
  void close(std::uint16_t code, std::string_view reason);
  void replaced();  // closes; the site is no longer this connection's

  std::uint64_t id() const { return id_; }
  const std::string& site() const { return site_; }
  std::uint64_t epoch() const { return epoch_; }
  bool greeted() const { return greeted_; }
  bool closing() const { return closing_; }
  Micros heard() const { return heard_; }
  SiteCaller caller() const;
  std::string address() const { return peer_ ? peer_->address() : std::string("gone"); }

 private:
  // `readiness`: the number of a status' readiness.
  void dispatch(v1::Envelope& envelope, std::uint64_t readiness, Micros at);
  void records(const v1::RecordBatch& batch, Micros at);
  void park();
  void violation(const std::string& what);
  void leave();

  Gateway::Hub& hub_;
  struct Asked {
    v1::Hello hello;
    std::string nonce;
  };
  net::Peer* peer_ = nullptr;
  wire::HubLink link_;
  std::unique_ptr<Asked> asked_;  // waits for the proof
  std::uint64_t id_ = 0, epoch_ = 0;
  Micros heard_ = 0;     // steady: the last whole frame
  std::string site_;     // empty until the hello was accepted, and again once replaced
  bool proved_ = false;  // assignments are sealed
  bool greeted_ = false, welcomed_ = false, closing_ = false;
  bool due_ = false;        // a newer assignment is to be sent
  bool link_asks_ = false;  // the link will ask for one as soon as small frames are out
  bool parked_ = false;     // in the hub's list of those to call
};

}  // namespace diemcau::gateway
