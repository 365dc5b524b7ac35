// Ways to break what the product stands on, one at a time, so that the checker can be seen to bite. Each is
// an adapter that breaks its contract: the store, the disk, the network, the probes, or settings that no
// office would use. The product itself has no hooks.
#pragma once

#include <string>

namespace diemcau::sim {

enum class Mutation {
  kNone,
  kAckBeforeCommit,       // the store says "done" before anything is durable
  kCarryOutBeforeCommit,  // assignments go out before their commit
  kStoreForgets,          // a commit that was told is lost in a crash
  kStoreDropsRevision,    // the counter of revisions is not stored
  kStoreKeepsTwice,       // a record is read back twice
  kNoTimeline,            // acts of people leave no entry
  kNoFsync,               // the site's disk syncs nothing
  kLostPage,              // a synced page of the spool is gone after a power cut
  kNumbersAgain,          // the spool's segments are gone after a restart, its epoch is not
  kForgetsAssignment,     // the site's disk does not keep the assignment
  kShowsAtOnce,           // GO is applied when it arrives
  kHidesWithoutLink,      // the screen goes dark with the link
  kStaleIsOnline,         // silence is shown as well
  kNoVerdict,             // nobody is ever late
  kAlarmPerSite,          // no gathering of causes
  kFollowsClock,          // the coordinator's time jumps with its machine's in the middle of a session
  kSlowPeerBlocks,        // one peer that does not read holds up all others
};

const char* wordOf(Mutation mutation);

}  // namespace diemcau::sim
