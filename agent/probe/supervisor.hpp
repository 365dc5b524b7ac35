// Keeps one feed received: makes a pipeline, and when it ends or fails pauses for at most a second and makes
// the next one. Runs in a thread of its own, because opening and closing a source may block; a feed fault
// never leaves it.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "agent/probe/audio_path.hpp"
#include "agent/probe/feed_state.hpp"
#include "agent/probe/meter.hpp"
#include "agent/probe/output.hpp"
#include "agent/probe/receiver.hpp"
#include "agent/probe/video_path.hpp"
#include "base/feed_address.hpp"

namespace diemcau::probe {

class Supervisor : private ReceiverEvents {
 public:
  struct Options {
    FeedAddress address;
    std::string passphrase;
    bool end_at_end = false;  // finish at the end of a file
    // From its thread, once, when it did; `problem` is empty at the end of a file that was whole.
    std::function<void(const v1::Text& problem)> finished;
    // From the picture's thread; empty: no small pictures are made.
    ThumbnailMaker::Made thumbnail = {};
    std::string mark = {};  // see VideoPath and AudioPath
  };

  Supervisor(Options options, Meter& meter, Output* output, const Clock& clock);
  ~Supervisor() override;
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  void start();
  // Ends the thread; waits for it.
  void stop();
  // Decoded pictures and sound are wanted by the output. Any thread.
  void setShown(bool shown);
  void setFull(bool full) { video_.setFull(full); }
  FeedState state() const { return state_.load(); }
  // Of the picture's and the sound's decoder, see Decoder::Work. Any thread.
  std::array<std::uint32_t, 2> work() const { return {video_.work(), audio_.work()}; }

 private:
  void run();
  void connect();
  void watch();
  void apply(FeedEvent event);
  void pause(Micros span);

  void onReceived(std::size_t bytes) override;
  void onDemuxed(std::size_t bytes) override;
  void onPadding(std::size_t bytes) override { meter_.padding(bytes); }
  void onClockLate(const TsClock::Late& late) override { meter_.clockLate(late); }
  void onPictureTime(double stamp_s) override { meter_.pictureTime(clock_.steady(), stamp_s); }
  void onSkew(double ms) override { meter_.skew(ms); }
  void onVideo(const Codec& codec, const Frame& frame) override;
  void onAudio(const Codec& codec, const Frame& frame) override;

  const Options options_;
  Meter& meter_;
  const Clock& clock_;
  VideoPath video_;
  AudioPath audio_;
  std::unique_ptr<Receiver> receiver_;  // of the thread
  std::atomic<FeedState> state_{FeedState::kConnecting};
  std::atomic<Micros> last_data_{0};
  std::atomic<bool> got_data_{false};
  unsigned tries_ = 0;
  Micros pause_ = 0;
  std::uint32_t lost_ = 0;
  v1::Text problem_;  // why it finished

  std::mutex mutex_;
  std::condition_variable woken_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace diemcau::probe
