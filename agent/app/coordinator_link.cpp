// See coordinator_link.hpp.
#include "agent/app/coordinator_link.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "wire/codec.hpp"

namespace diemcau::agent {

class CoordinatorLink::Handler final : public net::PeerHandler {
 public:
  explicit Handler(CoordinatorLink& owner) : owner_(owner) {}
  void onOpen(net::Peer& peer) override { owner_.opened(peer); }
  void onMessage(std::string_view bytes) override { owner_.message(bytes); }
  bool next(net::Frame& frame) override {
    frame.body.reset();
    frame.text = false;
    return owner_.link_.next(frame.head, owner_.clock_.steady());
  }
  void onClose(std::uint16_t code, std::string_view reason) override { owner_.closed(code, reason); }

 private:
  CoordinatorLink& owner_;
};

CoordinatorLink::CoordinatorLink(Tasks& tasks, const Clock& clock,
                                 std::unique_ptr<net::ClientContext> context, LinkPaces paces,
                                 wire::SiteLink& link, LinkPorts ports)
    : tasks_(tasks),
      clock_(clock),
      paces_(paces),
      link_(link),
      ports_(std::move(ports)),
      backoff_(paces.first, paces.most),
      context_(std::move(context)) {}

CoordinatorLink::~CoordinatorLink() = default;

void CoordinatorLink::start() {
  tell({.connected = false,
        .too_old = false,
        .problem = text("Đang kết nối với trung tâm", "Connecting to the centre")});
  connect();
}

void CoordinatorLink::stop() {
  stopped_ = true;
  retry_.reset();
  if (peer_ != nullptr) peer_->close(net::close_code::kGoingAway, "the agent stops");
}

void CoordinatorLink::connect() {
  auto access = ports_.access();
  url_ = access.url;
  connection_ = context_->connect({.url = url_,
                                   .protocol = "diemcau.site.v1",
                                   .max_message = wire::kMaxFrame,
                                   .trust = std::move(access.trust)},
                                  std::make_unique<Handler>(*this),
                                  [this](const std::string& reason) { failed(reason); });
}

void CoordinatorLink::opened(net::Peer& peer) {
  peer_ = &peer;
  hello_ = ports_.hello();
  link_.connected(hello_, clock_.steady());
  peer.wantSend();
}

void CoordinatorLink::message(std::string_view bytes) {
  auto events = link_.receive(bytes, clock_.steady());
  if (!events) {
    logger("link")->error("the coordinator sent what cannot be used: {}", events.error().text);
    peer_->close(net::close_code::kPolicy, events.error().text.substr(0, 120));
    return;
  }
  if (events->challenge && !prove(*events->challenge)) return;
  if (events->welcome) {
    backoff_.told(Micros{events->welcome->reconnect_window_ms()} * kMillisecond);
    logger("link")->info("connected to {}, coordinator {}", url_, events->welcome->coordinator_version());
    last_logged_.clear();
    tell({.connected = true, .too_old = false, .problem = {}});
  }
  ports_.events(std::move(*events));
  wake();
}

// False: this site has no key, and the connection ends.
bool CoordinatorLink::prove(const v1::Challenge& challenge) {
  auto signature = ports_.prove(hello_, challenge.nonce(), peer_->fingerprint());
  if (!signature) {
    logger("link")->error("{}", signature.error().text);
    peer_->close(net::close_code::kNotAuthenticated, "this site has no key");
    return false;
  }
  link_.prove(std::move(*signature));
  return true;
}

void CoordinatorLink::reconnect(std::string_view why) {
  link_.disconnected();
  if (peer_ != nullptr) peer_->close(net::close_code::kGoingAway, why);
}

void CoordinatorLink::wake() {
  if (peer_ != nullptr) peer_->wantSend();
}

void CoordinatorLink::tick() {
  if (peer_ == nullptr) return;
  const auto now = clock_.steady();
  if (link_.silent(now)) {
    peer_ = nullptr;
    connection_.reset();
    closed(1006, "the coordinator was silent for three heartbeats");
    return;
  }
  if (const bool quiet = link_.quiet(now); quiet != info_.quiet && info_.connected) {
    auto info = info_;
    info.quiet = quiet;
    tell(std::move(info));
  }
  if (const auto due = link_.nextDue(); due != 0 && now >= due) wake();
}

void CoordinatorLink::closed(std::uint16_t code, std::string_view reason) {
  peer_ = nullptr;
  link_.disconnected();
  const auto told = fmt::format("{}{}{}", code, reason.empty() ? "" : ": ", reason);
  logger("link")->warn("connection to {} ended ({})", url_, told);
  LinkInfo info{.connected = false,
                .too_old = false,
                .problem = text("Mất kết nối với trung tâm, đang kết nối lại",
                                "The connection to the centre is lost, trying again")};
  Micros wait = backoff_.next(static_cast<std::uint32_t>(ports_.random()));
  // Refusals that only a person can end: ask again slowly, each site at its own moment.
  const Micros slow =
      paces_.refused / 2 + static_cast<Micros>(ports_.random() % static_cast<std::uint64_t>(paces_.refused));
  switch (code) {
    case net::close_code::kNotAllowed:
      info.problem = text(fmt::format("Trung tâm không nhận điểm cầu này ({}). Hãy gọi trung tâm", reason),
                          fmt::format("The centre refuses this site ({}). Call the centre", reason));
      wait = slow;
      break;
    case net::close_code::kReplaced:
      info.problem = text("Một chương trình khác đang chạy với mã điểm cầu này. Hãy tắt bớt một cái",
                          "Another program is running with this site's id. Stop one of them");
      wait = slow;
      break;
    case net::close_code::kTooOld:
      info.too_old = true;
      info.problem =
          text("Phần mềm ở điểm cầu quá cũ: cần cập nhật", "The program at this site is too old: update it");
      wait = slow;
      break;
    case net::close_code::kNotAuthenticated:
      info.problem = text(
          "Trung tâm chưa xác nhận được điểm cầu này: cần ghi danh (diemcau-agent enrol MÃ). Hãy gọi trung "
          "tâm",
          "The centre could not verify this site: it must be enrolled (diemcau-agent enrol TOKEN). Call the "
          "centre");
      wait = slow;
      break;
    default:
      break;
  }
  tell(std::move(info));
  again(wait);
}

void CoordinatorLink::failed(const std::string& reason) {
  if (reason != last_logged_) logger("link")->warn("cannot reach {}: {}", url_, reason);
  last_logged_ = reason;
  tell({.connected = false,
        .too_old = false,
        .problem = text("Không tới được trung tâm: kiểm tra dây mạng, modem",
                        "The centre cannot be reached: check the network cable and the modem")});
  again(backoff_.next(static_cast<std::uint32_t>(ports_.random())));
}

void CoordinatorLink::again(Micros wait) {
  if (stopped_) return;
  retry_ = tasks_.after(wait, [this] { connect(); });
}

void CoordinatorLink::tell(LinkInfo info) {
  info_ = std::move(info);
  ports_.changed(info_);
}

}  // namespace diemcau::agent
