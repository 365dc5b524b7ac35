// See seal.hpp.
#include "wire/seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "wire/codec.hpp"
#include "wire/proof.hpp"

namespace diemcau::wire {
namespace {

tl::unexpected<Error> notBelieved(const std::string& why, const std::string& vi) {
  return fail(ErrorCode::kDenied, "the assignment is not believed: " + why,
              "Không tin được lệnh phân công: " + vi);
}

Done sealHolds(const v1::Seal& seal, const std::string& message, const SealCheck& check, const Verify& verify,
               const char* what) {
  if (!verify(message, seal.signature()))
    return notBelieved(fmt::format("the signature under {} is not the coordinator's", what),
                       "chữ ký không phải của trung tâm");
  if (check.now != 0 && seal.expires_us() <= check.now)
    return notBelieved(fmt::format("{} has expired, or this computer's clock is wrong", what),
                       "đã hết hạn, hoặc đồng hồ máy này sai");
  return {};
}

template <class Message>
Done readSealed(const std::string& bytes, Message& into, const char* what) {
  if (parseLimited(bytes, into, kMaxFrame)) return {};
  return notBelieved(fmt::format("{} cannot be read", what), "không đọc được");
}

Result<std::map<std::string, std::uint64_t>> planRevisions(const v1::Assignment& assignment,
                                                           const SealCheck& check, const Verify& verify) {
  std::map<std::string, std::uint64_t> revisions;
  if (assignment.plan_seals_size() != assignment.plans_size())
    return notBelieved("a plan is not signed", "có kế hoạch không có chữ ký");
  for (int i = 0; i < assignment.plans_size(); ++i) {
    const auto& seal = assignment.plan_seals(i);
    if (auto ok = sealHolds(seal, planProof(assignment.plans(i), seal.expires_us()), check, verify, "a plan");
        !ok)
      return tl::unexpected(ok.error());
    v1::Plan plan;
    if (auto ok = readSealed(assignment.plans(i), plan, "a plan"); !ok) return tl::unexpected(ok.error());
    if (!revisions.emplace(plan.session_id(), plan.revision()).second)
      return notBelieved("a session has two plans", "một phiên có hai kế hoạch");
  }
  return revisions;
}

// Each session of the own part has its plan, none older than it says, and there is no plan besides.
Done fits(const v1::OwnPart& own, const std::map<std::string, std::uint64_t>& plans) {
  if (static_cast<std::size_t>(own.sessions_size()) != plans.size())
    return notBelieved("its plans are not those of this site", "kế hoạch không phải của điểm cầu này");
  for (const auto& session : own.sessions()) {
    const auto plan = plans.find(session.session_id());
    if (plan == plans.end())
      return notBelieved("its plans are not those of this site", "kế hoạch không phải của điểm cầu này");
    if (plan->second < session.least_revision())
      return notBelieved("a plan is an old copy", "kế hoạch là bản cũ");
  }
  return {};
}

// What a site has seen is not taken back to an older state. Only a newer own part may do that, in which the
// centre itself says so: after its store was brought back from a backup, or when a session is over.
Done notOlder(const v1::Assignment& held, const v1::OwnPart& own,
              const std::map<std::string, std::uint64_t>& plans) {
  if (own.revision() > held.own().revision()) return {};
  if (own.revision() < held.own().revision())
    return notBelieved("its own part is an old copy", "phần riêng là bản cũ");
  for (const auto& bytes : held.plans()) {
    v1::Plan plan;
    if (!parseLimited(bytes, plan, kMaxFrame)) continue;
    const auto now = plans.find(plan.session_id());
    if (now == plans.end() || now->second < plan.revision())
      return notBelieved("a plan is an old copy", "kế hoạch là bản cũ");
  }
  return {};
}

}  // namespace

Result<v1::Assignment> unseal(v1::Assignment assignment, const SealCheck& check, const Verify& verify) {
  const auto& own_seal = assignment.own_seal();
  if (auto ok = sealHolds(own_seal, ownProof(check.site_id, assignment.own_bytes(), own_seal.expires_us()),
                          check, verify, "the site's own part");
      !ok)
    return tl::unexpected(ok.error());
  auto& own = *assignment.mutable_own();
  if (auto ok = readSealed(assignment.own_bytes(), own, "the site's own part"); !ok)
    return tl::unexpected(ok.error());
  if (own.site_id() != check.site_id) return notBelieved("it is for another site", "dành cho điểm cầu khác");
  auto plans = planRevisions(assignment, check, verify);
  if (!plans) return tl::unexpected(plans.error());
  if (auto ok = fits(own, *plans); !ok) return tl::unexpected(ok.error());
  std::uint64_t newest = own.revision();
  for (const auto& [session, revision] : *plans) newest = std::max(newest, revision);
  if (assignment.revision() != newest)
    return notBelieved("its revision is not that of its parts", "số bản không khớp");
  if (check.held != nullptr) {
    if (auto ok = notOlder(*check.held, own, *plans); !ok) return tl::unexpected(ok.error());
  }
  assignment.clear_roster();
  if (!assignment.roster_bytes().empty()) {
    const auto& seal = assignment.roster_seal();
    if (auto ok = sealHolds(seal, rosterProof(check.site_id, assignment.roster_bytes(), seal.expires_us()),
                            check, verify, "the list of delegates");
        !ok)
      return tl::unexpected(ok.error());
    if (auto ok =
            readSealed(assignment.roster_bytes(), *assignment.mutable_roster(), "the list of delegates");
        !ok)
      return tl::unexpected(ok.error());
  }
  return assignment;
}

}  // namespace diemcau::wire
