// See links.hpp.
#include "coordinator/core/links.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace diemcau::core {

v1::LinkState::Name linkState(const Link& link, Micros now, const LinkTimes& times) {
  if (link.heard == 0) return v1::LinkState::never;
  if (!link.connected) return v1::LinkState::offline;
  // Heard in the future: the clock was set back, and how long it was silent is not known until it speaks.
  const Micros silent = std::abs(now - link.heard);
  if (silent >= times.offline_after) return v1::LinkState::offline;
  if (silent >= times.stale_after) return v1::LinkState::stale;
  return v1::LinkState::online;
}

Micros lostSince(const Link& link, Micros now, const LinkTimes& times) {
  switch (linkState(link, now, times)) {
    case v1::LinkState::offline:
      return link.connected || link.gone == 0 ? link.heard : link.gone;
    case v1::LinkState::stale:
      return link.heard;
    default:
      return 0;
  }
}

Micros nextChange(const Link& link, Micros now, const LinkTimes& times, Micros grace) {
  if (link.heard == 0) return 0;
  // The clock was set back: how it goes on is seen by looking.
  if (link.heard > now || link.gone > now) return now + 1;
  Micros next = 0;
  const auto at = [&](Micros moment) {
    if (moment > now && (next == 0 || moment < next)) next = moment;
  };
  if (link.connected) {
    at(link.heard + times.stale_after);
    at(link.heard + times.offline_after);
    at(link.heard + std::max(grace, times.stale_after));  // before that it is not lost
  } else {
    at((link.gone == 0 ? link.heard : link.gone) + grace);
  }
  return next;
}

v1::Text linkText(v1::LinkState::Name state) {
  switch (state) {
    case v1::LinkState::never:
      return text("chưa từng kết nối", "never connected");
    case v1::LinkState::online:
      return text("đang kết nối", "online");
    case v1::LinkState::stale:
      return text("tín hiệu cũ", "stale");
    default:
      return text("mất kết nối", "offline");
  }
}

}  // namespace diemcau::core
