// The parts of the report's page. Each returns HTML, and an empty string when there is nothing to say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/roster.hpp"
#include "coordinator/report/html.hpp"
#include "diemcau/v1/report.pb.h"

namespace diemcau::report {

// What every part needs: whose words, whose names, whose clock.
struct Page {
  const v1::SessionReport& report;
  const core::Roster& roster;
  bool english;

  const char* say(const char* vi, const char* en) const { return english ? en : vi; }
  std::string text(const v1::Text& text) const;
  std::string siteName(const std::string& site_id) const;
  std::string areaName(const std::string& area_id) const;
  std::string sittingName(const std::string& sitting_id) const;
  std::string time(Micros at) const;  // with the date; empty for 0
};

// report_charts.cpp: inline SVG.
struct Bar {
  std::string name;
  double there = 0, expected = 0;
};
std::string barChart(std::string_view title, const std::vector<Bar>& bars);
// How many sites had acknowledged by when: milliseconds after GO.
std::string acknowledgements(const Page& page);

// report_attendance.cpp
std::string attendance(const Page& page, const v1::SittingAttendance& sitting);

// report_tables.cpp
std::string launch(const Page& page);
std::string outcomes(const Page& page);
std::string alarms(const Page& page);
std::string helpRequests(const Page& page);
std::string signOffs(const Page& page);
std::string timeline(const Page& page);

// A table longer than this is cut, and says so: the whole is in the CSV and JSON exports.
constexpr int kMostRows = 2000;
std::string cutNote(const Page& page, int total);

}  // namespace diemcau::report
