// The panel in a terminal: one feed's health at a glance, in at most 80 columns and 24 lines. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "diemcau/v1/feed.pb.h"
#include "diemcau/v1/health.pb.h"

namespace diemcau::probe {

struct PanelStyle {
  bool vietnamese = true;
  bool colour = true;
};

class Panel {
 public:
  Panel(std::string uri, v1::Profile profile, PanelStyle style);
  void add(const v1::HealthSample& sample);
  // Lines without their ends.
  std::vector<std::string> render() const;
  // One line, for output that is no terminal.
  std::string line() const;

 private:
  std::string say(const char* vi, const char* en) const { return style_.vietnamese ? vi : en; }
  std::string paint(std::string_view colour, const std::string& text) const;
  std::string row(const std::string& name, const std::string& value) const;
  std::string headline() const;
  std::string picture() const;
  std::string sound() const;
  std::string bitrate() const;
  std::string losses() const;
  std::string mark() const;
  void conditions(std::vector<std::string>& out) const;

  const std::string uri_;
  const v1::Profile profile_;
  const PanelStyle style_;
  v1::HealthSample sample_;
  std::deque<std::uint32_t> bitrates_;  // of the last seconds
};

// A condition in words for a technician.
std::string conditionText(v1::Condition::Name name, bool vietnamese);

// `width` bars of eight heights for the newest values, scaled to the largest.
std::string sparkline(const std::deque<std::uint32_t>& values, std::size_t width);

// A bar of `width` columns for a loudness between -60 and 0.
std::string meterBar(double lufs, std::size_t width);

}  // namespace diemcau::probe
