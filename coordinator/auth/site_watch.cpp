// See site_watch.hpp.
#include "coordinator/auth/site_watch.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace diemcau::auth {
namespace {

constexpr Micros kAgainAfter = kMinute;
constexpr std::size_t kMostSeen = 1000;

}  // namespace

void SiteWatch::tell(v1::AuditEntry::Outcome outcome, const std::string& actor, const std::string& act,
                     const std::string& site_id, const std::string& address, const std::string& detail,
                     Micros now) {
  v1::AuditEntry entry;
  entry.set_at_us(now);
  entry.set_actor(actor);
  entry.set_address(address);
  entry.set_act(act);
  entry.set_subject(site_id);
  entry.set_outcome(outcome);
  entry.set_detail(detail);
  if (audit_) audit_(std::move(entry));
}

void SiteWatch::done(const std::string& act, const std::string& site_id, const std::string& address,
                     const std::string& detail, Micros now) {
  logger("auth")->info("{} site={} address={} {}", act, site_id, address, detail);
  tell(v1::AuditEntry::done, "site:" + site_id, act, site_id, address, detail, now);
}

void SiteWatch::refused(const std::string& act, const std::string& site_id, const std::string& address,
                        const std::string& detail, Micros now) {
  if (seen_.size() >= kMostSeen)
    std::erase_if(seen_, [&](const auto& entry) { return now - entry.second.at >= kAgainAfter; });
  // Beyond so many different ones they are all one.
  const bool many = seen_.size() >= kMostSeen;
  auto& seen = seen_[many ? act : act + '\n' + site_id + '\n' + address + '\n' + detail];
  if (seen.at != 0 && now - seen.at < kAgainAfter && now >= seen.at) {
    ++seen.more;
    return;
  }
  const std::string more =
      seen.more == 0 ? std::string() : fmt::format(" ({} more like it since the last entry)", seen.more);
  seen = {now, 0};
  logger("auth")->warn("{} refused site={} address={} reason={}", act, site_id, address, detail);
  tell(v1::AuditEntry::refused, "nobody", act, site_id, address, detail + more, now);
}

}  // namespace diemcau::auth
