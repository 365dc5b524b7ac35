// See run.hpp.
#include "agent/app/run.hpp"

#include <csignal>
#include <cstdio>

#include "agent/app/agent.hpp"
#include "base/log.hpp"
#include "base/resident.hpp"

namespace diemcau::agent {

int runAgent(const AgentSettings& settings) {
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is then an error of write(), told like a full disk
  if (!startLog(settings.log)) {
    std::fprintf(stderr, "diemcau-agent: [log]: level \"%s\" is unknown, or \"%s\" cannot be opened\n",
                 settings.log.level.c_str(), settings.log.file.c_str());
    return exit_code::kConfig;
  }
  Loop loop;
  auto agent = Agent::start(loop, settings);
  if (!agent) {
    std::fprintf(stderr, "diemcau-agent: %s\n", agent.error().text.c_str());
    stopLog();
    if (!agent.error().vi.empty()) std::fprintf(stderr, "  %s\n", agent.error().vi.c_str());
    if (agent.error().code == ErrorCode::kDenied) return exit_code::kConfig;
    return agent.error().code == ErrorCode::kConflict ? exit_code::kUnavailable : exit_code::kNoRoom;
  }
  std::printf("ready desk=%u\n", unsigned{(*agent)->deskPort()});
  std::fflush(stdout);
  bool stopping = false;
  const auto stop = [&] {
    if (stopping) return loop.stop();  // asked twice: at once
    stopping = true;
    (*agent)->stop([&] { loop.stop(); });
  };
  const auto terminate = loop.onSignal(SIGTERM, stop);
  const auto interrupt = loop.onSignal(SIGINT, stop);
  const auto started = loop.after(kStarted, &forgetStart);
  loop.run();
  agent->reset();
  stopLog();
  return exit_code::kOk;
}

}  // namespace diemcau::agent
