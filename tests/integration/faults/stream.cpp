// See stream.hpp.
#include "tests/integration/faults/stream.hpp"

#include <algorithm>

#include "tests/integration/centre.hpp"

namespace diemcau::test {
namespace {

constexpr Micros kEvery = 4 * kMillisecond;
constexpr Micros kDialEvery = 50 * kMillisecond;

}  // namespace

Stream::Stream(Loop& loop, std::string url, const std::string& prefix, std::size_t sites)
    : loop_(loop), url_(std::move(url)), context_(net::clientContext(loop)) {
  for (std::size_t n = 0; n < sites; ++n) {
    sites_.push_back(std::make_unique<TestSite>(loop, prefix + std::to_string(n), std::string(32, 'a')));
    sites_.back()->connect(*context_, url_);
  }
  dialler_ = loop_.every(kDialEvery, [this] { reconnect(); });
}

void Stream::reconnect() {
  for (auto& site : sites_)
    if (site->close_code != 0 || !site->failure.empty()) site->connect(*context_, url_);
}

void Stream::begin(const std::string& session) {
  for (auto& site : sites_) site->status.clear_started_us();
  const auto write = [this, session] {
    ++count_;
    for (auto& site : sites_) site->headcount(session, count_);
  };
  write();  // at least one, however little this thread is let run
  writer_ = loop_.every(kEvery, write);
}

bool Stream::gone() {
  dialler_.reset();  // a new try would clear what the last one saw
  const bool all = until(loop_, [&] {
    return std::all_of(sites_.begin(), sites_.end(),
                       [](const auto& site) { return site->close_code != 0 || !site->failure.empty(); });
  });
  dialler_ = loop_.every(kDialEvery, [this] { reconnect(); });
  return all;
}

bool Stream::settled() {
  return until(loop_, [&] {
    return std::all_of(sites_.begin(), sites_.end(), [](const auto& site) { return site->allAcked(); });
  });
}

}  // namespace diemcau::test
