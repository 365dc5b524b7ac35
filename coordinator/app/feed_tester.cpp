// See feed_tester.hpp.
#include "coordinator/app/feed_tester.hpp"

#include <unistd.h>

#include <climits>

#include "base/json.hpp"
#include "base/log.hpp"
#include "coordinator/core/feed_test.hpp"

namespace diemcau::app {
namespace {

constexpr std::size_t kMostLine = 64 * 1024;
constexpr double kWhole = 0.9;   // seconds between two samples; the probe sends more when something changes
constexpr int kNoElements = 69;  // of diemcau-probe

Error notRun(int status) {
  if (status == kNoElements)
    return {ErrorCode::kUnavailable, "this computer lacks a part of GStreamer that the feed needs",
            "máy trung tâm thiếu thành phần GStreamer để đo luồng này"};
  return {ErrorCode::kUnavailable, "diemcau-probe ended before it measured anything; see the log",
          "diemcau-probe dừng trước khi đo được gì; xem nhật ký"};
}

}  // namespace

void FeedTester::run(const v1::FeedTest& test, Done done) {
  if (running_.size() >= kMost)
    return done(fail(ErrorCode::kUnavailable, "two feeds are being tested already; try again in a moment",
                     "đang kiểm tra hai luồng khác; hãy thử lại sau giây lát"));
  const auto place = running_.emplace(running_.end());
  place->seconds = test.seconds();
  place->done = std::move(done);
  auto child = loop_.spawn({.argv = {program_, "--child"},
                            .env = {},
                            .line = [this, place](std::string_view text) { line(place, text); },
                            .exit =
                                [this, place](int status, int) {
                                  place->status = status;
                                  finish(place);
                                }});
  if (!child) {
    logger("app")->error("cannot start {}: {}", program_, child.error().text);
    const Done tell = std::move(place->done);
    running_.erase(place);
    return tell(tl::unexpected(notRun(0)));
  }
  place->child = std::move(*child);
  v1::ProbeSetup setup;
  *setup.mutable_feed() = test.feed();
  *setup.mutable_profile() = test.profile();
  place->child->write(toJson(setup) + "\n");
  place->limit = loop_.after(kStarting + test.seconds() * kSecond, [this, place] { finish(place); });
}

void FeedTester::line(Place test, std::string_view text) {
  v1::ProbeReport report;
  if (test->over || !fromJson(text, report, kMostLine)) return;
  if (report.has_thumbnail()) test->picture = std::move(*report.mutable_thumbnail());
  if (!report.has_sample()) return;
  const double before = test->samples.empty() ? 0 : test->samples.back().t_s();
  if (report.sample().t_s() - before < kWhole) return;
  test->samples.push_back(std::move(*report.mutable_sample()));
  if (test->samples.size() >= test->seconds) finish(test);
}

// Called out of the child's own callbacks: it is let go in the next round.
void FeedTester::finish(Place test) {
  if (std::exchange(test->over, true)) return;
  loop_.post([this, test] {
    const Done tell = std::move(test->done);
    Result<v1::FeedTestReport> report = tl::unexpected(notRun(test->status));
    if (!test->samples.empty()) {
      report = core::judgeFeedTest(test->samples);
      if (!test->picture.jpeg().empty()) *report->mutable_picture() = std::move(test->picture);
    }
    running_.erase(test);
    tell(std::move(report));
  });
}

std::string probeProgram(const std::string& named) {
  std::string path = named;
  if (path.empty()) {
    char self[PATH_MAX];
    const auto size = readlink("/proc/self/exe", self, sizeof self);
    if (size <= 0) return {};
    path.assign(self, static_cast<std::size_t>(size));
    path = path.substr(0, path.rfind('/')) + "/diemcau-probe";
  }
  return access(path.c_str(), X_OK) == 0 ? path : std::string();
}

}  // namespace diemcau::app
