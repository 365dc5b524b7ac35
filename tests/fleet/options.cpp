// See options.hpp.
#include "tests/fleet/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "base/csv.hpp"
#include "base/settings.hpp"
#include "base/text.hpp"

namespace diemcau::fleet {
namespace {

constexpr std::size_t kMaxSites = 100'000;
constexpr std::size_t kMaxList = 32 * 1024 * 1024;
constexpr const char* kFooter = R"(
Standard input takes commands, one a line; each is answered by one line of JSON on standard output:
  feed FEED CONDITION   all sites receive this: black, no_signal, frozen, silence, ...; ok ends it
  area AREA cut|back    the sites of an area (of the site list) lose their line, or have it again
  site SITE cut|back    one site loses its line, or has it again, at this instant
  site SITE FEED CONDITION   one site sees this of a feed and tells it at this instant
  ledger                the file of --ledger is written now, as at the end
  headcounts            counts of the current sitting that were not entered yet are entered now
  status                how many are connected, have started, have records waiting or about to be entered
  quit                  waits until every record is acknowledged (20 s at most), writes the ledger, ends

Exit codes: 0 done, 64 wrong option or site list, 69 no site ever reached the coordinator, or the ledger
cannot be written.)";

std::size_t columnOf(const CsvRow& header, std::string_view name) {
  const auto found = std::find_if(header.fields.begin(), header.fields.end(),
                                  [&](const std::string& field) { return fold(field) == name; });
  return static_cast<std::size_t>(found - header.fields.begin());
}

struct Raw {
  std::size_t sites = 0, first = 1;
  std::string prefix, list;
};

Result<std::vector<SiteEntry>> sitesOf(const Raw& raw, bool count_given) {
  std::vector<SiteEntry> sites;
  if (raw.list.empty()) {
    for (std::size_t n = 0; n < raw.sites; ++n)
      sites.push_back({fmt::format("{}{:04}", raw.prefix, raw.first + n), ""});
    if (!sites.empty() && !validId(sites.back().id)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--prefix {}: ids are of letters, digits, . _ -", raw.prefix));
    }
    return sites;
  }
  auto text = readFile(raw.list, kMaxList);
  if (!text) return tl::unexpected(text.error());
  auto listed = readSiteList(*text);
  if (!listed) return fail(listed.error().code, raw.list + ": " + listed.error().text);
  if (!count_given) return listed;
  if (listed->size() < raw.sites) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} lists {} sites, --sites asks for {}", raw.list, listed->size(), raw.sites));
  }
  listed->resize(raw.sites);
  return listed;
}

}  // namespace

Result<std::vector<SiteEntry>> readSiteList(std::string_view csv) {
  auto rows = parseCsv(csv, kMaxSites + 1);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty())
    return fail(ErrorCode::kInvalid, "the site list is empty; it needs a header: site_id,area_id");
  const std::size_t site = columnOf(rows->front(), "site_id"), area = columnOf(rows->front(), "area_id");
  if (site == rows->front().fields.size()) {
    return fail(ErrorCode::kInvalid, "line 1: there is no column site_id; the header is: site_id,area_id");
  }
  std::vector<SiteEntry> sites;
  for (auto row = rows->begin() + 1; row != rows->end(); ++row) {
    if (!row->fault.empty())
      return fail(ErrorCode::kInvalid, fmt::format("line {}: {}", row->line, row->fault));
    if (row->fields.size() <= site || !validId(row->fields[site])) {
      return fail(ErrorCode::kInvalid, fmt::format("line {}: site_id is not an id", row->line));
    }
    sites.push_back({row->fields[site], area < row->fields.size() ? row->fields[area] : ""});
  }
  return sites;
}

Parsed parseOptions(int argc, const char* const* argv) {
  Parsed out;
  Raw raw;
  Options& options = out.options;
  std::int64_t ramp_ms = 2000;
  CLI::App app("Simulated sites that speak the real protocol over real sockets.", "diemcau-fleet");
  app.footer(kFooter);
  app.set_version_flag("--version", std::string("diemcau-fleet ") + DIEMCAU_VERSION);
  app.add_option("--url", options.url,
                 "where the coordinator takes sites: ws://127.0.0.1:7600/site; with --tokens as they say");
  app.add_option(
      "--tokens", options.tokens,
      "CSV of `diemcau site enrol --all --out FILE`: every site is enrolled with a key made from the seed");
  auto* count =
      app.add_option("--sites", raw.sites, "how many")->check(CLI::Range(std::size_t{0}, kMaxSites));
  auto* list =
      app.add_option("--site-list", raw.list, "CSV with columns site_id and area_id; the first N are taken");
  auto* prefix =
      app.add_option("--prefix", raw.prefix, "ids without a list: PREFIX and four digits")->default_str("D");
  app.add_option("--first", raw.first, "the first number behind the prefix")->capture_default_str();
  list->excludes(prefix);
  app.add_option("--seed", options.seed, "of all chance")->capture_default_str();
  app.add_option("--ledger", options.ledger, "JSON file that tells at the end what every site entered");
  const auto percent = CLI::Range(0.0, 100.0);
  app.add_option("--late", options.shares.late, "% of sites that start after the deadline")->check(percent);
  app.add_option("--failing", options.shares.failing, "% of sites that cannot start")->check(percent);
  app.add_option("--dropping", options.shares.dropping, "% of sites that drop off and return")
      ->check(percent);
  app.add_flag("--headcounts", options.habits.counts, "clerks count by themselves, 20-180 s after the start");
  app.add_option("--checkins", options.habits.checkin_percent, "% of delegates who are checked in by name")
      ->check(percent);
  app.add_option("--ramp-ms", ramp_ms, "the first connections are spread over this")
      ->check(CLI::Range(0, 600'000))
      ->capture_default_str();
  app.add_option("--log-level", options.log_level, "debug, info, warn, error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    out.done = true;
    out.exit_code = app.exit(error) == 0 ? 0 : kExitUsage;
    return out;
  }
  if (raw.prefix.empty()) raw.prefix = "D";
  options.ramp = ramp_ms * kMillisecond;
  const auto mistake = [&](const std::string& why) {
    std::cerr << "diemcau-fleet: " << why << "\n";
    out.done = true;
    out.exit_code = kExitUsage;
    return out;
  };
  if (options.url.empty() ? options.tokens.empty() : !options.url.starts_with("ws://"))
    return mistake("--url " + options.url + ": an example is ws://127.0.0.1:7600/site");
  if (count->empty() && list->empty()) return mistake("say --sites N or --site-list FILE");
  auto sites = sitesOf(raw, !count->empty());
  if (!sites) return mistake(sites.error().text);
  options.sites = std::move(*sites);
  return out;
}

}  // namespace diemcau::fleet
