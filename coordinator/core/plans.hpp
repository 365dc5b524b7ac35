// What each site should do: the plans of its sessions, the same bytes for all sites with the same sessions,
// encoded once per revision; and the site's own small part. Pure.
//
// One counter numbers everything that is sent; it only grows, across restarts too. A site's revision is the
// newest of its parts.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/core/by_id.hpp"
#include "coordinator/core/roster.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/session.pb.h"
#include "wire/hub_link.hpp"

namespace diemcau::core {

v1::Plan planOf(const v1::Session& session);

class Plans {
 public:
  static constexpr std::size_t kTexts = 20, kSeenHelp = 20;
  // Beyond these the part is cut, so that an assignment always fits into one frame of 64 KiB.
  static constexpr std::size_t kTextBytes = 12'288, kRosterBytes = 32'768;

  // The counter. After a restart it goes on well behind what a crash may have sent but not stored.
  std::uint64_t next() { return ++newest_; }
  std::uint64_t newest() const { return newest_; }
  void restart(std::uint64_t stored);
  // Sites may hold more than we know after a store was brought back from a backup: go on behind that.
  void skipTo(std::uint64_t held);

  // The session as its sites should know it, under session.revision(); a session that is not planned is taken
  // away. Its sites are sorted. Returns those whose assignment this changes, sorted.
  std::vector<std::string> set(const v1::Session& session);

  // A site's own part. Each change has to be followed by bump().
  void pin(std::string_view site_id, std::string_view feed_id);
  void addText(std::string_view site_id, const v1::OperatorText& text);
  void seeHelp(std::string_view site_id, std::string_view record_id, std::string_view by, Micros at);
  void recheck(std::string_view site_id, std::string_view session_id, Micros until);
  void bump(std::string_view site_id);
  void restoreOwn(std::string_view site_id, const v1::OwnPart& own);
  // What has to be stored of it: the pinned feed and the help that was seen.
  v1::OwnPart stored(std::string_view site_id) const;
  const std::string& pinned(std::string_view site_id) const;

  // What the site holds of its roster; the roster is sent only when this is another one. Returns sessions().
  const std::set<std::string>& holdsRoster(std::string_view site_id, std::uint64_t revision);
  void rosterChanged() { ++rosters_; }

  std::uint64_t revision(std::string_view site_id) const;
  const std::set<std::string>& sessions(std::string_view site_id) const;
  wire::AssignmentBytes assignment(std::string_view site_id, const Roster& roster) const;

 private:
  struct Own {
    v1::OwnPart part;
    std::uint64_t revision = 0;
    std::uint64_t roster_held = 0;
    // The number of its roster's content, and which roster that was read from; 0: none yet.
    mutable std::uint64_t roster = 0, roster_of = 0;
    std::set<std::string> sessions;  // planned, that it takes part in
  };
  struct Encoded {
    std::uint64_t revision = 0;
    std::shared_ptr<const std::string> bytes;  // an Assignment with this one plan
    std::vector<std::string> sites;            // sorted
    std::set<std::string> waived;              // of them
  };
  // Whose plan this is and who is waived is another than before.
  void change(const v1::Session& session, const Encoded& before, const Encoded& now,
              const std::vector<std::string>& touched);
  std::uint64_t revision(const Own* mine) const;
  Own& own(std::string_view site_id);
  const Own* find(std::string_view site_id) const;
  v1::SiteRoster rosterOf(std::string_view site_id, const Roster& roster) const;
  std::shared_ptr<const std::string> shared(const std::set<std::string>& sessions) const;

  std::uint64_t newest_ = 0;
  std::uint64_t base_ = 0;  // what every site has at least, since the restart
  ById<Own> own_;
  std::map<std::string, Encoded, std::less<>> plans_;
  mutable std::map<std::set<std::string>, std::shared_ptr<const std::string>> joined_;  // of several sessions
  std::uint64_t rosters_ = 1;  // counts the rosters: the first and each that was imported
};

}  // namespace diemcau::core
