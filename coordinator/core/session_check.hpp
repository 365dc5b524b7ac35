// Sessions as people give them: every field checked, cleaned and completed with its default, before anything
// else sees it; and the way back, without secrets. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "diemcau/v1/session.pb.h"

namespace diemcau::core {

// The fields that a person may set, checked and completed; phase, revision and everything that the
// coordinator keeps are left at their defaults. kInvalid names the field.
Result<v1::Session> checkedSession(const v1::Session& wish);

// `present` with what `wish` changes and the phase still allows; a change that is too late is kConflict and
// names the field. Who reads a session gets it without passphrases, so a feed that comes back with the same
// id and the same shown address and without a passphrase keeps the one it had. site_ids are left as they
// were.
Result<v1::Session> updatedSession(const v1::Session& present, const v1::Session& wish);

// What must hold before a session can be scheduled.
Done schedulable(const v1::Session& session, Micros now);

// A feed's address for screens and reports: no user, no password, no passphrase, no token in it.
std::string shownUri(std::string_view uri);
// Without passphrases, with shown addresses.
v1::Session withoutSecrets(const v1::Session& session);

const v1::Sitting* findSitting(const v1::Session& session, std::string_view sitting_id);
bool hasFeed(const v1::Session& session, std::string_view feed_id);
bool hasSite(const v1::Session& session, std::string_view site_id);
const v1::Waiver* findWaiver(const v1::Session& session, std::string_view site_id);

}  // namespace diemcau::core
