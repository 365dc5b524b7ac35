// Charts as inline SVG, in the page's own colours, each with a title for those who cannot see it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "coordinator/report/report_parts.hpp"

namespace diemcau::report {
namespace {

constexpr double kWidth = 720;

// A round number at least as large, whose quarters are round enough to be read.
double roundUp(double value) {
  if (value <= 1) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 4.0, 6.0, 8.0, 10.0})
    if (step * power >= value) return step * power;
  return 10 * power;
}

std::string shortened(const std::string& name, std::size_t most) {
  std::size_t points = 0, i = 0;
  for (; i < name.size(); ++i)
    if ((static_cast<unsigned char>(name[i]) & 0xC0) != 0x80 && ++points > most) break;
  return i < name.size() ? name.substr(0, i) + "…" : name;
}

}  // namespace

std::string barChart(std::string_view title, const std::vector<Bar>& bars) {
  if (bars.empty()) return {};
  constexpr double kRow = 26, kLabels = 220, kValues = 110;
  double most = 1;
  for (const Bar& bar : bars) most = std::max({most, bar.there, bar.expected});
  const double height = kRow * static_cast<double>(bars.size()) + 8,
               scale = (kWidth - kLabels - kValues) / most;
  std::string out = fmt::format(
      "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {:.0f} {:.0f}\" xmlns=\"http://www.w3.org/2000/svg\">"
      "<title>{}</title>\n",
      kWidth, height, escaped(title));
  double y = 4;
  for (const Bar& bar : bars) {
    out += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", kLabels - 8, y + 16,
                       escaped(shortened(bar.name, 30)));
    out += fmt::format("<rect class=\"expected\" x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"18\"/>",
                       kLabels, y + 2, bar.expected * scale);
    out += fmt::format("<rect class=\"there\" x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"10\"/>",
                       kLabels, y + 6, bar.there * scale);
    out +=
        fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{:.0f} / {:.0f}</text>\n",
                    kLabels + 6 + std::max(bar.there, bar.expected) * scale, y + 16, bar.there, bar.expected);
    y += kRow;
  }
  return out + "</svg>\n";
}

std::string acknowledgements(const Page& page) {
  std::vector<double> after;
  const Micros go = page.report.session().go_at_us();
  for (const v1::Outcome& outcome : page.report.outcomes())
    if (outcome.acked_us() > 0 && go > 0)
      after.push_back(std::max(0.0, static_cast<double>(outcome.acked_us() - go) / kMillisecond));
  if (after.size() < 2) return {};
  std::sort(after.begin(), after.end());
  // A site that came minutes late must not press all others into one line: the axis ends at the 99th
  // hundredth.
  const double shown = after[(after.size() - 1) * 99 / 100];
  const double last = roundUp(shown), sites = static_cast<double>(after.size());
  constexpr double kHeight = 240, kLeft = 56, kRight = 16, kTop = 12, kBottom = 40;
  const double plot_width = kWidth - kLeft - kRight, plot_height = kHeight - kTop - kBottom;
  const auto x = [&](double ms) { return kLeft + std::min(ms, last) / last * plot_width; };
  const auto y = [&](double count) { return kTop + (1 - count / sites) * plot_height; };
  std::string out = fmt::format(
      "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {:.0f} {:.0f}\" xmlns=\"http://www.w3.org/2000/svg\">"
      "<title>{}</title>\n",
      kWidth, kHeight,
      page.say("Số điểm cầu đã xác nhận lệnh phát, theo mili giây sau khi phát lệnh",
               "Sites that acknowledged the launch, by milliseconds after GO"));
  for (int i = 0; i <= 4; ++i) {
    const double part = i / 4.0;
    out += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                       kLeft, kWidth - kRight, y(sites * part), y(sites * part));
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:.0f}</text>", kLeft - 6,
                       y(sites * part) + 4, sites * part);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:g}</text>\n", x(last * part),
                       kHeight - 22, last * part);
  }
  std::string points = fmt::format("{:.1f},{:.1f}", x(0), y(0));
  const std::size_t stride = std::max<std::size_t>(1, after.size() / 500);
  double count = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (i % stride != 0 && i + 1 != after.size()) continue;
    points += fmt::format(" {:.1f},{:.1f}", x(after[i]), y(count));
    count = static_cast<double>(i + 1);
    points += fmt::format(" {:.1f},{:.1f}", x(after[i]), y(count));
  }
  out += fmt::format("<polyline class=\"curve\" points=\"{}\"/>\n", points);
  out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text></svg>\n",
                     kLeft + plot_width / 2, kHeight - 4,
                     page.say("mili giây sau khi phát lệnh", "milliseconds after GO"));
  return out;
}

}  // namespace diemcau::report
