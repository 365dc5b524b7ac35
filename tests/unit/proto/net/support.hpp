// For the tests of proto/net: a loop in a thread, raw sockets that speak what a browser never would, and
// handlers that remember what they were told.
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace diemcau::net::test {

// Longer than anything here takes, so that only a fault reaches it.
constexpr std::chrono::seconds kLimit{30};

// A Loop that runs in a thread of its own.
class LoopThread {
 public:
  LoopThread();
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  // Runs the task on the loop's thread and waits for its result.
  template <class Task>
  auto run(Task task) -> decltype(task(std::declval<Loop&>())) {
    using Value = decltype(task(std::declval<Loop&>()));
    std::promise<Value> promise;
    auto result = promise.get_future();
    loop_->post([&] {
      if constexpr (std::is_void_v<Value>) {
        task(*loop_);
        promise.set_value();
      } else {
        promise.set_value(task(*loop_));
      }
    });
    return result.get();
  }

 private:
  std::unique_ptr<Loop> loop_;
  std::thread thread_;
};

// A server on a port of the system's choice, on a LoopThread.
class RunningServer {
 public:
  RunningServer(LoopThread& loop, ServerOptions options);
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  std::uint16_t port() const { return port_; }
  ServerCounters counters();
  void drain(std::uint16_t code, const std::string& reason);
  void destroy();
  bool reload();  // of the certificate
  // Waits until the counters are as wanted; false after kLimit.
  bool waitFor(const std::function<bool(const ServerCounters&)>& wanted);

 private:
  LoopThread& loop_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
};

// What arrives on a connection, taken in the pieces that a test asks for.
class BlockingReader {
 public:
  std::string readUntil(std::string_view mark);  // with the mark; what came when the connection ended
  std::string readExactly(std::size_t count);    // less when the connection ended
  std::string readAll();                         // until the end
  // One HTTP answer with its body, by Content-Length.
  std::string answer(bool with_body = true);

 protected:
  BlockingReader() = default;
  explicit BlockingReader(std::string buffer) : buffer_(std::move(buffer)) {}
  ~BlockingReader() = default;
  virtual bool more() = 0;  // waits for more in the buffer; false: the end
  std::string buffer_;
};

// A blocking TCP connection to loopback. Reads give up after kLimit.
class RawClient final : public BlockingReader {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  bool ended();  // true when the peer has closed

  // "HTTP/1.1 101 ..." or a refusal.
  std::string handshake(const std::string& path, const std::string& protocol,
                        const std::string& more_headers = "");
  void sendFrame(int opcode, std::string_view payload, bool final = true);
  void sendFrameHead(int opcode, std::uint64_t announced);
  struct ReceivedFrame {
    int opcode = -1;  // -1: the connection ended
    std::string payload;
  };
  ReceivedFrame readFrame();
  // The code in the next close frame; 0 when the connection ended without one.
  int readCloseCode(std::string* reason = nullptr);

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
  bool more() override;
};

// What a handler was told, for another thread to look at.
class Record {
 public:
  template <class Change>
  void change(Change change) {
    {
      const std::lock_guard lock(mutex_);
      change(*this);
    }
    changed_.notify_all();
  }
  template <class Wanted>
  bool waitFor(Wanted wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLimit, [&] { return wanted(*this); });
  }

  int opened = 0, closed = 0, failures = 0;
  std::uint16_t code = 0;
  std::string reason;
  std::vector<std::string> messages;
  Peer* peer = nullptr;  // only on the loop's thread, while open

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

// Sends what is in `out`, one frame each; remembers the rest.
class Recorder : public PeerHandler {
 public:
  explicit Recorder(std::shared_ptr<Record> record) : record_(std::move(record)) {}
  void onOpen(Peer& peer) override;
  void onMessage(std::string_view bytes) override;
  bool next(Frame& frame) override;
  void onClose(std::uint16_t code, std::string_view reason) override;

  std::vector<std::string> out;
  std::function<void(Peer&)> on_open;
  std::function<void(Peer&, std::string_view)> on_message;

 protected:
  std::shared_ptr<Record> record_;
  Peer* peer_ = nullptr;
};

// The header that our server wants of everybody.
std::string host(const RunningServer& server);

// Sends every message back.
std::unique_ptr<PeerHandler> echo(std::shared_ptr<Record> record);

// On 127.0.0.1, port 0, one WebSocket route /ws with protocol "test.v1" that echoes.
ServerOptions options(std::shared_ptr<Record> record = std::make_shared<Record>());

}  // namespace diemcau::net::test
