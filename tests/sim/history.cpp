// See history.hpp.
#include "tests/sim/history.hpp"

#include <fmt/format.h>

#include "base/time.hpp"
#include "tests/sim/mutation.hpp"

namespace diemcau::sim {

Event& History::add(What what, std::string site, std::string a, std::string b, std::int64_t x, std::int64_t y,
                    std::int64_t z, std::string text) {
  events_.push_back(
      {calendar_.now(), what, std::move(site), std::move(a), std::move(b), std::move(text), x, y, z});
  return events_.back();
}

void History::print(std::ostream& out) const {
  for (const auto& event : events_) out << lineOf(event) << '\n';
}

std::uint64_t History::hash() const {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const auto& event : events_)
    for (const char c : lineOf(event)) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string lineOf(const Event& event) {
  auto line = fmt::format("{} {}", formatUtc(event.at).substr(11), wordOf(event.what));
  if (!event.site.empty()) line += " site=" + event.site;
  if (!event.a.empty()) line += " a=" + event.a;
  if (!event.b.empty()) line += " b=" + event.b;
  if (event.x != 0 || event.y != 0 || event.z != 0)
    line += fmt::format(" {} {} {}", event.x, event.y, event.z);
  if (!event.text.empty()) line += " | " + event.text;
  return line;
}

const char* wordOf(What what) {
  constexpr const char* kWords[] = {
      "note",     "fault",     "centre-up", "centre-down", "centre-clock", "hall-up",  "hall-down",
      "saved",    "refused",   "sent",      "ack",         "hello",        "revision", "heard",
      "assigned", "link-open", "link-end",  "screen",      "source",       "session",  "record",
      "entry",    "act",       "shown",     "verdict",     "alarm",        "waits",    "end"};
  return kWords[static_cast<std::size_t>(what)];
}

const char* wordOf(Mutation mutation) {
  constexpr const char* kWords[] = {"none",
                                    "acknowledges before the commit",
                                    "carries out before the commit",
                                    "the store forgets a commit",
                                    "the store drops the revision",
                                    "a record is read back twice",
                                    "an act without an entry",
                                    "no fsync at the site",
                                    "a page of the spool is lost",
                                    "record numbers begin again",
                                    "the site forgets its assignment",
                                    "GO is applied at receipt",
                                    "the screen goes dark with the link",
                                    "stale is shown as online",
                                    "nobody is ever late",
                                    "an alarm for each site",
                                    "the coordinator follows a jump of its clock",
                                    "a slow peer blocks all others"};
  return kWords[static_cast<std::size_t>(mutation)];
}

}  // namespace diemcau::sim
