// See book.hpp. The chart is in chart.cpp.
#include "tests/bench/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/csv.hpp"

namespace diemcau::bench {
namespace {

const char* transport(bool tls) {
  return tls ? "TLS" : "plain";
}

// Wide characters do not occur in it.
std::string cell(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

}  // namespace

const std::map<std::string, std::vector<MetricInfo>>& metricsOfJobs() {
  static const MetricInfo server{"server_cpu_ms", "ms", "processor time of the server meanwhile"},
      load{"load_cpu_ms", "ms", "processor time of the generator or the fleet meanwhile"},
      server_share{"server_cpu_percent", "%", "of one core, the server"},
      load_share{"load_cpu_percent", "%", "of one core, the generator or the fleet"};
  static const std::map<std::string, std::vector<MetricInfo>> all = {
      {"launch",
       {{"last_answer_ms", "ms", "from the order until the last site's answer is in"},
        server,
        load,
        {"first_order_ms", "ms", "from asking until the first site has the order"},
        {"last_order_ms", "ms", "until the last one has it"},
        {"command_bytes", "B", "of the order to one site, as it came"},
        {"answer_bytes", "B", "of a site's answer, as it was sent (diemcau)"}}},
      {"ingest",
       {server_share,
        load_share,
        {"per_second", "1/s", "statuses that were sent", true},
        {"loop_delay_ms", "ms", "longest round of the loop (diemcau)"},
        {"resident_mib", "MiB", "all memory of the server"},
        {"view_kb_s", "kB/s", "to one console"}}},
      {"reconnect",
       {{"all_back_s", "s", "from the kill of the server until the last site is welcomed again"},
        {"start_s", "s", "of it, until the server listened again"},
        {"server_cpu_s", "s", "processor time of the server"},
        {"load_cpu_s", "s", "processor time of the generator or the fleet"}}},
      {"memory",
       {{"bytes_per_site", "B", "of the server's own memory, for one idle site more"},
        {"resident_mib", "MiB", "all memory of the server with the sites"},
        {"empty_mib", "MiB", "all memory of the server without sites"}}},
      {"checkins",
       {{"ack_p99_ms", "ms", "from sending to acknowledgement, at 5,000 a second"},
        {"ack_p50_ms", "ms", "the same, median"},
        {"per_second", "1/s", "acknowledged, at 5,000 a second", true},
        {"at_once_per_second", "1/s", "acknowledged, when all are sent at once", true},
        server,
        load}},
      {"view",
       {{"p99_ms", "ms", "from an event at a site until a console has it"},
        {"p50_ms", "ms", "the same, median"},
        {"worst_ms", "ms", "the same, worst"},
        server_share,
        load_share}},
  };
  return all;
}

void Book::note(const Where& where, const std::string& metric, double value) {
  values_[where][metric].push_back(value);
}

void Book::spoilt(const Where& where, const std::string& why) {
  spoilt_.emplace_back(where, why);
}

double Book::medianOf(const Where& where, const std::string& metric) const {
  const auto found = values_.find(where);
  if (found == values_.end()) return 0;
  const auto values = found->second.find(metric);
  return values == found->second.end() ? 0 : median(values->second);
}

std::vector<std::string> Book::systems(const std::string& job, bool tls) const {
  std::set<std::string> names;
  for (const auto& [where, metrics] : values_)
    if (where.job == job && where.tls == tls) names.insert(where.system);
  std::vector<std::string> out(names.begin(), names.end());
  // Ours first, then the floor, then the others.
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    const auto rank = [](const std::string& name) {
      return name.starts_with("diemcau") ? 0 : name == "floor" ? 1 : 2;
    };
    return rank(a) < rank(b);
  });
  return out;
}

