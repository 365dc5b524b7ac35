// Runs the broadcast: paints each frame once, hands it to all feeds on time, starts and ends faults. On the
// loop's thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/loop.hpp"
#include "tests/studio/events.hpp"
#include "tests/studio/feed.hpp"
#include "tests/studio/hls_shelf.hpp"
#include "tests/studio/options.hpp"
#include "tests/studio/schedule.hpp"

namespace diemcau::studio {

class Director {
 public:
  Director(Loop& loop, Options options, Events& events, HlsShelf& shelf);
  ~Director();
  Director(const Director&) = delete;
  Director& operator=(const Director&) = delete;

  // Opens all outputs and sends the first frame with the loop's next round.
  Done start();
  // One line of standard input. A wrong one is answered with an error event and changes nothing.
  void command(std::string_view line);
  // Sends what is begun and stops the loop.
  void quit();

  // Of a run that ended by itself: empty when all went well.
  const std::string& failure() const { return failure_; }

 private:
  Result<std::unique_ptr<Feed>> makeFeed(std::size_t index);
  void next();
  void nextOfFile();
  void tick();
  void checkFeeds();
  Micros mediaOf(std::uint64_t frame) const;

  Loop& loop_;
  Options options_;
  Events& events_;
  HlsShelf& shelf_;
  Painter painter_;
  Schedule schedule_;
  std::vector<std::uint8_t> picture_;
  std::vector<std::unique_ptr<Feed>> feeds_;
  Timer timer_;
  Micros began_ = 0;  // steady clock of frame 0
  std::uint64_t frame_ = 0;
  bool over_ = false;
  std::string failure_;
};

}  // namespace diemcau::studio
