// How the command line speaks: language, numbers, times, and one word for each state. Private to this folder.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "diemcau/v1/alarm.pb.h"
#include "diemcau/v1/attendance.pb.h"
#include "diemcau/v1/session.pb.h"
#include "diemcau/v1/view.pb.h"

namespace diemcau::ctl {

enum class Style { kPlain, kBold, kDim, kGood, kWarn, kBad, kTitle, kLive };

struct Speech {
  bool english = false;
  bool colour = false;
  std::string zone = "Asia/Ho_Chi_Minh";

  std::string say(std::string_view vi, std::string_view en) const { return std::string(english ? en : vi); }
  std::string say(const v1::Text& text) const;
  std::string number(std::uint64_t value) const;  // 1.234 or 1,234
  std::string time(Micros at) const;              // dd/MM/yyyy HH:mm:ss, or "-"
  std::string clock(Micros at) const;             // HH:mm:ss, or "-"
  std::string paint(std::string_view text, Style style) const;

  std::string word(v1::Phase::Name phase) const;
  std::string word(v1::LinkState::Name link) const;
  std::string word(v1::SiteIdentity::State state) const;
  std::string word(v1::SitePhase::Name phase) const;
  std::string word(v1::Readiness::Verdict verdict) const;
  std::string word(v1::Outcome::State state) const;
  std::string word(v1::Alarm::Kind kind) const;
  std::string word(v1::Condition::Name condition) const;
};

Style styleOf(v1::Phase::Name phase);
Style styleOf(v1::LinkState::Name link);
Style styleOf(v1::Outcome::State state);
Style styleOf(v1::Readiness::Verdict verdict);

// At most `width` columns, with … where something was cut off.
std::string cut(std::string_view text, std::size_t width);
// Exactly `width` columns: cut, or filled with blanks on the right (or left).
std::string pad(std::string_view text, std::size_t width, bool right = false);

}  // namespace diemcau::ctl
