// Logging: one logger per component, asynchronous, with a counter of dropped lines.
#pragma once

#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace diemcau {

struct LogSettings {
  std::string level = "info";  // trace, debug, info, warn, error
  std::string file;            // empty: standard error
  std::size_t lines = 2048;    // that may wait to be written; 400 bytes each, used or not
};

// Once at the start of a program. Returns false when the level is unknown or the file cannot be opened.
bool startLog(const LogSettings& settings);
void stopLog();

// The logger of a component, "gateway", "store", ...; usable before startLog (then it writes to standard
// error).
std::shared_ptr<spdlog::logger> logger(const std::string& component);

std::uint64_t droppedLogLines();

}  // namespace diemcau
