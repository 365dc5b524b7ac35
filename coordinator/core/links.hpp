// Whether a site is there, from when it was last heard (G4). Everything derives from `now`: nothing is
// remembered as well. Pure.
#pragma once

#include "base/time.hpp"
#include "diemcau/v1/view.pb.h"

namespace diemcau::core {

struct LinkTimes {
  Micros stale_after = 15 * kSecond;
  Micros offline_after = 30 * kSecond;
};

struct Link {
  Micros heard = 0;  // last frame; 0: never since the coordinator started
  Micros gone = 0;   // when its connection ended
  bool connected = false;

  void hear(Micros now) { heard = now; }
  void connect(Micros now) { connected = true, heard = now, gone = 0; }
  void disconnect(Micros now) { connected = false, gone = now; }
};

v1::LinkState::Name linkState(const Link& link, Micros now, const LinkTimes& times);

// Since when nothing was heard from a site that is stale, offline or disconnected; 0: it is there, or was
// never seen.
Micros lostSince(const Link& link, Micros now, const LinkTimes& times);

// The first moment after `now` at which one of the two can become another without a word from the site, or
// the link have been lost for `grace`; 0: never.
Micros nextChange(const Link& link, Micros now, const LinkTimes& times, Micros grace);

v1::Text linkText(v1::LinkState::Name state);

}  // namespace diemcau::core
