// See app.hpp.
#include "tests/studio/app.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "base/loop.hpp"
#include "net/server.hpp"
#include "tests/studio/director.hpp"
#include "tests/studio/line_reader.hpp"
#include "tests/studio/options.hpp"

namespace diemcau::studio {

namespace {

Result<std::unique_ptr<net::Server>> serveHls(Loop& loop, const ListenAddress& listen,
                                              const HlsShelf& shelf) {
  net::ServerOptions options;
  options.listen = listen;
  options.check_origin = false;  // there is nothing to protect: everybody may watch
  options.http = [&shelf](const net::HttpRequest& request, const net::Respond& respond) {
    auto answer = shelf.answer(request.path);
    respond({answer.status,
             answer.type,
             std::move(answer.body),
             {{"cache-control", "no-store"}, {"access-control-allow-origin", "*"}}});
  };
  return net::serve(loop, std::move(options));
}

std::string httpAddress(const ListenAddress& listen, std::uint16_t port) {
  const bool v6 = listen.host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", v6 ? "[" : "", listen.host, v6 ? "]" : "", port);
}

int broadcast(const Options& options) {
  Loop loop;
  Events events([](const std::string& line) {
    std::fwrite((line + "\n").data(), 1, line.size() + 1, stdout);
    std::fflush(stdout);
  });
  HlsShelf shelf;
  std::unique_ptr<net::Server> server;
  std::string http;
  if (options.http) {
    auto serving = serveHls(loop, *options.http, shelf);
    if (!serving) {
      std::fprintf(stderr, "diemcau-studio: %s\n", serving.error().text.c_str());
      return exit_code::kUnavailable;
    }
    server = std::move(*serving);
    http = httpAddress(*options.http, server->port());
  }
  Director director(loop, options, events, shelf);
  if (auto ok = director.start(); !ok) {
    std::fprintf(stderr, "diemcau-studio: %s\n", ok.error().text.c_str());
    return exit_code::kUnavailable;
  }
  const Timer on_term = loop.onSignal(SIGTERM, [&director] { director.quit(); });
  const Timer on_int = loop.onSignal(SIGINT, [&director] { director.quit(); });
  const LineReader input(loop, STDIN_FILENO,
                         [&director](const std::string& line) { director.command(line); });
  events.ready(options, http);
  loop.run();
  if (director.failure().empty()) return exit_code::kOk;
  std::fprintf(stderr, "diemcau-studio: %s\n", director.failure().c_str());
  return exit_code::kUnavailable;
}

}  // namespace

int run(int argc, const char* const* argv) {
  const Parsed parsed = parseOptions(argc, argv);
  if (parsed.options) return broadcast(*parsed.options);
  std::fputs(parsed.text.c_str(), parsed.code == exit_code::kOk ? stdout : stderr);
  return parsed.code;
}

}  // namespace diemcau::studio
