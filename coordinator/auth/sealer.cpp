// See sealer.hpp.
#include "coordinator/auth/sealer.hpp"

#include <algorithm>

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
  known = {source, nullptr, {}, now + kPlanCounts / 2};
  v1::Assignment plans;
  DIEMCAU_INVARIANT(plans.ParseFromString(*source));
  for (const auto& bytes : plans.plans()) {
    v1::Plan plan;
    DIEMCAU_INVARIANT(plan.ParseFromString(bytes));
    *plans.add_plan_seals() = planSeal(plan, bytes, now);
    auto& session = known.sessions.emplace_back();
    session.set_session_id(plan.session_id());
    session.set_least_revision(plan.revision());
  }
  known.sealed = std::make_shared<const std::string>(plans.SerializeAsString());
  return known;
}

// Signed again only when it says something else, or when its site's revision grew for another reason than a
// plan.
const Sealer::Own& Sealer::own(std::string_view site_id, const v1::Assignment& plain,
                               const std::vector<v1::SessionPart>& sessions, Micros now) {
  auto found = own_.find(site_id);
  if (found == own_.end()) found = own_.emplace(site_id, Own()).first;
  auto& known = found->second;
  std::uint64_t explained = known.revision;
  std::string content = plain.own().SerializeAsString();
  for (const auto& session : sessions) {
    content += '\n' + session.session_id();
    explained = std::max(explained, session.least_revision());
  }
  if (known.revision != 0 && known.content == content && explained == plain.revision() &&
      now < known.renew_at)
    return known;
  v1::OwnPart part = plain.own();
  part.set_site_id(std::string(site_id));
  part.set_revision(plain.revision());
  for (const auto& session : sessions) *part.add_sessions() = session;
  const Micros expires = now + kPartCounts;
  known.content = std::move(content);
  known.bytes = part.SerializeAsString();
  known.revision = plain.revision();
  known.renew_at = now + kPartCounts / 2;
  known.seal = sealOf(wire::ownProof(site_id, known.bytes, expires), expires);
  ++counters_.own_parts;
  return known;
}

wire::AssignmentBytes Sealer::seal(std::string_view site_id, const wire::AssignmentBytes& plain, Micros now) {
  v1::Assignment assignment;
  if (plain.own.empty() || !assignment.ParseFromString(plain.own)) return {};
  const Shared& plans = shared(plain.shared, now);
  const Own& part = own(site_id, assignment, plans.sessions, now);
  assignment.clear_own();
  assignment.set_own_bytes(part.bytes);
  *assignment.mutable_own_seal() = part.seal;
  if (assignment.has_roster()) {
    const Micros expires = now + kPartCounts;
    assignment.set_roster_bytes(assignment.roster().SerializeAsString());
    *assignment.mutable_roster_seal() =
        sealOf(wire::rosterProof(site_id, assignment.roster_bytes(), expires), expires);
    assignment.clear_roster();
    ++counters_.rosters;
  }
  return {assignment.SerializeAsString(), plans.sealed};
}

}  // namespace diemcau::auth
