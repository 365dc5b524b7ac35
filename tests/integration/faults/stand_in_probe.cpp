// A probe for many agents on one machine: speaks the child's protocol, says each second that a feed is well,
// and "shows" at the instant it was told, by this machine's wall clock. Without GStreamer, so that a hundred
// agents fit.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

std::int64_t now(clockid_t clock) {
  timespec at{};
  ::clock_gettime(clock, &at);
  return at.tv_sec * kSecondUs + at.tv_nsec / 1000;
}

struct Probe {
  std::string input;
  bool set_up = false, shows = false;
  std::int64_t show_at = 0, next_sample = 0, samples = 0;

  // False: the end.
  bool line(const std::string& text) {
    if (!set_up) {
      set_up = true;
    } else if (text.starts_with("show ")) {
      show_at = std::atoll(text.c_str() + 5);
    } else if (text == "hide" || text == "prepare") {
      show_at = 0;
      shows = false;
    } else if (text == "quit") {
      return false;
    }
    return true;
  }

  bool read() {
    char chunk[4096];
    const ssize_t got = ::read(STDIN_FILENO, chunk, sizeof chunk);
    if (got <= 0) return false;
    input.append(chunk, static_cast<std::size_t>(got));
    for (auto end = input.find('\n'); end != std::string::npos; end = input.find('\n')) {
      const std::string text = input.substr(0, end);
      input.erase(0, end + 1);
      if (!line(text)) return false;
    }
    return true;
  }

  void speak() {
    const std::int64_t wall = now(CLOCK_REALTIME), steady = now(CLOCK_MONOTONIC);
    if (show_at != 0 && !shows && wall >= show_at) {
      shows = true;
      std::printf("{\"shown\":{\"at_us\":\"%lld\"}}\n", static_cast<long long>(wall));
    }
    if (set_up && steady >= next_sample) {
      next_sample = steady + kSecondUs;
      std::printf(
          "{\"sample\":{\"t_s\":%lld,\"at_us\":\"%lld\",\"connected\":true,"
          "\"video\":{\"codec\":\"h264\",\"width\":1280,\"height\":720,\"fps\":25}}}\n",
          static_cast<long long>(++samples), static_cast<long long>(wall));
    }
    std::fflush(stdout);
  }

  int patienceMs() const {
    std::int64_t wait = set_up ? next_sample - now(CLOCK_MONOTONIC) : kSecondUs;
    if (show_at != 0 && !shows) wait = std::min(wait, show_at - now(CLOCK_REALTIME));
    return static_cast<int>(std::clamp<std::int64_t>((wait + 999) / 1000, 0, 1000));
  }
};

}  // namespace

int main() {
  Probe probe;
  while (true) {
    pollfd one{STDIN_FILENO, POLLIN, 0};
    if (::poll(&one, 1, probe.patienceMs()) > 0 && !probe.read()) return 0;
    probe.speak();
  }
}
