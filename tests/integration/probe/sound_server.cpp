#include "tests/integration/probe/sound_server.hpp"

#include <cstdlib>
#include <stdexcept>

namespace diemcau::test {
namespace {

constexpr const char* kOurs[] = {"PULSE_SERVER", "PULSE_RUNTIME_PATH", "ALSA_CONFIG_PATH"};

}  // namespace

SoundServer::SoundServer() {
  const std::string socket = dir_.path() + "/native";
  const std::string alsa = dir_.write("asound.conf",
                                      "pcm.hall { type pulse\n device hall.monitor }\n"
                                      "pcm.gone { type hw\n card 7 }\n");
  ProcessSetup setup;
  setup.more = {"HOME=" + dir_.path(), "PULSE_RUNTIME_PATH=" + dir_.path()};
  server_ = std::make_unique<Process>(
      std::vector<std::string>{"/usr/bin/pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                               "--use-pid-file=no", "--disable-shm=yes", "--log-level=info",
                               "--log-target=file:/dev/stdout", "--load=module-null-sink sink_name=hall",
                               "--load=module-native-protocol-unix auth-anonymous=1 socket=" + socket},
      setup);
  if (!server_->lineThatBegins("I: [pulseaudio] main.c: Daemon startup complete"))
    throw std::runtime_error("the sound server does not start: " + server_->errors());
  ::setenv("PULSE_SERVER", ("unix:" + socket).c_str(), 1);
  ::setenv("PULSE_RUNTIME_PATH", dir_.path().c_str(), 1);
  ::setenv("ALSA_CONFIG_PATH", alsa.c_str(), 1);
}

SoundServer::~SoundServer() {
  for (const char* name : kOurs) ::unsetenv(name);
}

std::unique_ptr<Process> SoundServer::tone() const {
  return std::make_unique<Process>(
      std::vector<std::string>{"/usr/bin/gst-launch-1.0", "-q", "audiotestsrc", "freq=1000", "volume=0.1",
                               "!", "audio/x-raw,rate=44100,channels=2", "!", "pulsesink", "device=hall"});
}

}  // namespace diemcau::test
