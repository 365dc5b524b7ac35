// A probe as an agent runs it: words in, reports out.
#pragma once

#include <sys/types.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace diemcau::test {

class ProbeChild {
 public:
  using Json = nlohmann::json;
  // `words` are its further arguments.
  explicit ProbeChild(const Json& setup, std::vector<std::string> words = {});
  ~ProbeChild();  // SIGKILL when it still runs
  ProbeChild(const ProbeChild&) = delete;
  ProbeChild& operator=(const ProbeChild&) = delete;

  void say(const std::string& line);
  void closeInput();
  void closeOutput();  // we read no more
  // The next report; nothing at the end of output or after the limit.
  std::optional<Json> report(int limit_ms = 30'000);
  // Reads samples until one holds; the sample, or nothing within the limit.
  std::optional<Json> sampleThat(const std::function<bool(const Json&)>& holds, int limit_ms = 60'000);
  // The instant of the next Shown.
  std::optional<Micros> shown(int limit_ms = 60'000);
  // Exit code, or 128 + signal; nothing at the limit.
  std::optional<int> wait(int limit_ms = 30'000);

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, pidfd_ = -1;
  std::string buffer_;
};

bool tells(const nlohmann::json& sample, const std::string& condition);

}  // namespace diemcau::test
