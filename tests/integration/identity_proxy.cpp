// See identity_proxy.hpp.
#include "tests/integration/identity_proxy.hpp"

#include "tests/support/catch.hpp"

namespace diemcau::test {

class Middleman::Up final : public net::PeerHandler {
 public:
  explicit Up(Middleman& owner) : owner_(owner) {}
  void onOpen(net::Peer& peer) override {
    owner_.up_ = &peer;
    peer.wantSend();
  }
  void onMessage(std::string_view bytes) override {
    v1::Envelope envelope;
    REQUIRE(envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    if (envelope.has_assignment()) owner_.seen.push_back(envelope.assignment());
    owner_.forward(std::move(envelope));
  }
  bool next(net::Frame& frame) override {
    if (owner_.to_centre_.empty()) return false;
    frame.head = owner_.to_centre_.front();
    owner_.to_centre_.erase(owner_.to_centre_.begin());
    return true;
  }
  void onClose(std::uint16_t code, std::string_view reason) override {
    owner_.up_ = nullptr;
    if (owner_.down_ != nullptr) owner_.down_->close(code < 3000 ? 1011 : code, reason);
  }

 private:
  Middleman& owner_;
};

class Middleman::Down final : public net::PeerHandler {
 public:
  explicit Down(Middleman& owner) : owner_(owner) {}
  void onOpen(net::Peer& peer) override {
    owner_.down_ = &peer;
    owner_.seq_ = 0;
    ++owner_.sessions;
    owner_.to_agent_.clear();
    owner_.to_centre_.clear();
    net::ClientOptions options{.url = owner_.upstream_, .protocol = "diemcau.site.v1"};
    options.trust.fingerprint = owner_.fingerprint_;
    owner_.connection_ =
        owner_.context_->connect(options, std::make_unique<Up>(owner_), [](const std::string&) {});
  }
  void onMessage(std::string_view bytes) override {
    owner_.to_centre_.emplace_back(bytes);
    if (owner_.up_ != nullptr) owner_.up_->wantSend();
  }
  bool next(net::Frame& frame) override {
    if (owner_.to_agent_.empty()) return false;
    frame.head = owner_.to_agent_.front();
    owner_.to_agent_.erase(owner_.to_agent_.begin());
    return true;
  }
  void onClose(std::uint16_t, std::string_view) override {
    owner_.down_ = nullptr;
    owner_.up_ = nullptr;
    owner_.connection_.reset();
  }

 private:
  Middleman& owner_;
};

Middleman::Middleman(Loop& loop, const net::TlsFiles& files, std::string url, std::string fingerprint)
    : loop_(loop),
      upstream_(std::move(url)),
      fingerprint_(std::move(fingerprint)),
      context_(net::clientContext(loop)) {
  net::ServerOptions options;
  options.listen = {"127.0.0.1", 0};
  options.tls = files;
  options.sockets.push_back({"/site", "diemcau.site.v1",
                             [this](const net::HttpRequest&) { return std::make_unique<Down>(*this); }});
  auto server = net::serve(loop_, std::move(options));
  REQUIRE(server);
  server_ = std::move(*server);
}

Middleman::~Middleman() = default;

std::string Middleman::url() const {
  return "wss://127.0.0.1:" + std::to_string(server_->port()) + "/site";
}

// The numbers of the frames must stay without gaps, whatever is put in between.
void Middleman::forward(v1::Envelope envelope) {
  envelope.set_seq(++seq_);
  to_agent_.push_back(envelope.SerializeAsString());
  if (down_ != nullptr) down_->wantSend();
}

void Middleman::inject(const v1::Assignment& assignment) {
  v1::Envelope envelope;
  *envelope.mutable_assignment() = assignment;
  forward(std::move(envelope));
}

}  // namespace diemcau::test
