// See scribe.hpp.
#include "tests/sim/scribe.hpp"

#include <fmt/format.h>

#include "tests/sim/operators.hpp"
#include "wire/codec.hpp"

namespace diemcau::sim {
namespace {

std::uint64_t varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; at < bytes.size() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) break;
  }
  return value;
}

// The head of an envelope without parsing its body.
struct Head {
  std::uint64_t ack = 0;
  int body = 0;
};
Head headOf(std::string_view frame) {
  Head head;
  for (std::size_t at = 0; at < frame.size();) {
    const auto tag = varint(frame, at);
    if (tag >> 3U >= 10) {
      head.body = static_cast<int>(tag >> 3U);
      break;
    }
    const auto value = varint(frame, at);
    if (tag >> 3U == 2) head.ack = value;
  }
  return head;
}

std::string hashOf(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

}  // namespace

void Scribe::toCentre(const std::string& site, std::uint64_t, std::string_view frame) {
  auto& known = sites_[site];
  if (calendar_.now() - known.heard >= kSecond) {
    known.heard = calendar_.now();
    history_.add(What::kHeard, site);
  }
  const int body = headOf(frame).body;
  if (body != v1::Envelope::kHello && body != v1::Envelope::kStatus && body != v1::Envelope::kRecords) return;
  v1::Envelope envelope;
  if (!wire::decode(frame, envelope)) return;
  if (envelope.has_hello()) {
    const auto& hello = envelope.hello();
    known.epoch = hello.epoch();
    known.acked = 0;
    history_.add(What::kHello, site, {}, {}, static_cast<std::int64_t>(hello.revision()),
                 static_cast<std::int64_t>(hello.epoch()), static_cast<std::int64_t>(hello.acked()));
  } else if (envelope.has_status()) {
    if (envelope.status().revision() == known.revision) return;
    known.revision = envelope.status().revision();
    history_.add(What::kRevisionTold, site, {}, {}, static_cast<std::int64_t>(known.revision));
  } else {
    for (const auto& record : envelope.records().records())
      history_.add(What::kRecordSent, site, record.id(), {}, static_cast<std::int64_t>(record.number()),
                   static_cast<std::int64_t>(known.epoch));
  }
}

void Scribe::toHall(const std::string& site, std::uint64_t, std::string_view frame) {
  const auto head = headOf(frame);
  auto& known = sites_[site];
  if (head.ack > known.acked) {
    known.acked = head.ack;
    history_.add(What::kAckDelivered, site, {}, {}, static_cast<std::int64_t>(head.ack),
                 static_cast<std::int64_t>(known.epoch));
  }
  if (head.body != v1::Envelope::kAssignment) return;
  v1::Envelope envelope;
  if (wire::decode(frame, envelope)) assigned(site, envelope.assignment());
}

void Scribe::assigned(const std::string& site, const v1::Assignment& assignment) {
  std::string content;
  v1::Plan mine;
  for (const auto& bytes : assignment.plans()) {
    content += bytes;
    v1::Plan plan;
    if (plan.ParseFromString(bytes) && plan.session_id() == kSession) mine = plan;
  }
  if (assignment.has_own()) content += assignment.own().SerializeAsString();
  history_.add(What::kAssigned, site, mine.session_id(), hashOf(content),
               static_cast<std::int64_t>(assignment.revision()), static_cast<std::int64_t>(mine.revision()),
               mine.start_at_us(), v1::Phase::Name_Name(mine.phase()));
}

void Scribe::opened(const std::string& site, std::uint64_t connection) {
  history_.add(What::kLinkOpened, site, {}, {}, static_cast<std::int64_t>(connection));
}

void Scribe::ended(const std::string& site, std::uint64_t connection) {
  history_.add(What::kLinkEnded, site, {}, {}, static_cast<std::int64_t>(connection));
}

void Scribe::waits(const std::string& site, std::size_t bytes) {
  auto& known = sites_[site];
  if (bytes <= known.waits + 8 * 1024) return;
  known.waits = bytes;
  history_.add(What::kWaits, site, {}, {}, static_cast<std::int64_t>(bytes));
}

void Scribe::look(Centre& centre) {
  if (!centre.up()) return;
  if (centre.life() != life_) {
    life_ = centre.life();
    for (auto& [id, site] : sites_) site.link = -1;
  }
  const auto view = centre.core()->view(version_, "", centre.clock().wall());
  version_ = view.version();
  for (const auto& site : view.sites()) {
    auto& known = sites_[site.site_id()];
    if (known.link != site.link()) {
      known.link = site.link();
      history_.add(What::kShown, site.site_id(), {}, {}, site.link(), site.heard_us());
    }
    if (!site.has_outcome()) continue;
    const auto& outcome = site.outcome();
    if (known.outcome == outcome.state() && known.started == outcome.started_us() &&
        known.acked_us == outcome.acked_us())
      continue;
    known.outcome = outcome.state();
    known.started = outcome.started_us();
    known.acked_us = outcome.acked_us();
    history_.add(What::kVerdict, site.site_id(), {}, {}, outcome.state(), outcome.started_us(),
                 outcome.acked_us(), outcome.reason().en());
  }
  for (const auto& alarm : view.alarms()) {
    std::string sites;
    for (const auto& id : alarm.site_ids()) sites += id + " ";
    const auto key = fmt::format("{} {}", static_cast<int>(alarm.state()), sites);
    auto& known = alarms_[alarm.id()];
    if (known == key) continue;
    known = key;
    history_.add(
        What::kAlarmShown, {}, alarm.id(),
        fmt::format("{}/{}/{}/{}", v1::Alarm::Kind_Name(alarm.kind()), v1::Alarm::Scope_Name(alarm.scope()),
                    v1::Condition::Name_Name(alarm.condition()), alarm.feed_id()),
        alarm.state() == v1::Alarm::raised ? 1 : 0, alarm.site_ids_size(), alarm.raised_us(), sites);
  }
}

}  // namespace diemcau::sim
