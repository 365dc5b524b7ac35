// G1: an acknowledged record is never lost and is counted once; what a person read as "saved" arrives.
#include <fmt/format.h>

#include "diemcau/v1/session.pb.h"
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

// What the report counts is what was committed before the close, each record once.
void compareReport(const History& history, const Ending& ending, Findings& found) {
  if (!ending.centre_up || !ending.script_done) return;
  std::map<std::pair<std::string, std::string>, const v1::Record*> records;
  for (const auto& one : ending.ledger) records[{one.site_id(), one.record().id()}] = &one.record();
  std::uint32_t all = 0;
  int sign_offs = 0, helps = 0;
  for (const auto& event : history.events()) {
    if (event.what == What::kSessionCommitted && event.y == v1::Phase::closed) break;
    if (event.what != What::kRecordCommitted) continue;
    const auto record = records.find({event.site, event.a});
    if (record == records.end() || record->second->session_id() != kSession) continue;
    ++all;
    sign_offs += record->second->has_sign_off();
    helps += record->second->has_help();
  }
  if (ending.report.records() != all || ending.report.sign_offs_size() != sign_offs ||
      ending.report.help_requests_size() != helps)
    found.add(history.events().back().at, "",
              fmt::format(
                  "the report counts {} records, {} sign-offs, {} calls for help; committed before the close "
                  "were {}, {}, {}",
                  ending.report.records(), ending.report.sign_offs_size(), ending.report.help_requests_size(),
                  all, sign_offs, helps));
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
  compareReport(history, ending, found);
  for (const auto& [site, unsent] : ending.unsent)
    if (unsent != 0)
      found.add(history.events().back().at, site,
                fmt::format("{} records still wait after the calm", unsent));
  return found.take();
}

}  // namespace diemcau::sim
