// A live broadcast to real receivers on the loopback: many SRT callers, cuts, UDP, HLS over HTTP, and the
// program itself.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "net/client.hpp"
#include "packets.hpp"
#include "receive.hpp"
#include "stage_set.hpp"
#include "tests/studio/line_reader.hpp"
#include "tests/support/process.hpp"

namespace diemcau::studio {

using namespace test;
using diemcau::test::Process;

namespace {

constexpr std::size_t kEnough = 100'000;

std::string srt(const char* feed, int port) {
  return std::string(feed) + "=srt://127.0.0.1:" + std::to_string(port);
}

bool aligned(const std::string& bytes) {
  if (bytes.empty() || bytes.size() % kPacket != 0) return false;
  for (const auto& one : split(bytes)) {
    if (one[0] != 0x47) return false;
  }
  return true;
}

// Callers as sites are: who is refused calls again. The listener of GStreamer 1.22 keeps one handshake
// waiting, so of several at the same instant some are.
class Callers {
 public:
  explicit Callers(const std::vector<int>& ports) {
    for (const int port : ports) callers_.push_back({port, std::make_unique<SrtCaller>(port)});
  }
  bool haveEach(std::size_t least) {
    bool all = true;
    for (auto& [port, caller] : callers_) {
      if (caller->ended() && caller->size() == 0) caller = std::make_unique<SrtCaller>(port);
      all = all && caller->size() > least;
    }
    return all;
  }
  std::vector<std::string> bytes() const {
    std::vector<std::string> out;
    for (const auto& [port, caller] : callers_) out.push_back(caller->bytes());
    return out;
  }

