// See network.hpp.
#include "tests/sim/network.hpp"

#include <algorithm>

namespace diemcau::sim {
namespace {
constexpr Micros kConnectPatience = 10 * kSecond;  // as ClientOptions has it
constexpr Micros kClosePatience = 5 * kSecond;
}  // namespace

struct Network::End final : public net::Peer {
  Network* network = nullptr;
  Wire* wire = nullptr;
  int side = 0;  // 0: the hall, 1: the centre
  Process* process = nullptr;
  std::uint64_t life = 0;
  std::unique_ptr<net::PeerHandler> handler;
  bool open = false, closing = false, pump_waits = false;
  std::deque<Message> inbox;
  std::size_t inbox_bytes = 0;
  Micros newest = 0;  // due time of the last message in the inbox
  std::string at, name;

  std::uint64_t id() const override;
  const std::string& address() const override { return at; }
  const std::string& protocol() const override { return name; }
  void wantSend() override { network->wantSend(*wire, side); }
  void close(std::uint16_t code, std::string_view reason) override {
    network->close(*wire, side, code, reason);
  }
  bool choked() const override;
};

struct Network::Wire {
  std::uint64_t id = 0;
  std::string site;
  Path* path = nullptr;
  End ends[2];
};

std::uint64_t Network::End::id() const {
  return wire->id;
}
bool Network::End::choked() const {
  return wire->ends[1 - side].inbox_bytes >= kWindow;
}

// One call of connect(): until it is refused, or a connection, and then as long as the caller holds it.
struct Network::Attempt {
  std::string site;
  Process* hall = nullptr;
  std::uint64_t life = 0;
  std::unique_ptr<net::PeerHandler> handler;
  std::function<void(std::string)> failed;
  std::shared_ptr<Wire> wire;
  bool dropped = false;
  Micros since = 0;
};

class Network::Context final : public net::ClientContext {
 public:
  Context(Network& network, Process& hall, std::string site)
      : network_(network), hall_(hall), site_(std::move(site)) {}
  std::unique_ptr<net::Connection> connect(net::ClientOptions, std::unique_ptr<net::PeerHandler> handler,
                                           std::function<void(std::string)> failed) override {
    auto attempt = std::make_shared<Attempt>();
    attempt->site = site_;
    attempt->hall = &hall_;
    attempt->life = hall_.life();
    attempt->handler = std::move(handler);
    attempt->failed = std::move(failed);
    attempt->since = network_.calendar_.now();
    network_.connect(attempt);
    return std::make_unique<Held>(network_, attempt);
  }

 private:
  class Held final : public net::Connection {
   public:
    Held(Network& network, std::shared_ptr<Attempt> attempt)
        : network_(network), attempt_(std::move(attempt)) {}
    ~Held() override {
      attempt_->dropped = true;
      attempt_->failed = nullptr;
      if (attempt_->wire) network_.abandon(*attempt_->wire, 0);
    }

