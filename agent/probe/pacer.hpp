// Lets the frames of a file or of an HLS stream go at the pace at which they play. Safe from several threads,
// which share one relation between stream time and real time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace diemcau::probe {

// When frames of one stream play by their own times, where these make sense: a time that stands still goes on
// by the usual step, and a leap that makes up for it is none.
class Progress {
 public:
  double next(double stream_s);

 private:
  double last_ = 0, at_ = 0, usual_ = 0.04, owed_ = 0;
  bool begun_ = false;
};

class Pacer {
 public:
  using Clock = std::chrono::steady_clock;

  // When a frame of this stream time may go, at `now` at the earliest. Frames that are late by more than
  // kLate, or ahead by more than kAhead, begin a new relation: the stream stalled, or its time jumped. A few
  // alone that are late were kept back by a demultiplexer and a parser until something followed them.
  Clock::time_point due(double stream_s, Clock::time_point now);
  // Waits for that. False: cancelled.
  bool wait(double stream_s);
  void cancel();

  static constexpr double kLate = 1.0;    // s
  static constexpr double kAhead = 20.0;  // s
  static constexpr int kStrays = 3;       // frames

 private:
  std::mutex mutex_;
  std::condition_variable cancelled_;
  bool cancel_ = false;
  std::optional<Clock::time_point> on_time_;  // when the last such frame came
  int late_run_ = 0;                          // frames that were late since then
  std::optional<Clock::time_point> zero_;     // real time of stream time 0
};

}  // namespace diemcau::probe
