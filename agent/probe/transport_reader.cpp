#include "agent/probe/transport_reader.hpp"

#include <time.h>

namespace diemcau::probe {
namespace {

constexpr double kBusy = 0.02;              // s
constexpr std::size_t kMostWaiting = 2000;  // pictures: more than any queue holds
constexpr std::size_t kPacketBytes = 188;

double clockSeconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

TransportReader::TransportReader(Source source, ReceiverEvents& events) : source_(source), events_(events) {
  continuity_.onMarked([this](const std::uint8_t* packet) { clock_.add(packet, arrival_s_); });
}

void TransportReader::add(const std::uint8_t* data, std::size_t size) {
  arrival_s_ = clockSeconds(CLOCK_MONOTONIC);
  continuity_.add(data, size);
  read_lost_.store(continuity_.lost(), std::memory_order_relaxed);
  if (source_ == Source::kPlaylist) return;
  if (const std::uint64_t padding = continuity_.padding(); padding != padding_) {
    events_.onPadding((padding - padding_) * kPacketBytes);
    padding_ = padding;
  }
  if (source_ == Source::kLive) tellLate();
  if (const auto stamp = clock_.takePictureTime())
    tell({GST_CLOCK_TIME_NONE, stamp, clock_.skew_ms(), continuity_.lost()});
}

// This thread may decode too. Packets that waited meanwhile were not late on the line.
void TransportReader::tellLate() {
  const auto late = clock_.takeLate();
  if (!late) return;
  const double worked = clockSeconds(CLOCK_THREAD_CPUTIME_ID);
  if (const double busy = worked - worked_s_; busy > kBusy) distrusted_until_ = arrival_s_ + busy;
  worked_s_ = worked;
  if (arrival_s_ >= distrusted_until_) events_.onClockLate(*late);
}

void TransportReader::tell(const Found& found) {
  if (found.stamp_s && source_ != Source::kPlaylist) events_.onPictureTime(*found.stamp_s);
  events_.onSkew(found.skew_ms);
  lost_.store(found.lost, std::memory_order_relaxed);
  pictures_ = true;
}

void TransportReader::demuxed(GstClockTime pts) {
  const Found found{pts, clock_.takePictureTime(), clock_.skew_ms(), continuity_.lost()};
  const std::lock_guard lock(mutex_);
  waiting_.push_back(found);
  if (waiting_.size() > kMostWaiting) waiting_.pop_front();
}

void TransportReader::played(GstClockTime pts) {
  const std::unique_lock lock(mutex_);
  std::size_t at = 0;
  while (at < waiting_.size() && waiting_[at].pts != pts) ++at;
  if (waiting_.empty()) return;
  if (at == waiting_.size()) at = 0;  // a parser made up its time
  for (std::size_t i = 0; i <= at; ++i) tell(waiting_[i]);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
}

}  // namespace diemcau::probe
