// The terminal itself is asked, whatever standard input and output are.
#include "base/secret_input.hpp"

#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

namespace diemcau {
namespace {

constexpr std::size_t kMost = 4096;

// Signals that would end the process wait until the terminal shows what is typed again.
class Hidden {
 public:
  explicit Hidden(int fd) : fd_(fd) {
    sigset_t block;
    sigemptyset(&block);
    for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGHUP}) sigaddset(&block, signal);
    sigprocmask(SIG_BLOCK, &block, &before_);
    if (tcgetattr(fd_, &shown_) != 0) return;
    termios hidden = shown_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    changed_ = tcsetattr(fd_, TCSAFLUSH, &hidden) == 0;
  }
  ~Hidden() {
    if (changed_) tcsetattr(fd_, TCSAFLUSH, &shown_);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  int fd_;
  termios shown_{};
  sigset_t before_{};
  bool changed_ = false;
};

Result<std::string> readLine(int fd, bool terminal) {
  std::string line;
  for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';) {
    if (terminal && c == 3) return fail(ErrorCode::kUnavailable, "interrupted", "đã ngắt");
    if (line.size() >= kMost)
      return fail(ErrorCode::kTooBig, "this is too long for a password", "mật khẩu quá dài");
    line += c;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace

bool canAskSecret() {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  ::close(fd);
  return true;
}

Result<std::string> askSecret(const std::string& prompt) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return fail(ErrorCode::kUnavailable, "there is no terminal to ask for a password on",
                "không có màn hình dòng lệnh để hỏi mật khẩu");
  Result<std::string> line;
  {
    const Hidden hidden(fd);
    const bool shown = ::write(fd, prompt.data(), prompt.size()) >= 0;
    line = shown ? readLine(fd, true) : Result<std::string>(std::string());
    if (::write(fd, "\n", 1) < 0) line = std::string();
  }
  ::close(fd);
  return line;
}

Result<std::string> readSecretLine() {
  return readLine(STDIN_FILENO, false);
}

}  // namespace diemcau
