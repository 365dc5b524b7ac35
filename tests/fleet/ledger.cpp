// See ledger.hpp.
#include "tests/fleet/ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace diemcau::fleet {
namespace {

using Json = nlohmann::ordered_json;

struct Totals {
  std::uint64_t records = 0, acked = 0, present = 0, checkins = 0;
};

Json sittingsOf(const SimulatedSite& site, Totals& totals) {
  Json out = Json::object();
  const auto& entered = site.clerk().entered();
  const bool one_session = std::all_of(entered.begin(), entered.end(), [&](const auto& each) {
    return each.first.first == entered.begin()->first.first;
  });
  for (const auto& [key, what] : entered) {
    const auto& count = what.headcount;
    totals.present += count.present();
    totals.checkins += what.checked_in.size();
    out[one_session ? key.second : key.first + "/" + key.second] = {{"session_id", key.first},
                                                                    {"headcount",
                                                                     {{"present", count.present()},
                                                                      {"online", count.online()},
                                                                      {"excused", count.excused()},
                                                                      {"absent", count.absent()}}},
                                                                    {"checkins", what.checked_in.size()}};
  }
  return out;
}

}  // namespace

std::string ledgerJson(std::uint64_t seed, const std::vector<const SimulatedSite*>& sites) {
  Totals totals;
  Json rows = Json::array();
  for (const SimulatedSite* site : sites) {
    totals.records += site->spool().newest();
    totals.acked += site->spool().acked();
    rows.push_back({{"site_id", site->id()},
                    {"phase", v1::SitePhase::Name_Name(site->phase())},
                    {"started_us", site->started()},
                    {"sittings", sittingsOf(*site, totals)},
                    {"record_ids", site->spool().ids()},
                    {"acked", site->spool().acked()}});
  }
  const Json all = {{"seed", seed},
                    {"totals",
                     {{"sites", sites.size()},
                      {"records", totals.records},
                      {"acked", totals.acked},
                      {"present", totals.present},
                      {"checkins", totals.checkins}}},
                    {"sites", rows}};
  return all.dump(1) + "\n";
}

}  // namespace diemcau::fleet
