// Asynchronous loggers over one queue. When the queue is full its oldest line goes, and is counted: a slow
// disk must never hold up the loop.
#include "base/log.hpp"

#include <google/protobuf/stubs/logging.h>
#include <spdlog/async.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <map>
#include <mutex>

namespace diemcau {
namespace {

constexpr std::size_t kFileBytes = 32 * 1024 * 1024;
constexpr std::size_t kFiles = 5;

struct Logging {
  std::mutex mutex;
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sink;
  std::map<std::string, std::shared_ptr<spdlog::logger>> loggers;
  spdlog::level::level_enum level = spdlog::level::info;
  std::uint64_t dropped_before = 0;                    // by queues that are gone
  std::shared_ptr<spdlog::details::thread_pool> pool;  // last: its thread ends before what it writes to goes
};

// The one thing in the program that everything may reach: lines about what happened.
Logging& logging() {
  static Logging instance;
  return instance;
}

void usePattern(spdlog::sinks::sink& sink) {
  sink.set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %n: %v",
                                                                 spdlog::pattern_time_type::utc));
}

void prepare(Logging& log, std::size_t lines) {
  if (!log.sink) {
    log.sink = std::make_shared<spdlog::sinks::dist_sink_mt>();
    log.sink->add_sink(std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    usePattern(*log.sink);
  }
  if (!log.pool) log.pool = std::make_shared<spdlog::details::thread_pool>(lines, 1);
}

bool parseLevel(const std::string& word, spdlog::level::level_enum& level) {
  static const std::map<std::string, spdlog::level::level_enum> levels = {{"trace", spdlog::level::trace},
                                                                          {"debug", spdlog::level::debug},
                                                                          {"info", spdlog::level::info},
                                                                          {"warn", spdlog::level::warn},
                                                                          {"error", spdlog::level::err}};
  const auto found = levels.find(word);
  if (found == levels.end()) return false;
  level = found->second;
  return true;
}

// libprotobuf would write to standard error itself, and wait for it, whenever a stranger sends text that is
// not UTF-8. Whoever read the bytes says what came of it: this is for those who look closer.
void takeProtobuf(google::protobuf::LogLevel level, const char*, int, const std::string& line) {
  logger("protobuf")
      ->log(level == google::protobuf::LOGLEVEL_FATAL ? spdlog::level::critical : spdlog::level::debug, "{}",
            line);
}

}  // namespace

bool startLog(const LogSettings& settings) {
  Logging& log = logging();
  const std::lock_guard lock(log.mutex);
  auto level = spdlog::level::info;
  if (!parseLevel(settings.level, level)) return false;
  spdlog::sink_ptr target;
  try {
    if (settings.file.empty()) {
      target = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    } else {
      target = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(settings.file, kFileBytes, kFiles);
    }
  } catch (const spdlog::spdlog_ex&) {
    return false;
  }
  prepare(log, settings.lines);
  log.sink->set_sinks({target});
  usePattern(*log.sink);
  log.level = level;
  for (auto& [name, logger] : log.loggers) logger->set_level(level);
  google::protobuf::SetLogHandler(takeProtobuf);
  return true;
}

void stopLog() {
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sink;
  decltype(Logging::loggers) loggers;
  std::shared_ptr<spdlog::details::thread_pool> pool;  // goes before the sink, and before those who wrote
  {
    Logging& log = logging();
    const std::lock_guard lock(log.mutex);
    for (auto& [name, logger] : log.loggers) {
      logger->flush();
      logger->set_level(spdlog::level::off);  // those who still hold it say nothing more
    }
    loggers.swap(log.loggers);
    if (log.pool) log.dropped_before += log.pool->overrun_counter();
    pool = std::move(log.pool);
    sink = std::move(log.sink);
  }
  google::protobuf::SetLogHandler(nullptr);
  pool.reset();  // writes what waits, then ends the thread
}

std::shared_ptr<spdlog::logger> logger(const std::string& component) {
  Logging& log = logging();
  const std::lock_guard lock(log.mutex);
  prepare(log, LogSettings().lines);
  auto& entry = log.loggers[component];
  if (!entry) {
    entry = std::make_shared<spdlog::async_logger>(component, log.sink, log.pool,
                                                   spdlog::async_overflow_policy::overrun_oldest);
    entry->set_level(log.level);
    entry->flush_on(spdlog::level::info);
  }
  return entry;
}

std::uint64_t droppedLogLines() {
  Logging& log = logging();
  const std::lock_guard lock(log.mutex);
  return log.dropped_before + (log.pool ? log.pool->overrun_counter() : 0);
}

}  // namespace diemcau