 private:
  std::vector<std::pair<int, std::unique_ptr<SrtCaller>>> callers_;
};

}  // namespace

TEST_CASE("several callers receive the same feed at once, and each feed its own") {
  const int main_port = freeUdpPort(), backup_port = freeUdpPort();
  const std::string main = srt("main", main_port), backup = srt("backup", backup_port);
  Broadcast broadcast(
      {"--feed", main.c_str(), "--feed", backup.c_str(), "--size", "320x180", "--kbps", "1000"});
  REQUIRE(broadcast.director().start());
  Callers callers({main_port, main_port, main_port, backup_port});
  broadcast.runUntil("all callers have enough", [&] { return callers.haveEach(kEnough); });
  for (const auto& bytes : callers.bytes()) {
    CHECK(aligned(bytes));
    CHECK(counterGaps(bytes) == 0);
    CHECK(countByPid(bytes)[kVideoPid] > 10);
    CHECK(countByPid(bytes)[kAudioPid] > 10);
  }
  std::map<std::string, int> most;
  for (const auto& event : broadcast.events("callers")) {
    auto& count = most[event["feed"].get<std::string>()];
    count = std::max(count, event["count"].get<int>());
  }
  CHECK(most == std::map<std::string, int>{{"main", 3}, {"backup", 1}});
  broadcast.director().quit();
}

TEST_CASE("a cut drops and refuses callers of its feed alone; afterwards the address is back") {
  const int main_port = freeUdpPort(), backup_port = freeUdpPort();
  const std::string main = srt("main", main_port), backup = srt("backup", backup_port);
  Broadcast broadcast(
      {"--feed", main.c_str(), "--feed", backup.c_str(), "--size", "320x180", "--kbps", "1000"});
  REQUIRE(broadcast.director().start());
  const SrtCaller first(main_port), other(backup_port);  // one on each listener: nobody is refused
  broadcast.runUntil("both receive", [&] { return first.size() > kEnough && other.size() > kEnough; });

  broadcast.director().command("main cut");
  broadcast.runUntil("the caller is dropped",
                     [&] { return broadcast.told("main", "cut", "begin") && first.ended(); });
  const SrtCaller refused(main_port);
  const std::size_t before = other.size();
  broadcast.runUntil("the other feed goes on", [&] { return other.size() > before + kEnough; });
  CHECK(refused.size() == 0);

  broadcast.director().command("main ok");
  broadcast.runUntil("the cut ends", [&] { return broadcast.told("main", "cut", "end"); });
  const SrtCaller again(main_port);
  broadcast.runUntil("a new caller receives", [&] { return again.size() > kEnough; });
  CHECK(aligned(again.bytes()));
  CHECK_FALSE(other.ended());
  CHECK(counterGaps(other.bytes()) == 0);
  broadcast.director().quit();
}

TEST_CASE("only callers who know the passphrase receive") {
  const int port = freeUdpPort();
  const std::string main = srt("main", port);
  Broadcast broadcast({"--feed", main.c_str(), "--size", "320x180", "--passphrase", "correct horse battery"});
  REQUIRE(broadcast.director().start());
  const SrtCaller guesses(port, "wrong horse battery!");
  broadcast.runUntil("who guesses is refused", [&] { return guesses.ended(); });
  const SrtCaller lacks(port);
  broadcast.runUntil("who has none is refused", [&] { return lacks.ended(); });
  const SrtCaller knows(port, "correct horse battery");
  broadcast.runUntil("who knows it receives", [&] { return knows.size() > kEnough; });
  CHECK(guesses.size() == 0);
  CHECK(lacks.size() == 0);
  broadcast.director().quit();
}

TEST_CASE("wrong lines are answered and change nothing") {
  const int port = freeUdpPort();
  const std::string main = srt("main", port);
  Broadcast broadcast({"--feed", main.c_str(), "--size", "320x180"});
  REQUIRE(broadcast.director().start());
  broadcast.director().command("main blakc 3");
  broadcast.director().command("second black 3");
  const auto errors = broadcast.events("error");
  REQUIRE(errors.size() == 2);
  CHECK_THAT(errors[0]["text"].get<std::string>(), Catch::Contains("blakc"));
  CHECK_THAT(errors[1]["text"].get<std::string>(), Catch::Contains("second"));
  CHECK(broadcast.events("cue").empty());
  broadcast.director().command("quit");
  CHECK(broadcast.events("end").size() == 1);
}

TEST_CASE("UDP carries whole datagrams of seven packets") {
  const int receiver = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(receiver, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(receiver, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const std::string to = "main=udp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  Broadcast broadcast({"--udp", to.c_str(), "--size", "320x180", "--kbps", "1000"});
  REQUIRE(broadcast.director().start());
  std::string received;
  broadcast.runUntil("datagrams come", [&] {
    char bytes[2048];
    for (ssize_t n = 0; (n = ::recv(receiver, bytes, sizeof bytes, MSG_DONTWAIT)) > 0;) {
      CHECK(n == static_cast<ssize_t>(kDatagram));
      received.append(bytes, static_cast<std::size_t>(n));
    }
    return received.size() > kEnough;
  });
  ::close(receiver);
  CHECK(aligned(received));
  CHECK(countByPid(received)[kVideoPid] > 10);
  broadcast.director().quit();
}

TEST_CASE("lines reach the loop in order, whole, and the end of input is no end") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  Loop loop;
  std::vector<std::string> lines;
  {
    const LineReader reader(loop, ends[0], [&](const std::string& line) {
      lines.push_back(line);
      if (lines.size() == 3) loop.stop();
    });
    const std::string text =
        "main black 8\n\nmain o" + std::string("k\n") + std::string(5000, 'x') + "\nunfinished";
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    const Timer limit = loop.after(30 * kSecond, [&] { loop.stop(); });
    loop.run();
  }
  ::close(ends[0]);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "main black 8");
  CHECK(lines[1] == "main ok");
  CHECK(lines[2] == std::string(4096, 'x'));
}

TEST_CASE("the program serves HLS, obeys standard input's end, and ends cleanly on SIGTERM") {
  const diemcau::test::TempDir dir;
  Process studio(
      {STUDIO_PROGRAM, "--feed", "main", "--http", "127.0.0.1:0", "--hls", dir.path(), "--size", "320x180"});
  const auto ready = studio.lineThatBegins("{\"event\":\"ready\"");
  REQUIRE(ready);
  const std::string list = nlohmann::json::parse(*ready)["feeds"][0]["hls"].get<std::string>();
  const std::string base = list.substr(0, list.rfind('/') + 1);
  std::string playlist;
  for (int i = 0; i < 300 && playlist.find(".ts") == std::string::npos; ++i) {
    const auto answer = net::httpRequest("GET", list, "", {}, 5);
    if (answer && answer->status == 200) playlist = answer->body;
    studio.line(100);  // nothing is said meanwhile: this only waits
  }
  const auto name = playlist.find("000000.ts");
  REQUIRE(name != std::string::npos);
  const auto segment = net::httpRequest("GET", base + "000000.ts", "", {}, 5);
  REQUIRE(segment);
  CHECK(segment->status == 200);
  CHECK(segment->content_type == "video/mp2t");
  CHECK(aligned(segment->body));
  const std::string path = dir.write("segment.ts", segment->body);
  CHECK(decode(path).luma.size() == 25);
  studio.signal(SIGTERM);
  CHECK(studio.wait() == 0);
}

TEST_CASE("the program says why it cannot start") {
  const int port = freeUdpPort();
  const std::string feed = srt("main", port);
  Process first({STUDIO_PROGRAM, "--feed", feed, "--size", "320x180"});
  REQUIRE(first.lineThatBegins("{\"event\":\"ready\""));
  Process second({STUDIO_PROGRAM, "--feed", feed, "--size", "320x180"});
  CHECK(second.wait() == 69);
  CHECK_THAT(second.errors(), Catch::Contains(std::to_string(port)));
  Process third({STUDIO_PROGRAM, "--size", "huge"});
  CHECK(third.wait() == 64);
  CHECK_THAT(third.errors(), Catch::Contains("1280x720"));
  first.signal(SIGINT);
  CHECK(first.wait() == 0);
}

}  // namespace diemcau::studio
