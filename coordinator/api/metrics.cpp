// Figures for Prometheus.
#include "coordinator/api/metrics.hpp"

#include <fmt/format.h>

#include <cmath>

namespace diemcau::api {
namespace {

// Label values escape backslash, quote and line feed; help texts need no quote escaped, but may have it.
std::string escaped(std::string_view value) {
  std::string out;
  for (char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

}  // namespace

MetricsText& MetricsText::sample(std::string_view name, std::string_view help, std::string_view type,
                                 double value, const Labels& labels) {
  if (family_ != name) {
    family_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  text_ += name;
  if (!labels.empty()) {
    text_ += '{';
    for (std::size_t i = 0; i < labels.size(); ++i) {
      text_ += fmt::format("{}{}=\"{}\"", i == 0 ? "" : ",", labels[i].first, escaped(labels[i].second));
    }
    text_ += '}';
  }
  text_ += ' ' + number(value) + '\n';
  return *this;
}

MetricsText& MetricsText::counter(std::string_view name, std::string_view help, double value,
                                  const Labels& labels) {
  return sample(name, help, "counter", value, labels);
}

MetricsText& MetricsText::gauge(std::string_view name, std::string_view help, double value,
                                const Labels& labels) {
  return sample(name, help, "gauge", value, labels);
}

}  // namespace diemcau::api