   private:
    Network& network_;
    std::shared_ptr<Attempt> attempt_;
  };
  Network& network_;
  Process& hall_;
  std::string site_;
};

Network::~Network() = default;

void Network::listen(Process& centre, Open open) {
  centre_ = &centre;
  open_ = std::move(open);
}

std::unique_ptr<net::ClientContext> Network::client(Process& hall, const std::string& site) {
  return std::make_unique<Context>(*this, hall, site);
}

void Network::path(const std::string& site, Micros delay, Micros jitter) {
  paths_[site].delay = delay;
  paths_[site].jitter = jitter;
}

bool Network::stalled(const std::string& site) const {
  const auto found = paths_.find(site);
  return found != paths_.end() && found->second.stalled;
}

void Network::stall(const std::string& site, bool stalled) {
  auto& path = paths_[site];
  if (path.stalled == stalled) return;
  path.stalled = stalled;
  if (stalled) return;
  for (const auto& [id, wire] : wires_) {
    if (wire->site != site) continue;
    for (int end = 0; end < 2; ++end) {
      // What was sent meanwhile is sent again now.
      const Micros due = calendar_.now() + delayOf(path);
      for (auto& message : wire->ends[end].inbox) message.due = std::max(message.due, due);
      wire->ends[end].newest = std::max(wire->ends[end].newest, due);
      if (!wire->ends[end].inbox.empty()) calendar_.at(due, [this, held = wire, end] { pull(held, end); });
    }
  }
}

Micros Network::delayOf(const Path& path) {
  // Now and then a packet is lost and comes with the next try.
  const Micros again = dice_.percent(1) ? 200 * kMillisecond : 0;
  return path.delay + dice_.between(0, path.jitter) + again;
}

void Network::connect(const std::shared_ptr<Attempt>& attempt) {
  const auto& path = paths_[attempt->site];
  calendar_.after(2 * delayOf(path), [this, attempt] { arrive(attempt); });
}

void Network::arrive(const std::shared_ptr<Attempt>& attempt) {
  if (attempt->dropped) return;
  auto& path = paths_[attempt->site];
  const auto refused = [attempt](const char* why) {
    attempt->hall->enter(attempt->life, [&] {
      if (const auto failed = std::exchange(attempt->failed, nullptr)) failed(why);
    });
  };
  if (path.stalled) {
    if (calendar_.now() - attempt->since >= kConnectPatience) return refused("no answer within 10 s");
    calendar_.after(kSecond, [this, attempt] { arrive(attempt); });
    return;
  }
  if (centre_ == nullptr || !centre_->up()) return refused("connection refused");
  auto wire = std::make_shared<Wire>();
  wire->id = ++ids_;
  wire->site = attempt->site;
  wire->path = &path;
  for (int side = 0; side < 2; ++side) {
    auto& end = wire->ends[side];
    end.network = this;
    end.wire = wire.get();
    end.side = side;
    end.open = true;
    end.at = side == 1 ? attempt->site : "centre";
    end.name = "diemcau.site.v1";
  }
  wire->ends[0].process = attempt->hall;
  wire->ends[0].life = attempt->life;
  wire->ends[1].process = centre_;
  wire->ends[1].life = centre_->life();
  wires_[wire->id] = wire;
  attempt->wire = wire;
  tap_.opened(wire->site, wire->id);
  centre_->enter([&] {
    wire->ends[1].handler = open_();
    wire->ends[1].handler->onOpen(wire->ends[1]);
  });
  attempt->hall->enter(attempt->life, [&] {
    attempt->failed = nullptr;
    wire->ends[0].handler = std::move(attempt->handler);
    wire->ends[0].handler->onOpen(wire->ends[0]);
  });
}

void Network::send(Wire& wire, int to, Message message) {
  auto& end = wire.ends[to];
  message.due = std::max(end.newest, calendar_.now() + delayOf(*wire.path));
  end.newest = message.due;
  end.inbox_bytes += message.bytes.size();
  tap_.waits(wire.site, end.inbox_bytes);
  end.inbox.push_back(std::move(message));
  calendar_.at(end.newest, [this, one = held(wire), to] { pull(one, to); });
}

std::shared_ptr<Network::Wire> Network::held(Wire& wire) {
  const auto found = wires_.find(wire.id);
  return found == wires_.end() ? nullptr : found->second;
}

void Network::pull(const std::shared_ptr<Wire>& wire, int side) {
  if (!wire || wire->path->stalled) return;
  auto& end = wire->ends[side];
  while (!end.inbox.empty() && end.inbox.front().due <= calendar_.now()) {
    auto message = std::move(end.inbox.front());
    end.inbox.pop_front();
    end.inbox_bytes -= message.bytes.size();
    deliver(wire, side, std::move(message));
  }
  auto& other = wire->ends[1 - side];
  if (other.open && !other.pump_waits && !other.closing) wantSend(*wire, 1 - side);
}

void Network::deliver(const std::shared_ptr<Wire>& wire, int side, Message message) {
  auto& end = wire->ends[side];
  if (!end.open) {
    // Nobody is there any more: whoever sent it is told, unless it knows.
    if (!message.close && wire->ends[1 - side].open)
      send(*wire, 1 - side, {0, {}, true, 1006, "connection reset"});
    return;
  }
  if (message.close) return finish(wire, side, message.code, message.reason);
  if (end.closing) return;
  if (side == 1)
    tap_.toCentre(wire->site, wire->id, message.bytes);
  else
    tap_.toHall(wire->site, wire->id, message.bytes);
  end.process->enter(end.life, [&] { end.handler->onMessage(message.bytes); });
}

void Network::wantSend(Wire& wire, int side) {
  auto& end = wire.ends[side];
  if (!end.open || end.closing || end.pump_waits) return;
  end.pump_waits = true;
  calendar_.after(0, [this, one = held(wire), side] { pump(one, side); });
}

void Network::pump(const std::shared_ptr<Wire>& wire, int side) {
  if (!wire) return;
  auto& end = wire->ends[side];
  end.pump_waits = false;
  if (mutation_ == Mutation::kSlowPeerBlocks && side == 1)
    for (const auto& [site, path] : paths_)
      if (path.stalled) {
        end.pump_waits = true;
        calendar_.after(kSecond, [this, wire, side] { pump(wire, side); });
        return;
      }
  end.process->enter(end.life, [&] {
    net::Frame frame;
    while (end.open && !end.closing && !end.choked() && end.handler->next(frame)) {
      Message message;
      message.bytes = std::move(frame.head);
      if (frame.body) message.bytes += *frame.body;
      send(*wire, 1 - side, std::move(message));
      frame = {};
    }
  });
}

void Network::close(Wire& wire, int side, std::uint16_t code, std::string_view reason) {
  auto& end = wire.ends[side];
  if (!end.open || end.closing) return;
  end.closing = true;
  send(wire, 1 - side, {0, {}, true, code, std::string(reason)});
  const Micros answer = wire.path->stalled ? kClosePatience : 2 * delayOf(*wire.path);
  calendar_.after(answer, [this, one = held(wire), side, code, why = std::string(reason)] {
    if (one && one->ends[side].open) finish(one, side, code, why);
  });
}

// The last call to a handler.
void Network::finish(const std::shared_ptr<Wire>& wire, int side, std::uint16_t code,
                     std::string_view reason) {
  auto& end = wire->ends[side];
  end.open = false;
  tap_.ended(wire->site, wire->id);
  end.process->enter(end.life, [&] { end.handler->onClose(code, reason); });
  end.handler.reset();
  if (!wire->ends[1 - side].open) wires_.erase(wire->id);
}

// The owner let go of it: no further call, and the other end is told.
void Network::abandon(Wire& wire, int side) {
  auto& end = wire.ends[side];
  if (!end.open) return;
  end.open = false;
  tap_.ended(wire.site, wire.id);
  if (wire.ends[1 - side].open)
    send(wire, 1 - side, {0, {}, true, 1006, "connection reset"});
  else
    wires_.erase(wire.id);
  calendar_.after(0, [handler = std::shared_ptr<net::PeerHandler>(std::move(end.handler))] {});
}

bool Network::connected(const std::string& site) const {
  for (const auto& [id, wire] : wires_)
    if (wire->site == site && wire->ends[0].open) return true;
  return false;
}

void Network::closeAll() {
  for (const auto& [id, wire] : std::exchange(wires_, {}))
    for (auto& end : wire->ends) {
      end.open = false;
      end.handler.reset();
    }
}

void Network::breakLinks(const std::string& site) {
  std::vector<std::shared_ptr<Wire>> broken;
  for (const auto& [id, wire] : wires_)
    if (wire->site == site) broken.push_back(wire);
  for (const auto& wire : broken)
    for (int side = 0; side < 2; ++side) {
      wire->ends[side].inbox.clear();
      wire->ends[side].inbox_bytes = 0;
      calendar_.after(delayOf(*wire->path), [this, wire, side] {
        if (wire->ends[side].open) finish(wire, side, 1006, "connection reset");
      });
    }
}

void Network::processDied(const Process& process, bool power) {
  std::vector<std::shared_ptr<Wire>> its;
  for (const auto& [id, wire] : wires_)
    if (wire->ends[0].process == &process || wire->ends[1].process == &process) its.push_back(wire);
  for (const auto& wire : its) {
    const int side = wire->ends[0].process == &process ? 0 : 1;
    auto& end = wire->ends[side];
    if (end.open) tap_.ended(wire->site, wire->id);
    end.open = false;
    end.handler.reset();
    if (!wire->ends[1 - side].open)
      wires_.erase(wire->id);
    else if (!power)
      send(*wire, 1 - side, {0, {}, true, 1006, "connection reset"});
  }
}

}  // namespace diemcau::sim