std::string Book::table(const std::string& job, bool tls, std::size_t sites) const {
  const auto& metrics = metricsOfJobs().at(job);
  std::string out = fmt::format("\n{}, {} sites, {}\n", job, sites, transport(tls));
  std::string head = cell("", 22) + cell("x floor", 9);
  for (const auto& metric : metrics) head += cell(metric.name, 26);
  out += head + "\n";
  for (const auto& name : systems(job, tls)) {
    const Where where{job, tls, sites, name};
    const auto found = values_.find(where);
    if (found == values_.end()) continue;
    const double against =
        ratio(medianOf(where, metrics[0].name), medianOf({job, tls, sites, "floor"}, metrics[0].name));
    std::string row = cell(name, 22) + cell(against == 0 ? "-" : fmt::format("{:.2f}", against), 9);
    for (const auto& metric : metrics) {
      const auto values = found->second.find(metric.name);
      if (values == found->second.end()) {
        row += cell("-", 26);
        continue;
      }
      const auto spread = spreadOf(values->second);
      const bool alone = spread.least == spread.most;
      row += cell(alone ? shortNumber(spread.median)
                        : fmt::format("{} ({}-{})", shortNumber(spread.median), shortNumber(spread.least),
                                      shortNumber(spread.most)),
                  26);
    }
    out += row + "\n";
  }
  for (const auto& [where, why] : spoilt_)
    if (where.job == job && where.tls == tls && where.sites == sites)
      out += fmt::format("{}no figure: {}\n", cell(where.system, 22), why);
  return out;
}

std::vector<std::pair<double, double>> Book::line(const std::string& job, bool tls, const std::string& system,
                                                  const std::string& metric) const {
  std::vector<std::pair<double, double>> out;
  for (const auto& [where, metrics] : values_) {
    if (where.job != job || where.tls != tls || where.system != system) continue;
    if (const auto values = metrics.find(metric); values != metrics.end())
      out.emplace_back(static_cast<double>(where.sites), median(values->second));
  }
  return out;
}

std::string Book::growthTable() const {
  std::string out;
  for (const auto& [job, metrics] : metricsOfJobs()) {
    for (const bool tls : {false, true}) {
      for (const auto& system : systems(job, tls)) {
        for (const auto& metric : metrics) {
          std::vector<double> x, y;
          for (const auto& [sites, value] : line(job, tls, system, metric.name))
            x.push_back(sites), y.push_back(value);
          const bool cost = !metric.more_is_better && metric.unit != "B" && metric.unit != "kB/s";
          if (x.size() < 3 || !cost) continue;
          out += fmt::format("{}{}{}{}sites^{:.2f}\n", cell(job, 11), cell(transport(tls), 7),
                             cell(system, 16), cell(metric.name, 20), growth(x, y));
        }
      }
    }
  }
  return out.empty() ? out : "\nHow it grows, from the medians (1: with the sites and no faster)\n" + out;
}

std::string Book::csv() const {
  std::string out = "job,transport,sites,system,metric,unit,median,least,most,values,x_floor\n";
  for (const auto& [where, metrics] : values_) {
    for (const auto& info : metricsOfJobs().at(where.job)) {
      const auto found = metrics.find(info.name);
      if (found == metrics.end()) continue;
      const auto spread = spreadOf(found->second);
      const Where floor{where.job, where.tls, where.sites, "floor"};
      out +=
          fmt::format("{},{},{},{},{},{},{:.6g},{:.6g},{:.6g},{},{:.4g}\n", where.job, transport(where.tls),
                      where.sites, csvField(where.system), info.name, info.unit, spread.median, spread.least,
                      spread.most, spread.count, ratio(spread.median, medianOf(floor, info.name)));
    }
  }
  return out;
}

nlohmann::ordered_json Book::json() const {
  auto results = nlohmann::ordered_json::array(), spoilt = results;
  for (const auto& [where, metrics] : values_) {
    nlohmann::ordered_json one = {{"job", where.job},
                                  {"transport", transport(where.tls)},
                                  {"sites", where.sites},
                                  {"system", where.system}};
    for (const auto& info : metricsOfJobs().at(where.job)) {
      const auto found = metrics.find(info.name);
      if (found == metrics.end()) continue;
      const auto spread = spreadOf(found->second);
      const Where floor{where.job, where.tls, where.sites, "floor"};
      one["metrics"][info.name] = {{"unit", info.unit},
                                   {"meaning", info.meaning},
                                   {"median", spread.median},
                                   {"least", spread.least},
                                   {"most", spread.most},
                                   {"values", found->second},
                                   {"x_floor", ratio(spread.median, medianOf(floor, info.name))}};
    }
    results.push_back(std::move(one));
  }
  for (const auto& [where, why] : spoilt_)
    spoilt.push_back({{"job", where.job},
                      {"transport", transport(where.tls)},
                      {"sites", where.sites},
                      {"system", where.system},
                      {"why", why}});
  return {{"results", results}, {"without_figure", spoilt}};
}

}  // namespace diemcau::bench
