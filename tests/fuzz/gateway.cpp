// Sites that may be hostile, on the gateway with the core behind it. The input is pieces between lines of
// "---"; each begins with a letter:
//   o0        connection 0 (0 to 3) is opened           c0   it is cut
//   e0 TEXT   an Envelope in protobuf's text format comes on it; its number is put right
//   b0 BYTES  a frame of any bytes comes on it
//   t7        seven seconds pass                        a9   act 9 of SessionAct on the session
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <array>

#include "base/text.hpp"
#include "coordinator/gateway/gateway.hpp"
#include "tests/fuzz/centre.hpp"
#include "wire/codec.hpp"

using namespace diemcau;

namespace {

struct Site final : net::Peer {
  std::uint64_t number = 0;
  std::string name = "127.0.0.1", spoken = "diemcau.site.v1";
  std::unique_ptr<net::PeerHandler> handler;
  std::uint64_t sent = 0, heard = 0;
  bool wants = false, closing = false;

  std::uint64_t id() const override { return number; }
  const std::string& address() const override { return name; }
  const std::string& protocol() const override { return spoken; }
  void wantSend() override { wants = true; }
  void close(std::uint16_t code, std::string_view reason) override {
    MUST(code >= 1000 && reason.size() <= 120 && validUtf8(reason));
    closing = true;
  }
  bool choked() const override { return false; }
};

class Silent final : public google::protobuf::io::ErrorCollector {
  void AddError(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
  void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
};

bool readText(std::string_view text, v1::Envelope& into) {
  google::protobuf::TextFormat::Parser parser;
  Silent silent;
  parser.RecordErrorsTo(&silent);
  parser.SetRecursionLimit(wire::kMaxNesting);
  return parser.ParseFromString(std::string(text), &into);
}

class World {
 public:
  World() {
    centre_.submitted = [this](const core::Effects& effects) { gateway_.submitted(effects); };
    centre_.applied = [this](const core::Effects& effects) { gateway_.applied(effects); };
  }
  ~World() {
    for (auto& site : sites_) cut(site);
  }

  void step(std::string_view piece) {
    if (piece.size() < 2) return;
    const char letter = piece[0];
    const auto digit = static_cast<std::size_t>(static_cast<unsigned char>(piece[1]));
    auto& site = sites_[digit % sites_.size()];
    piece.remove_prefix(2);
    if (letter == 'o') open(site);
    if (letter == 'c') cut(site);
    if (letter == 'e') envelope(site, piece);
    if (letter == 'b' && site.handler) site.handler->onMessage(piece);
    if (letter == 't') centre_.pass(static_cast<Micros>(digit % 64) * kSecond);
    if (letter == 'a') act(static_cast<int>(digit - '0'));
    settle();
  }

  void finish() const {
    centre_.mustSurviveRestart();
    // What sites said is shown to people: it must be text.
    v1::ViewUpdate view;
    MUST(view.ParseFromString(centre_.core.view(0, "", centre_.clock.at).SerializeAsString()));
    const auto sessions = centre_.core.sessions();
    for (const auto& session : sessions.sessions())
      MUST(view.ParseFromString(centre_.core.view(0, session.id(), centre_.clock.at).SerializeAsString()));
  }

 private:
  void open(Site& site) {
    cut(site);
    site.number = ++last_;
    site.sent = site.heard = 0;
    site.wants = site.closing = false;
    site.handler = gateway_.route().open({});
    MUST(site.handler != nullptr);
    site.handler->onOpen(site);
  }

  static void cut(Site& site) {
    if (!site.handler) return;
    site.handler->onClose(1006, "");
    site.handler.reset();
  }

  void envelope(Site& site, std::string_view text) {
    v1::Envelope envelope;
    if (!site.handler || site.closing || !readText(text, envelope)) return;
    envelope.set_seq(++site.sent);
    site.handler->onMessage(wire::encode(envelope));
  }

  void act(int kind) {
    const auto sessions = centre_.core.sessions();
    if (sessions.sessions_size() == 0 || !v1::SessionAct::Kind_IsValid(kind)) return;
    v1::Command command;
    command.set_actor("Lê Hà");
    command.mutable_act()->set_session_id(sessions.sessions(0).id());
    command.mutable_act()->set_kind(static_cast<v1::SessionAct::Kind>(kind));
    core::Effects effects;
    if (!centre_.core.command(command, centre_.clock.at, effects)) return;
    centre_.submit(effects, {});
  }

  // Sockets are free: what waits goes out, and what was closed ends.
  void settle() {
    for (auto& site : sites_) {
      while (site.handler && site.wants && !site.closing) {
        site.wants = false;
        net::Frame frame;
        while (!site.closing && site.handler->next(frame)) heard(site, frame);
      }
    }
    for (auto& site : sites_)
      if (site.closing) cut(site);
  }

  static void heard(Site& site, const net::Frame& frame) {
    v1::Envelope envelope;
    MUST(wire::decode(frame.head + (frame.body ? *frame.body : ""), envelope));
    MUST(envelope.seq() == ++site.heard);
    MUST(site.heard != 1 || envelope.has_welcome());
  }

  fuzz::Centre centre_;
  Loop loop_;
  gateway::Gateway gateway_{loop_, centre_.clock, centre_.core,
                            [this](const core::Effects& effects, const std::function<void()>& then) {
                              centre_.submit(effects, then);
                            }};
  std::array<Site, 4> sites_;
  std::uint64_t last_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::quietLog();
  World world;
  for (const auto piece : fuzz::pieces(fuzz::asText(data, size), 64)) world.step(piece);
  world.finish();
  return 0;
}
