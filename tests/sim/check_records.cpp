// G1: an acknowledged record is never lost and is counted once; what a person read as "saved" arrives.
#include <fmt/format.h>

#include "tests/sim/checker.hpp"
#include "tests/sim/operators.hpp"

namespace diemcau::sim {
namespace {

using Place = std::tuple<std::string, std::int64_t, std::int64_t>;  // site, epoch, number

struct Ledgers {
  std::map<std::pair<std::string, std::string>, int> ids;  // (site, record) -> how often
};

Ledgers ledgersOf(const Ending& ending, Findings& found) {
  Ledgers out;
  for (const auto& record : ending.ledger) {
    const int times = ++out.ids[{record.site_id(), record.record().id()}];
    if (times == 2)
      found.add(record.received_us(), record.site_id(),
                "record " + record.record().id() + " is in the ledger twice");
  }
  return out;
}

// What the report counts is what the ledger holds, each record once.
void compareReport(const Ending& ending, Findings& found) {
  if (!ending.centre_up || !ending.script_done) return;
  std::uint32_t records = 0;
  int sign_offs = 0, helps = 0;
  const auto& session = ending.report.session();
  for (const auto& one : ending.ledger) {
    if (one.record().session_id() != kSession) continue;
    if (session.closed_us() != 0 && one.received_us() > session.closed_us()) continue;
    ++records;
    sign_offs += one.record().has_sign_off();
    helps += one.record().has_help();
  }
  if (ending.report.records() != records || ending.report.sign_offs_size() != sign_offs ||
      ending.report.help_requests_size() != helps)
    found.add(session.closed_us(), "",
              fmt::format(
                  "the report counts {} records, {} sign-offs, {} calls for help; the ledger has {}, {}, {}",
                  ending.report.records(), ending.report.sign_offs_size(), ending.report.help_requests_size(),
                  records, sign_offs, helps));
}

}  // namespace

std::vector<Violation> checkRecords(const History& history, const Ending& ending) {
  Findings found("G1");
  const auto ledgers = ledgersOf(ending, found);
  std::map<Place, std::string> sent;
  std::set<std::pair<std::string, std::string>> committed;
  for (const auto& event : history.events()) {
    switch (event.what) {
      case What::kRecordSent: {
        auto& known = sent[{event.site, event.y, event.x}];
        if (!known.empty() && known != event.a)
          found.add(event.at, event.site, fmt::format("number {} names two records of one epoch", event.x));
        known = event.a;
        break;
      }
      case What::kRecordCommitted:
        committed.insert({event.site, event.a});
        break;
      case What::kAckDelivered:
        for (auto at = sent.lower_bound({event.site, event.y, 0});
             at != sent.end() && std::get<0>(at->first) == event.site && std::get<1>(at->first) == event.y &&
             std::get<2>(at->first) <= event.x;
             ++at)
          if (!committed.contains({event.site, at->second}))
            found.add(event.at, event.site,
                      fmt::format("number {} is acknowledged, but record {} (number {}) is not committed",
                                  event.x, at->second, std::get<2>(at->first)));
        break;
      case What::kRecordSaved:
        if (!ledgers.ids.contains({event.site, event.a}))
          found.add(event.at, event.site,
                    "the person read \"saved\", but record " + event.a + " is not in the ledger");
        break;
      default:
        break;
    }
  }
  compareReport(ending, found);
  for (const auto& [site, unsent] : ending.unsent)
    if (unsent != 0)
      found.add(history.events().back().at, site,
                fmt::format("{} records still wait after the calm", unsent));
  return found.take();
}

}  // namespace diemcau::sim
