#include "tests/integration/probe/rtmp.hpp"

#include <iterator>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace diemcau::test {
namespace {

const ProcessSetup kWithInput{.input = true, .more = {}};

const std::string kPublisher =
    "/usr/bin/env ffmpeg -nostdin -hide_banner -loglevel error -re"
    " -f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=frequency=440:sample_rate=48000"
    " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 800k -g 25 -c:a aac -f flv ";

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

RtmpServer::RtmpServer(int port)
    : port_(port), process_({"/usr/bin/env", "node", DIEMCAU_RTMP_SERVER, std::to_string(port)}, kWithInput) {
  if (!process_.lineThatBegins("ready"))
    throw std::runtime_error("the RTMP server did not start: " + process_.errors());
}

std::unique_ptr<Process> RtmpServer::publish(const std::string& name) {
  auto out = std::make_unique<Process>(
      words(kPublisher + "rtmp://127.0.0.1:" + std::to_string(port_) + "/live/" + name));
  if (!process_.lineThatBegins("published /live/" + name))
    throw std::runtime_error("ffmpeg did not publish: " + out->errors());
  return out;
}

void RtmpServer::waitForEnd(const std::string& name) {
  if (!process_.lineThatBegins("ended /live/" + name)) throw std::runtime_error("the stream did not end");
}

}  // namespace diemcau::test
