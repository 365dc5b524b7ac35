// A session's report for people, and its outcomes as CSV. Private to this folder.
#pragma once

#include <string>

#include "coordinator/ctl/speech.hpp"
#include "diemcau/v1/attendance.pb.h"
#include "diemcau/v1/report.pb.h"

namespace diemcau::ctl {

std::string reportText(Speech speech, const v1::SessionReport& report, std::size_t width);
std::string outcomesCsv(const v1::SessionReport& report);

// "1.020 có mặt, 30 trực tuyến, ..."
std::string countsText(const Speech& speech, const v1::Counts& counts);
std::string alarmsTable(const Speech& speech, const google::protobuf::RepeatedPtrField<v1::Alarm>& alarms,
                        std::size_t width);

}  // namespace diemcau::ctl
