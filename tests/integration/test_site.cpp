// A hall without a picture.
#include "tests/integration/test_site.hpp"

#include <fmt/format.h>

#include "base/time.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {
namespace {

v1::SitePhase::Name phaseFor(const v1::Plan& plan) {
  switch (plan.phase()) {
    case v1::Phase::scheduled:
      return v1::SitePhase::waiting;
    case v1::Phase::rehearsing:
      return v1::SitePhase::rehearsing;
    case v1::Phase::armed:
      return v1::SitePhase::armed;
    case v1::Phase::live:
      return v1::SitePhase::starting;
    case v1::Phase::paused:
      return v1::SitePhase::paused;
    case v1::Phase::ended:
      return v1::SitePhase::ended;
    default:
      return v1::SitePhase::idle;
  }
}

}  // namespace

class TestSite::Socket final : public net::PeerHandler {
 public:
  explicit Socket(TestSite& site) : site_(site) {}
  void onOpen(net::Peer& peer) override {
    site_.peer_ = &peer;
    ++site_.connections;
    site_.link_.connected(site_.hello, systemClock().steady());
    peer.wantSend();
  }
  void onMessage(std::string_view bytes) override { site_.arrived(bytes); }
  bool next(net::Frame& frame) override {
    frame = {};
    if (!site_.raw_.empty()) {
      frame.head = std::exchange(site_.raw_, {});
      return true;
    }
    return site_.link_.next(frame.head, systemClock().steady());
  }
  void onClose(std::uint16_t code, std::string_view reason) override {
    site_.peer_ = nullptr;
    site_.close_code = code;
    site_.close_reason = reason;
    site_.link_.disconnected();
  }

 private:
  TestSite& site_;
};

TestSite::TestSite(Loop& loop, std::string site_id, std::string agent_id)
    : loop_(loop), link_(offset_, [this](std::uint64_t after, std::size_t max_bytes) {
        std::vector<wire::SiteLink::SpoolRecord> out;
        std::size_t bytes = 0;
        for (std::size_t i = after; i < spool.size() && bytes < max_bytes; ++i) {
          out.push_back(spool[i]);
          bytes += spool[i].bytes.size();
        }
        return out;
      }) {
  hello.set_site_id(std::move(site_id));
  hello.set_agent_id(std::move(agent_id));
  hello.set_agent_version("test");
  hello.set_protocol(1);
  hello.set_epoch(77);
  beat_ = loop_.every(200 * kMillisecond, [this] {
    if (!peer_ || !welcome) return;
    status.set_at_us(systemClock().wall());
    link_.setStatus(status);
    peer_->wantSend();
  });
}

TestSite::~TestSite() = default;

void TestSite::connect(net::ClientContext& context, const std::string& url) {
  disconnect();
  hello.set_acked(acked);
  hello.set_spooled(spool.size());
  connection_ =
      context.connect({.url = url, .protocol = "diemcau.site.v1", .trust = trust},
                      std::make_unique<Socket>(*this), [this](const std::string& why) { failure = why; });
}

void TestSite::disconnect() {
  connection_.reset();
  peer_ = nullptr;
  welcome.reset();
  close_code = 0;
  close_reason.clear();
  failure.clear();
  link_.disconnected();
}

void TestSite::arrived(std::string_view frame) {
  auto events = link_.receive(frame, systemClock().steady());
  if (!events) FAIL("the coordinator sent " << events.error().text);
  if (events->challenge && prove) link_.prove(prove(hello, events->challenge->nonce(), peer_->fingerprint()));
  if (events->welcome) {
    welcome = *events->welcome;
    link_.spooled(spool.size());
  }
  if (events->acked != 0) acked = events->acked;
  if (events->assignment) {
    assignment = *events->assignment;
    hello.set_revision(assignment->revision());
    follow();
  }
  if (peer_) peer_->wantSend();
}

std::optional<v1::Plan> TestSite::plan() const {
  v1::Plan plan;
  if (!assignment || assignment->plans_size() == 0 || !plan.ParseFromString(assignment->plans(0))) return {};
  return plan;
}

void TestSite::follow() {
  status.set_revision(assignment->revision());
  const auto now_wanted = plan();
  status.set_session_id(now_wanted ? now_wanted->session_id() : "");
  const auto phase = now_wanted ? phaseFor(*now_wanted) : v1::SitePhase::idle;
  start_.reset();
  if (phase == v1::SitePhase::starting) {
    if (status.started_us() != 0) return say();  // it has started already
    status.set_phase(phase);
    const Micros start_at = now_wanted->start_at_us();
    start_ = loop_.after(std::max<Micros>(0, start_at - systemClock().wall()), [this, start_at] {
      status.set_phase(v1::SitePhase::started);
      status.set_started_us(start_at);
      status.set_active_feed_id("main");
      say();
    });
  } else {
    status.set_phase(phase);
  }
  say();
}

void TestSite::say() {
  link_.setStatus(status);
  if (peer_) peer_->wantSend();
}

void TestSite::sendRaw(std::string bytes) {
  raw_ = std::move(bytes);
  REQUIRE(peer_ != nullptr);
  peer_->wantSend();
}

void TestSite::spoolRecord(v1::Record record) {
  const std::uint64_t number = spool.size() + 1;
  record.set_number(number);
  record.set_id(fmt::format("{:032x}", number));
  record.set_at_us(systemClock().wall());
  record.set_by("clerk");
  spool.push_back({number, record.SerializeAsString()});
  link_.spooled(number);
  if (peer_) peer_->wantSend();
}

std::string TestSite::headcount(const std::string& session, std::uint32_t present) {
  v1::Record record;
  record.set_session_id(session);
  record.mutable_headcount()->set_present(present);
  spoolRecord(record);
  return fmt::format("{:032x}", spool.size());
}

void TestSite::checkIn(const std::string& session, const std::string& delegate) {
  v1::Record record;
  record.set_session_id(session);
  record.mutable_check_in()->set_delegate_id(delegate);
  record.mutable_check_in()->set_state(v1::Presence::present);
  spoolRecord(record);
}

}  // namespace diemcau::test
