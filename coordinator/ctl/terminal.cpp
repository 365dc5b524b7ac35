#include "coordinator/ctl/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace diemcau::ctl {
namespace {

// Signal handlers reach nothing else. One screen at a time.
volatile std::sig_atomic_t ended = 0;
termios before{};
bool changed = false;

void onEnd(int) {
  ended = 1;
}
void onResize(int) {}

void say(const char* text, std::size_t length) {
  while (length > 0) {
    const ssize_t written = write(STDOUT_FILENO, text, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      ended = 1;  // nobody looks any more
      return;
    }
    text += written;
    length -= static_cast<std::size_t>(written);
  }
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigaction(signal, &action, nullptr);
}

}  // namespace

bool isTerminal(int fd) {
  return isatty(fd) == 1;
}

TerminalSize terminalSize(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

Screen::Screen() {
  ended = 0;
  if (tcgetattr(STDIN_FILENO, &before) == 0) {
    termios raw = before;
    raw.c_lflag &= static_cast<tcflag_t>(~(ICANON | ECHO));
    changed = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  handle(SIGINT, onEnd);
  handle(SIGTERM, onEnd);
  handle(SIGHUP, onEnd);
  handle(SIGWINCH, onResize);
  const std::string enter = "\x1b[?1049h\x1b[?25l\x1b[2J";
  say(enter.data(), enter.size());
}

Screen::~Screen() {
  const std::string leave = "\x1b[?25h\x1b[?1049l";
  say(leave.data(), leave.size());
  if (changed) tcsetattr(STDIN_FILENO, TCSANOW, &before);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) handle(signal, SIG_DFL);
}

// Written over what is there, line by line: nothing flickers. One write, inside a synchronised update where
// there is one.
void Screen::draw(const std::vector<std::string>& lines) {
  std::string out = "\x1b[?2026h\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i] + "\x1b[K";
    if (i + 1 < lines.size()) out += "\r\n";
  }
  out += "\x1b[J\x1b[?2026l";
  say(out.data(), out.size());
}

bool Screen::wait(int milliseconds) {
  if (ended != 0) return false;
  pollfd keys{STDIN_FILENO, POLLIN, 0};
  const int ready = poll(&keys, 1, milliseconds);
  if (ended != 0) return false;
  if (ready <= 0) return true;  // a new size interrupts: draw again at once
  char key = 0;
  if (read(STDIN_FILENO, &key, 1) != 1) return false;  // end of input
  return key != 'q' && key != 'Q' && key != 3;
}

}  // namespace diemcau::ctl
