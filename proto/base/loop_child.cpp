// Child processes of a Loop: lines from standard output, text to standard input, and no zombie left behind.
#include <uv.h>

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/loop_state.hpp"

namespace diemcau {
namespace {

using loop_detail::State;
using loop_detail::States;

constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMaxWaiting = 64 * 1024;

// Cuts a stream of bytes into lines; of a line that is too long the rest is dropped.
class LineSplitter {
 public:
  template <class Each>
  void add(std::string_view bytes, Each each) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      line_.append(part.substr(0, std::min(part.size(), kMaxLine - line_.size())));
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      finish(each);
    }
  }
  template <class Each>
  void end(Each each) {
    if (!line_.empty()) finish(each);
  }

 private:
  template <class Each>
  void finish(Each each) {
    std::string line;
    line.swap(line_);
    if (line.ends_with('\r')) line.pop_back();
    each(std::string_view(line));
  }
  std::string line_;
};

struct ChildState final : State {
  uv_process_t process{};
  uv_pipe_t input{}, output{};
  std::array<char, 16 * 1024> buffer{};
  LineSplitter lines;
  std::function<void(std::string_view)> line;
  std::function<void(int, int)> exit;
  bool alive = false, input_open = true, closing = false;
  int open_handles = 0;

  ChildState(States& states, uv_loop_t* loop) : State(states) {
    uv_pipe_init(loop, &input, 0);
    uv_pipe_init(loop, &output, 0);
    input.data = output.data = process.data = this;
    open_handles = 2;
  }

  // The owner lets go: the process is killed, and its handle stays until it was reaped.
  void release() override {
    if (alive) {
      uv_process_kill(&process, SIGKILL);
    } else {
      closeAll();
    }
  }
  void forget() override { line = nullptr, exit = nullptr; }

  void closeAll() {
    if (closing) return;
    closing = true;
    input_open = false;
    const auto closed = [](uv_handle_t* handle) {
      auto* self = static_cast<ChildState*>(handle->data);
      if (--self->open_handles == 0) self->done();
    };
    uv_close(reinterpret_cast<uv_handle_t*>(&input), closed);
    uv_close(reinterpret_cast<uv_handle_t*>(&output), closed);
    if (process.type == UV_PROCESS) {
      ++open_handles;
      uv_close(reinterpret_cast<uv_handle_t*>(&process), closed);
    }
  }

  void received(std::string_view bytes) {
    call([&] {
      lines.add(bytes, [this](std::string_view each) {
        if (line && !stopped()) line(each);
      });
    });
  }

  // What the process wrote just before it ended is still in the pipe.
  void drain() {
    uv_os_fd_t fd = -1;
    if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&output)) != 0) return;
    if (uv_fileno(reinterpret_cast<uv_handle_t*>(&output), &fd) != 0) return;
    uv_read_stop(reinterpret_cast<uv_stream_t*>(&output));
    ssize_t got = 0;
    while ((got = ::read(fd, buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR)) {
      if (got > 0) received({buffer.data(), static_cast<std::size_t>(got)});
    }
    call([&] {
      lines.end([this](std::string_view each) {
        if (line && !stopped()) line(each);
      });
    });
  }

  void ended(int status, int signal) {
    alive = false;
    const auto keep = shared_from_this();
    drain();
    call([&] {
      if (exit && !stopped()) exit(status, signal);
    });
    closeAll();
  }
};

struct Write {
  uv_write_t request{};
  std::string text;
};

class UvChild final : public Child {
 public:
  explicit UvChild(std::shared_ptr<ChildState> state) : state_(std::move(state)) {}
  ~UvChild() override { state_->stop(); }
  UvChild(const UvChild&) = delete;
  UvChild& operator=(const UvChild&) = delete;

  int pid() const override { return state_->process.pid; }

