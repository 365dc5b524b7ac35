// The floor's words (floor/words.hpp), and the payloads of all that are not ours.
#include "tests/bench/dialects.hpp"
#include "tests/bench/floor/words.hpp"

namespace diemcau::bench {

std::string payload(std::uint64_t number, std::size_t size) {
  std::string out = floor::numberBytes(number);
  if (out.size() < size) out.append(size - out.size(), 'x');
  return out;
}

std::uint64_t numberOf(std::string_view bytes) {
  return floor::numberIn(bytes);
}

namespace {

class FloorDialect final : public Dialect {
 public:
  explicit FloorDialect(const Sizes& sizes) : sizes_(sizes) {}

  void opened(Peer& peer, Crowd&) override {
    const char* role = peer.role == Role::kSite ? "s" : peer.role == Role::kCentre ? "c" : "v";
    floor::append(peer.line->out, floor::Word::kHello, role);
  }

  std::size_t take(Peer& peer, Crowd& crowd) override {
    return floor::frames(peer.in, [&](floor::Word word, std::string_view bytes) {
      switch (word) {
        case floor::Word::kWelcome:
          return crowd.welcome(peer);
        case floor::Word::kCommand:
          crowd.commanded(bytes.size());
          return floor::append(peer.line->out, floor::Word::kAnswer, payload(numberOf(bytes), sizes_.status));
        case floor::Word::kDone:
          crowd.seen.answers = crowd.sites();
          crowd.seen.last_answer = systemClock().steady();
          return;
        case floor::Word::kTick:
          ++crowd.seen.views;
          return;
        case floor::Word::kEvent:
          if (crowd.seen.event) crowd.seen.event(peer.number, numberOf(bytes));
          return;
        case floor::Word::kAck:
          if (crowd.seen.acknowledged)
            crowd.seen.acknowledged(peer.number, numberOf(bytes), systemClock().steady());
          return;
        default:
          return;
      }
    });
  }

  void tellStatus(Peer& site, std::uint64_t event) override {
    floor::append(site.line->out, event == 0 ? floor::Word::kStatus : floor::Word::kEvent,
                  payload(event, sizes_.status));
  }
  void command(Peer& centre, std::uint64_t revision) override {
    floor::append(centre.line->out, floor::Word::kCommand, payload(revision, sizes_.command));
  }
  void record(Peer& site, std::uint64_t number) override {
    floor::append(site.line->out, floor::Word::kRecord, payload(number, sizes_.record));
  }

 private:
  const Sizes sizes_;
};

}  // namespace

std::unique_ptr<Dialect> floorDialect(const Sizes& sizes) {
  return std::make_unique<FloorDialect>(sizes);
}

}  // namespace diemcau::bench
