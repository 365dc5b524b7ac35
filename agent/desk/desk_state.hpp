// The state that the desk shows, as JSON; README.md of agent/ tells every field. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/book.hpp"
#include "agent/core/follower.hpp"
#include "agent/core/now.hpp"
#include "agent/desk/desk_codes.hpp"

namespace diemcau::agent {

// Borrowed for one call.
struct DeskView {
  std::string site_id, version;
  Now now;
  const Follower* follower = nullptr;
  const Book* book = nullptr;
  const DeskCodes* codes = nullptr;
  Micros link_since = 0;    // coordinator's clock: when the link came or went
  std::uint64_t acked = 0;  // records up to this number are at the centre
  std::uint32_t unsent = 0;
  Machine machine;
  bool screen = true;  // pictures may be shown here
};

struct DeskQuery {
  std::string_view have;     // version of the delegates that the reader holds
  std::string_view sitting;  // whose attendance; empty: the present one
  bool here = true;          // the reader is at the hall's own computer
};

std::string deskState(const DeskView& view, const DeskQuery& query);

// The sitting that attendance goes to when nobody says which: the plan's current one, else its first.
std::string currentSitting(const v1::Plan& plan);

}  // namespace diemcau::agent