  bool write(std::string_view text) override {
    auto* stream = reinterpret_cast<uv_stream_t*>(&state_->input);
    if (!state_->alive || !state_->input_open) return false;
    if (uv_stream_get_write_queue_size(stream) + text.size() > kMaxWaiting) return false;
    auto write = std::make_unique<Write>();
    write->text = text;
    write->request.data = state_.get();
    const uv_buf_t bytes = uv_buf_init(write->text.data(), static_cast<unsigned>(write->text.size()));
    const int rc = uv_write(&write->request, stream, &bytes, 1, [](uv_write_t* request, int status) {
      if (status != 0 && status != UV_ECANCELED) static_cast<ChildState*>(request->data)->input_open = false;
      // The request is the first member of a Write that release() below handed over.
      const std::unique_ptr<Write> finished(reinterpret_cast<Write*>(request));
    });
    if (rc != 0) {
      state_->input_open = false;
      return false;
    }
    static_cast<void>(write.release());
    return true;
  }

  void kill(int signal) override {
    if (state_->alive) uv_process_kill(&state_->process, signal);
  }

 private:
  std::shared_ptr<ChildState> state_;
};

void startReading(ChildState& state) {
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&state.output),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* out) {
        auto& space = static_cast<ChildState*>(handle->data)->buffer;
        *out = uv_buf_init(space.data(), static_cast<unsigned>(space.size()));
      },
      [](uv_stream_t* stream, ssize_t got, const uv_buf_t* bytes) {
        auto* self = static_cast<ChildState*>(stream->data);
        if (got > 0) {
          self->received({bytes->base, static_cast<std::size_t>(got)});
        } else if (got < 0) {
          uv_read_stop(stream);
        }
      });
}

}  // namespace

Result<std::unique_ptr<Child>> loop_detail::spawnChild(uv_loop_s* loop, States& states,
                                                       ChildOptions options) {
  DIEMCAU_INVARIANT(!options.argv.empty());
  auto state = std::make_shared<ChildState>(states, loop);
  states.hold(state);
  state->line = std::move(options.line);
  state->exit = std::move(options.exit);

  std::vector<char*> argv, env;
  for (std::string& word : options.argv) argv.push_back(word.data());
  argv.push_back(nullptr);
  const auto replaced = [&](std::string_view pair) {
    const std::string_view name = pair.substr(0, pair.find('=') + 1);
    return std::any_of(options.env.begin(), options.env.end(),
                       [&](const auto& own) { return own.starts_with(name); });
  };
  for (char** pair = environ; pair != nullptr && *pair != nullptr; ++pair) {
    if (!replaced(*pair)) env.push_back(*pair);
  }
  for (std::string& pair : options.env) env.push_back(pair.data());
  env.push_back(nullptr);

  std::array<uv_stdio_container_t, 3> stdio{};
  stdio[0].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_READABLE_PIPE);
  stdio[0].data.stream = reinterpret_cast<uv_stream_t*>(&state->input);
  stdio[1].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
  stdio[1].data.stream = reinterpret_cast<uv_stream_t*>(&state->output);
  stdio[2].flags = UV_INHERIT_FD;
  stdio[2].data.fd = STDERR_FILENO;

  uv_process_options_t spawn{};
  spawn.file = argv[0];
  spawn.args = argv.data();
  spawn.env = env.data();
  spawn.stdio = stdio.data();
  spawn.stdio_count = static_cast<int>(stdio.size());
  spawn.exit_cb = [](uv_process_t* process, std::int64_t status, int signal) {
    static_cast<ChildState*>(process->data)->ended(static_cast<int>(status), signal);
  };
  const int rc = uv_spawn(loop, &state->process, &spawn);
  if (rc != 0) {
    state->stop();
    return fail(rc == UV_ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal,
                fmt::format("cannot start {}: {}", options.argv[0], uv_strerror(rc)));
  }
  state->alive = true;
  startReading(*state);
  return std::unique_ptr<Child>(std::make_unique<UvChild>(std::move(state)));
}

}  // namespace diemcau
