// See sealer.hpp.
#include "coordinator/auth/sealer.hpp"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <utility>

#include "wire/proof.hpp"

namespace diemcau::auth {
namespace {

constexpr Micros kDay = 24 * kHour;
// A plan on a site's disk starts its session without the centre, so it counts until well behind the session's
// end; a site's own part has no end of its own.
constexpr Micros kPlanCounts = 30 * kDay, kPartCounts = 100 * kDay;
constexpr std::size_t kMostShared = 64;

Micros planExpires(const v1::Plan& plan, Micros now) {
  Micros end = std::max<Micros>({now, plan.scheduled_start_us(), plan.start_at_us()});
  for (const auto& sitting : plan.sittings()) end = std::max<Micros>(end, sitting.ends_us());
  return end + kPlanCounts;
}

// The revision that an encoded Assignment begins with, and how many bytes it takes; 0: it begins otherwise.
std::pair<std::uint64_t, std::size_t> leadingRevision(const std::string& bytes) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  std::uint64_t revision = 0;
  if (in.ReadTag() != v1::Assignment::kRevisionFieldNumber << 3 || !in.ReadVarint64(&revision)) return {};
  return {revision, static_cast<std::size_t>(in.CurrentPosition())};
}

}  // namespace

v1::Seal Sealer::sealOf(const std::string& message, Micros expires) const {
  v1::Seal seal;
  seal.set_expires_us(expires);
  seal.set_signature(key_.sign(message));
  return seal;
}

const v1::Seal& Sealer::planSeal(const v1::Plan& plan, const std::string& bytes, Micros now) {
  auto& known = plans_[plan.session_id()];
  if (known.bytes != bytes || known.seal.expires_us() < now + kPlanCounts / 2) {
    const Micros expires = planExpires(plan, now);
    known.bytes = bytes;
    known.seal = sealOf(wire::planProof(bytes, expires), expires);
    ++counters_.plans;
  }
  return known.seal;
}

const Sealer::Shared& Sealer::shared(const std::shared_ptr<const std::string>& source, Micros now) {
  static const Shared kNothing;
  if (source == nullptr) return kNothing;
  if (shared_.size() > kMostShared) {
    std::erase_if(shared_, [](const auto& entry) { return entry.second.source.use_count() == 1; });
  }
  auto& known = shared_[source.get()];
  if (known.source == source && now < known.renew_at) return known;
  known = Shared();
  known.source = source;
  known.renew_at = now + kPlanCounts / 2;
  v1::Assignment plans;
  DIEMCAU_INVARIANT(plans.ParseFromString(*source));
  for (const auto& bytes : plans.plans()) {
    v1::Plan plan;
    DIEMCAU_INVARIANT(plan.ParseFromString(bytes));
    *plans.add_plan_seals() = planSeal(plan, bytes, now);
    auto& session = known.sessions.emplace_back();
    session.set_session_id(plan.session_id());
    session.set_least_revision(plan.revision());
    known.names += plan.session_id() + '\n';
    known.newest_revision = std::max(known.newest_revision, plan.revision());
  }
  known.sealed = std::make_shared<const std::string>(plans.SerializeAsString());
  return known;
}

// Signed again only when it says something else, or when its site's revision grew for another reason than a
// plan.
bool Sealer::stands(const Own& known, std::string_view plain, std::uint64_t revision, const Shared& plans,
                    Micros now) const {
  return known.revision != 0 && std::max(known.revision, plans.newest_revision) == revision &&
         now < known.renew_at && known.plain == plain && known.sessions == plans.names;
}

void Sealer::sealOwn(Own& known, std::string_view site_id, const v1::Assignment& plain, const Shared& plans,
                     Micros now) {
  v1::OwnPart part = plain.own();
  part.set_site_id(std::string(site_id));
  part.set_revision(plain.revision());
  for (const auto& session : plans.sessions) *part.add_sessions() = session;
  const Micros expires = now + kPartCounts;
  v1::Assignment sealed;
  sealed.set_own_bytes(part.SerializeAsString());
  *sealed.mutable_own_seal() = sealOf(wire::ownProof(site_id, sealed.own_bytes(), expires), expires);
  known.sessions = plans.names;
  known.sealed = sealed.SerializeAsString();
  known.revision = plain.revision();
  known.renew_at = now + kPartCounts / 2;
  ++counters_.own_parts;
}

std::string Sealer::sealedRoster(std::string_view site_id, const v1::SiteRoster& roster, Micros now) {
  const Micros expires = now + kPartCounts;
  v1::Assignment sealed;
  sealed.set_roster_bytes(roster.SerializeAsString());
  *sealed.mutable_roster_seal() = sealOf(wire::rosterProof(site_id, sealed.roster_bytes(), expires), expires);
  ++counters_.rosters;
  return sealed.SerializeAsString();
}

// An order to thousands of sites changes nothing but the revision that the core's bytes begin with: then the
// rest is compared as it stands, and nothing is parsed. Assignments one behind the other are one.
wire::AssignmentBytes Sealer::seal(std::string_view site_id, const wire::AssignmentBytes& plain, Micros now) {
  if (plain.own.empty()) return {};
  const Shared& plans = shared(plain.shared, now);
  auto found = own_.find(site_id);
  if (found == own_.end()) found = own_.emplace(site_id, Own()).first;
  Own& known = found->second;
  const auto [revision, head] = leadingRevision(plain.own);
  const auto rest = std::string_view(plain.own).substr(head);
  if (head != 0 && stands(known, rest, revision, plans, now))
    return {plain.own.substr(0, head) + known.sealed, plans.sealed};

  v1::Assignment assignment;
  if (!assignment.ParseFromString(plain.own)) return {};
  std::string roster;
  if (assignment.has_roster()) roster = sealedRoster(site_id, assignment.roster(), now);
  v1::Assignment said;
  if (assignment.has_own()) *said.mutable_own() = assignment.own();
  auto content = said.SerializeAsString();
  if (!stands(known, content, assignment.revision(), plans, now)) {
    known.plain = std::move(content);
    sealOwn(known, site_id, assignment, plans, now);
  }
  said.Clear();
  said.set_revision(assignment.revision());
  return {said.SerializeAsString() + known.sealed + roster, plans.sealed};
}

}  // namespace diemcau::auth
