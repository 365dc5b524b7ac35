// One WebSocket over libwebsockets, the same for both ends. Private to this folder.
//
// Sending: the handler is asked for its next frame only when nothing waits for this peer any more, so a peer
// that does not read costs its handler's own state and the rest of one frame. Receiving: messages are put
// together here, and one that would grow beyond the limit is refused before it is stored.
#pragma once

#include <libwebsockets.h>

#include "net/lws_home.hpp"
#include "net/server.hpp"

namespace diemcau::net {

class WsSocket final : public Peer {
 public:
  // Told when the end began: what is still there after a while should be cut off.
  class Owner {
   public:
    Owner() = default;
    virtual ~Owner() = default;
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    virtual void ending() = 0;
  };
  struct Parts {
    LwsHome& home;
    lws* wsi;
    std::uint64_t id;
    std::string address;
    std::string protocol;
    std::size_t max_message;
    std::shared_ptr<ServerCounters> counters;
    Owner& owner;
    std::unique_ptr<PeerHandler> handler;
    std::string fingerprint;
  };

  explicit WsSocket(Parts parts);
  ~WsSocket() override;

  std::uint64_t id() const override { return parts_.id; }
  const std::string& address() const override { return parts_.address; }
  const std::string& protocol() const override { return parts_.protocol; }
  const std::string& fingerprint() const override { return parts_.fingerprint; }
  void wantSend() override;
  void close(std::uint16_t code, std::string_view reason) override;
  bool choked() const override;

  // What libwebsockets tells; the results go back to it: other than 0 ends the connection.
  int opened();
  int received(const char* bytes, std::size_t length);
  int writable();
  void peerCloses(const unsigned char* payload, std::size_t length);
  void ended();

  // No further calls to the handler, which is destroyed as soon as it is not being called; the connection is
  // ended.
  void abandon(std::uint16_t code, std::string_view reason);
  bool closing() const { return closing_; }

 private:
  bool live() const { return parts_.handler && parts_.wsi != nullptr && open_ && !closing_ && !muted_; }
  bool write(const Frame& frame);
  void pump(unsigned frames);
  int beginClose();
  int deliver(std::string_view message);
  template <class Call>
  void call(Call&& what);

  Parts parts_;
  std::string assembly_;  // the message so far
  std::string reason_ = "no close frame";
  std::uint16_t code_ = 1006;
  std::uint8_t depth_ = 0;  // calls of the handler under way
  bool open_ = false, sending_ = false, closing_ = false, close_begun_ = false, muted_ = false,
       broken_ = false, told_ = false;
};

}  // namespace diemcau::net
