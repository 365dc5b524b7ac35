// Figures for Prometheus, in its text format 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace diemcau::api {

class MetricsText {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  // A family is opened by its first sample; samples of one family follow each other.
  MetricsText& counter(std::string_view name, std::string_view help, double value, const Labels& labels = {});
  MetricsText& gauge(std::string_view name, std::string_view help, double value, const Labels& labels = {});

  std::string take() { return std::move(text_); }

 private:
  MetricsText& sample(std::string_view name, std::string_view help, std::string_view type, double value,
                      const Labels& labels);
  std::string text_, family_;
};

}  // namespace diemcau::api
