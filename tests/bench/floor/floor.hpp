// The floor: what a server on one thread with epoll must pay for the same messages, and nothing else. No
// roster, no decisions, no schema, no view: it counts, hands on, and for records writes and fsyncs a file in
// groups. Whatever a real server does costs at least this, so its figures are what ours are compared with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/floor/words.hpp"
#include "tests/bench/line.hpp"

namespace diemcau::bench::floor {

struct Setup {
  std::string records;           // file that records are written to
  std::string certificate, key;  // empty: plain
};

class Floor {
 public:
  explicit Floor(const Setup& setup);
  ~Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  std::uint16_t port() const { return port_; }
  void run();  // for ever

 private:
  struct Client {
    std::unique_ptr<Line> line;
    std::string in;
    char role = 0;
    bool polls_write = false;
    std::uint64_t newest = 0, acked = 0;  // record numbers
  };
  void accept();
  void ready(Client& client, std::uint32_t events);
  void take(Client& client, Word word, std::string_view payload);
  void handOn(char role, Word word, std::string_view payload);
  void send(Client& client);
  void commit();
  void tick();
  void drop(Client& client);

  SslContextPtr tls_;
  int epoll_ = -1, listener_ = -1, records_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;  // by descriptor
  std::size_t sites_ = 0, waiting_ = 0;           // answers to the newest command
  std::uint64_t statuses_ = 0;
  std::string unwritten_;
  std::vector<int> unacked_;
  std::vector<int> gone_;
};

}  // namespace diemcau::bench::floor
