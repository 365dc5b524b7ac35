// See hub.hpp.
#include "tests/integration/agent/hub.hpp"

#include <future>
#include <stdexcept>

#include "base/time.hpp"

namespace diemcau::test {

Micros wallNow() {
  return systemClock().wall();
}

class Hub::Peer final : public net::PeerHandler {
 public:
  explicit Peer(Hub& hub) : hub_(hub) {}
  ~Peer() override { hub_.peers_.erase(this); }
  void onOpen(net::Peer& peer) override {
    peer_ = &peer;
    hub_.peers_.insert(this);
  }
  void onMessage(std::string_view bytes) override {
    v1::Envelope envelope;
    if (auto ok = link_.receive(bytes, envelope, wallNow()); !ok) return peer_->close(1008, ok.error().text);
    {
      const std::lock_guard lock(hub_.mutex_);
      take(envelope);
    }
    hub_.changed_.notify_all();
    peer_->wantSend();
  }
  bool next(net::Frame& frame) override {
    wire::HubFrame out;
    const bool some = link_.next(out, wallNow(), [this] {
      const std::lock_guard lock(hub_.mutex_);
      return wire::AssignmentBytes{.own = hub_.state_.assignment.SerializeAsString(), .shared = nullptr};
    });
    if (!some) return false;
    frame.head = std::move(out.head);
    frame.body = std::move(out.body);
    frame.text = false;
    return true;
  }
  void onClose(std::uint16_t, std::string_view) override {
    peer_ = nullptr;
    {
      const std::lock_guard lock(hub_.mutex_);
      hub_.state_.connected = false;
    }
    hub_.changed_.notify_all();
  }
  void assignmentChanged() {
    if (peer_ == nullptr) return;
    link_.assignmentChanged();
    peer_->wantSend();
  }
  void acknowledge() {
    if (peer_ == nullptr) return;
    link_.acknowledge(hub_.state().committed[epoch_]);
    peer_->wantSend();
  }

 private:
  void take(const v1::Envelope& envelope) {
    auto& state = hub_.state_;
    if (envelope.has_hello()) {
      ++state.connections;
      state.hello = envelope.hello();
      if (state.refuse != 0) return peer_->close(state.refuse, "unknown site");
      state.connected = true;
      epoch_ = envelope.hello().epoch();
      v1::Welcome welcome;
      received_ = state.committed[epoch_];
      welcome.set_protocol(1);
      welcome.set_coordinator_version("test");
      welcome.set_resume_after(state.committed[epoch_]);
      welcome.set_resume_id(state.newest_id[epoch_]);
      welcome.set_heartbeat_ms(1000);
      welcome.set_status_interval_ms(500);
      welcome.set_reconnect_window_ms(200);
      link_.welcome(welcome);
      if (state.assignment.revision() > envelope.hello().revision()) link_.assignmentChanged();
    } else if (envelope.has_status()) {
      state.status = envelope.status();
    } else if (envelope.has_records()) {
      for (const auto& record : envelope.records().records()) commit(record);
      if (state.acknowledge) link_.acknowledge(state.committed[epoch_]);
    }
  }
  void commit(const v1::Record& record) {
    auto& state = hub_.state_;
    auto& committed = state.committed[epoch_];
    if (record.number() > received_ + 1) ++state.gaps;
    received_ = std::max(received_, record.number());
    // It hangs, or what came before was not committed: this is not either.
    if (!state.acknowledge || record.number() > committed + 1) return;
    if (record.number() > committed) state.newest_id[epoch_] = record.id();
    committed = std::max(committed, record.number());
    if (!state.ids.insert(record.id()).second) {
      ++state.repeats;
    } else {
      state.ledger.push_back(record);
    }
  }

  Hub& hub_;
  wire::HubLink link_;
  net::Peer* peer_ = nullptr;
  std::uint64_t epoch_ = 0, received_ = 0;
};

Hub::Hub() {
  listen();
  thread_ = std::thread([this] { loop_.run(); });
}

Hub::~Hub() {
  loop_.post([this] {
    server_.reset();
    loop_.stop();
  });
  thread_.join();
}

void Hub::listen() {
  net::ServerOptions options;
  options.listen = {.host = "127.0.0.1", .port = port_};
  options.sockets.push_back({.path = "/site",
                             .protocol = "diemcau.site.v1",
                             .open = [this](const net::HttpRequest&) -> std::unique_ptr<net::PeerHandler> {
                               return std::make_unique<Peer>(*this);
                             }});
  auto server = net::serve(loop_, std::move(options));
  if (!server) throw std::runtime_error(server.error().text);
  server_ = std::move(*server);
  port_ = server_->port();
}

void Hub::onLoop(const std::function<void()>& task) {
  std::promise<void> done;
  loop_.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void Hub::assign(const std::function<void(v1::Assignment&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(state_.assignment);
    state_.assignment.set_revision(state_.assignment.revision() + 1);
  }
  onLoop([this] {
    for (auto* peer : peers_) peer->assignmentChanged();
  });
}

void Hub::change(const std::function<void(State&)>& edit) {
  const std::lock_guard lock(mutex_);
  edit(state_);
}

Hub::State Hub::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

bool Hub::wait(const std::function<bool(const State&)>& holds, std::chrono::seconds limit) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return holds(state_); });
}

void Hub::cut() {
  onLoop([this] { server_.reset(); });
  const std::lock_guard lock(mutex_);
  state_.connected = false;
}

void Hub::resume() {
  onLoop([this] { listen(); });
}

}  // namespace diemcau::test
