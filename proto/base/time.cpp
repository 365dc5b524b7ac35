// Clocks of this machine, and times as people write and read them, by Howard Hinnant's date library.
#include "base/time.hpp"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>
#include <sys/timex.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace diemcau {
namespace {

using std::chrono::microseconds;
using SysMicros = date::sys_time<microseconds>;
using LocalMicros = date::local_time<microseconds>;

class SystemClock final : public Clock {
 public:
  Micros wall() const override { return now(CLOCK_REALTIME); }
  // Goes on while the machine sleeps, as the coordinator's clock does.
  Micros steady() const override { return now(CLOCK_BOOTTIME); }

 private:
  static Micros now(clockid_t id) {
    timespec t{};
    clock_gettime(id, &t);
    return Micros{t.tv_sec} * kSecond + t.tv_nsec / 1000;
  }
};

// The library throws for an unknown zone and for a missing database; neither may leave this file.
const date::time_zone* findZone(std::string_view name) {
  try {
    return name.empty() ? nullptr : date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

// Reads digits from the front of `text`; -1 when there are not exactly `count`.
int digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool takeDate(std::string_view& text, date::year_month_day& day) {
  const int year = digits(text, 4);
  if (!take(text, '-')) return false;
  const int month = digits(text, 2);
  if (!take(text, '-')) return false;
  const int day_of_month = digits(text, 2);
  if (year < 1970 || month < 1 || day_of_month < 1) return false;
  day = date::year{year} / date::month{static_cast<unsigned>(month)} /
        date::day{static_cast<unsigned>(day_of_month)};
  return day.ok();
}

// HH:mm[:ss[.fraction]]
bool takeTimeOfDay(std::string_view& text, Micros& of_day) {
  const int hour = digits(text, 2);
  if (!take(text, ':')) return false;
  const int minute = digits(text, 2);
  int second = 0;
  Micros fraction = 0;
  if (take(text, ':')) {
    second = digits(text, 2);
    if (take(text, '.')) {
      Micros unit = kSecond / 10;
      std::size_t count = 0;
      for (; !text.empty() && text.front() >= '0' && text.front() <= '9';
           text.remove_prefix(1), ++count, unit /= 10) {
        fraction += (text.front() - '0') * unit;
      }
      if (count == 0 || count > 9) return false;
    }
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  of_day = hour * kHour + minute * kMinute + second * kSecond + fraction;
  return true;
}

// Z or +hh:mm at the end; false: something else is there. `has` tells whether there was one.
bool takeOffset(std::string_view& text, bool& has, Micros& offset) {
  has = true;
  offset = 0;
  if (take(text, 'Z') || take(text, 'z')) return text.empty();
  const bool minus = take(text, '-');
  if (!minus && !take(text, '+')) {
    has = false;
    return text.empty();
  }
  const int hours = digits(text, 2);
  take(text, ':');
  const int minutes = digits(text, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return false;
  offset = (hours * kHour + minutes * kMinute) * (minus ? -1 : 1);
  return text.empty();
}

tl::unexpected<Error> notATime(std::string_view text) {
  const std::string shown(text.substr(0, 40));
  return fail(
      ErrorCode::kInvalid,
      fmt::format("\"{}\" is not a time; write 2026-03-01T08:00:00+07:00 or 2026-03-01 08:00", shown),
      fmt::format("\"{}\" không phải thời gian; hãy viết 2026-03-01T08:00:00+07:00 hoặc 2026-03-01 08:00",
                  shown));
}

// In the zone, or in UTC with a note that says so.
std::string formatIn(Micros at, std::string_view zone, const char* pattern) {
  const SysMicros instant{microseconds{at}};
  const auto seconds = date::floor<std::chrono::seconds>(instant);
  if (const date::time_zone* found = findZone(zone)) return date::format(pattern, found->to_local(seconds));
  return date::format(pattern, seconds) + " UTC";
}

}  // namespace

Micros wallClockError() {
  timex state{};
  const bool set = adjtimex(&state) != -1 && (state.status & STA_UNSYNC) == 0;
  return set ? Micros{state.maxerror} : std::max<Micros>(16 * kSecond, state.maxerror);
}

const Clock& systemClock() {
  static const SystemClock clock;
  return clock;
}

Result<Micros> parseTime(std::string_view text, std::string_view zone) {
  std::string_view rest = text;
  date::year_month_day day;
  Micros of_day = 0, offset = 0;
  bool has_offset = false;
  if (!takeDate(rest, day)) return notATime(text);
  if (!take(rest, 'T') && !take(rest, ' ')) return notATime(text);
  if (!takeTimeOfDay(rest, of_day) || !takeOffset(rest, has_offset, offset)) return notATime(text);
  if (has_offset) {
    const SysMicros at = date::sys_days{day} + microseconds{of_day - offset};
    return at.time_since_epoch().count();
  }
  const date::time_zone* found = findZone(zone);
  if (found == nullptr) {
    return fail(ErrorCode::kInvalid,
                fmt::format("time zone \"{}\" is not known; an example is Asia/Ho_Chi_Minh", zone),
                fmt::format("không có múi giờ \"{}\"; ví dụ đúng: Asia/Ho_Chi_Minh", zone));
  }
  // An hour that happens twice means the first; one that is skipped means the instant of the change.
  const LocalMicros local = date::local_days{day} + microseconds{of_day};
  return found->to_sys(local, date::choose::earliest).time_since_epoch().count();
}

std::string formatUtc(Micros at) {
  return date::format("%FT%TZ", date::floor<std::chrono::milliseconds>(SysMicros{microseconds{at}}));
}

std::string formatLocal(Micros at, std::string_view zone) {
  return formatIn(at, zone, "%d/%m/%Y %H:%M:%S");
}

std::string formatLocalTime(Micros at, std::string_view zone) {
  return formatIn(at, zone, "%H:%M:%S");
}

bool knownZone(std::string_view zone) {
  return findZone(zone) != nullptr;
}

std::string formatSpan(Micros span) {
  const Micros seconds = (span < 0 ? -span : span) / kSecond;
  const char* sign = span < 0 && seconds > 0 ? "-" : "";
  const Micros h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
  return h > 0 ? fmt::format("{}{}:{:02}:{:02}", sign, h, m, s) : fmt::format("{}{}:{:02}", sign, m, s);
}

}  // namespace diemcau
