// What was measured, and how it is told: tables, CSV, JSON, a chart.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/figures.hpp"

namespace diemcau::bench {

struct Where {
  std::string job;
  bool tls = false;
  std::size_t sites = 0;
  std::string system;
  auto operator<=>(const Where&) const = default;
};

// What the metrics are called and mean, the first of a job being the one that ratios and charts are of.
struct MetricInfo {
  std::string name, unit, meaning;
  bool more_is_better = false;
};
const std::map<std::string, std::vector<MetricInfo>>& metricsOfJobs();

class Book {
 public:
  void note(const Where& where, const std::string& metric, double value);
  void spoilt(const Where& where, const std::string& why);

  // Of all systems of one job, transport and number of sites.
  std::string table(const std::string& job, bool tls, std::size_t sites) const;
  // How the first metric, processor time and memory grow with the sites, system by system.
  std::string growthTable() const;
  std::string csv() const;
  nlohmann::ordered_json json() const;
  std::string svg(const std::string& subtitle) const;

  // Medians of one metric by number of sites.
  std::vector<std::pair<double, double>> line(const std::string& job, bool tls, const std::string& system,
                                              const std::string& metric) const;
  bool empty() const { return values_.empty(); }

 private:
  std::vector<std::string> systems(const std::string& job, bool tls) const;
  double medianOf(const Where& where, const std::string& metric) const;
  std::map<Where, std::map<std::string, std::vector<double>>> values_;
  std::vector<std::pair<Where, std::string>> spoilt_;
};

}  // namespace diemcau::bench
