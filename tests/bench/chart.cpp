// The chart: one panel for the first metric of each job and transport, and for processor time and memory of
// the server, over the number of sites; both axes logarithmic, so that a cost that grows with the work is a
// straight line at 45 degrees.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/bench/book.hpp"

namespace diemcau::bench {
namespace {

constexpr double kWide = 420, kHigh = 300, kLeft = 62, kRight = 14, kTop = 34, kBottom = 46;
constexpr int kAcross = 2;

struct Panel {
  std::string title;
  std::vector<std::pair<std::string, std::vector<std::pair<double, double>>>> lines;
};

const char* colourOf(const std::string& system) {
  if (system == "diemcau") return "#0b6e4f";
  if (system == "diemcau-fleet") return "#5fb49c";
  if (system == "floor") return "#555555";
  if (system == "mosquitto") return "#b5651d";
  return "#2f6db5";
}

// Whole decades around the values.
struct Axis {
  double least = 1, most = 10;
  double at(double value) const {
    return (std::log10(value) - std::log10(least)) / (std::log10(most) - std::log10(least));
  }
};
Axis axisOf(double least, double most) {
  Axis axis{std::pow(10, std::floor(std::log10(least))), std::pow(10, std::ceil(std::log10(most)))};
  if (axis.most <= axis.least) axis.most = axis.least * 10;
  return axis;
}

// A decade: "100", "0.1".
std::string decade(double value) {
  return value >= 1000 ? shortNumber(value) : fmt::format("{:g}", value);
}

std::string draw(const Panel& panel, double left, double top) {
  double least_x = 1e300, most_x = 0, least_y = 1e300, most_y = 0;
  for (const auto& [name, points] : panel.lines) {
    for (const auto& [x, y] : points) {
      least_x = std::min(least_x, x), most_x = std::max(most_x, x);
      if (y > 0) least_y = std::min(least_y, y), most_y = std::max(most_y, y);
    }
  }
  const Axis across = axisOf(least_x, most_x), up = axisOf(least_y, most_y);
  const double wide = kWide - kLeft - kRight, high = kHigh - kTop - kBottom;
  const auto px = [&](double x) { return kLeft + across.at(x) * wide; };
  const auto py = [&](double y) { return kTop + (1 - up.at(y)) * high; };
  std::string out =
      fmt::format("<g transform=\"translate({},{})\">\n<text x=\"{}\" y=\"20\" class=\"title\">{}</text>\n",
                  left, top, kLeft, panel.title);
  for (double x = across.least; x <= across.most * 1.001; x *= 10)
    out += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" class=\"grid\"/><text x=\"{0:.1f}\" "
        "y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        px(x), kTop, kTop + high, kTop + high + 14, decade(x));
  for (double y = up.least; y <= up.most * 1.001; y *= 10)
    out += fmt::format(
        "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" class=\"grid\"/><text x=\"{3}\" "
        "y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
        kLeft, kLeft + wide, py(y), kLeft - 5, py(y) + 4, decade(y));
  double legend = kLeft;
  for (const auto& [name, points] : panel.lines) {
    std::string path;
    for (const auto& [x, y] : points) {
      if (y <= 0) continue;
      path += fmt::format("{}{:.1f},{:.1f} ", path.empty() ? "M" : "L", px(x), py(y));
      out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"/>\n", px(x), py(y),
                         colourOf(name));
    }
    if (!path.empty())
      out += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"/>\n", path,
                         colourOf(name));
    out += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" style=\"fill:{}\">{}</text>\n", legend, kHigh - 12,
                       colourOf(name), name);
    legend += 16 + 6.3 * static_cast<double>(name.size());
  }
  return out + "</g>\n";
}

}  // namespace

std::string Book::svg(const std::string& subtitle) const {
  std::vector<Panel> panels;
  for (const auto& [job, metrics] : metricsOfJobs()) {
    for (const bool tls : {false, true}) {
      for (const auto& metric : metrics) {
        const bool drawn = &metric == &metrics.front() || metric.name == "server_cpu_ms" ||
                           metric.name == "server_cpu_s" || metric.name == "resident_mib";
        if (!drawn) continue;
        Panel panel{fmt::format("{}{}: {}", job, tls ? " (TLS)" : "", metric.name), {}};
        for (const auto& system : systems(job, tls))
          if (auto points = line(job, tls, system, metric.name); !points.empty())
            panel.lines.emplace_back(system, std::move(points));
        if (!panel.lines.empty()) panels.push_back(std::move(panel));
      }
    }
  }
  const auto rows = (panels.size() + kAcross - 1) / kAcross;
  const double wide = kWide * kAcross, high = 30 + kHigh * static_cast<double>(rows);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n"
      "<style>text{{font:11px "
      "sans-serif;fill:#222}}.title{{font-size:11px;font-weight:bold}}.grid{{stroke:#ddd}}</style>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"12\" y=\"18\">Sites across, "
      "{2}</text>\n",
      wide, high, subtitle);
  for (std::size_t n = 0; n < panels.size(); ++n)
    out += draw(panels[n], kWide * static_cast<double>(n % kAcross),
                30 + kHigh * static_cast<double>(n / kAcross));
  return out + "</svg>\n";
}

}  // namespace diemcau::bench
