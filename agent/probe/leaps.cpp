#include "agent/probe/leaps.hpp"

#include <algorithm>
#include <cmath>

namespace diemcau::probe {
namespace {

constexpr double kFlash = 15;  // levels of mean luma: a fifteenth of a black picture that turns white
constexpr double kBackFromFlash =
    0.35;  // of the leap, by which the picture after a flash may differ from before
constexpr double kLongestFlash = 0.25;  // s
constexpr double kPictureGap = 0.11;    // s: ten pictures a second are enough

constexpr double kLoudBlock = -40;        // dBFS: a clock that ticks in a quiet hall is less
constexpr double kApart = 15;             // dB by which a beep is above all that is around it
constexpr std::size_t kRiseBlocks = 4;    // blocks; a coder lets a little out before
constexpr std::size_t kQuietBlocks = 50;  // blocks before these
constexpr double kBeepOnset = 10;         // dB below its loudest, where a beep begins
constexpr double kLongestBeep = 0.35;     // s
constexpr double kBeepRemembered = 7;     // s for which its level is what others are held against

}  // namespace

std::optional<Leap> FlashFinder::add(double t_s, double luma) {
  const bool gap = t_s <= last_s_ || t_s - last_s_ > kPictureGap;
  last_s_ = t_s;
  const double leap = luma - base_;
  if (gap) {
    bright_ = false;
    base_ = luma;
    return Leap{t_s, 0, true};
  }
  if (!bright_) {
    if (leap >= kFlash) {
      bright_ = true;
      since_ = t_s;
      height_ = leap;
      return {};
    }
    base_ = luma;
    // What a flash leaves behind may go in two steps.
    if (leap <= -kFlash && t_s - since_ > kLongestFlash) return Leap{t_s, leap, true};
    return {};
  }
  height_ = std::max(height_, leap);
  const bool back = std::abs(leap) <= kBackFromFlash * height_;
  if (!back && leap > 0 && t_s - since_ <= kLongestFlash) return {};
  bright_ = false;
  base_ = luma;
  return Leap{since_, height_, !back || t_s - since_ > kLongestFlash};
}

bool BeepFinder::rises(double level_db) const {
  if (level_db < kLoudBlock || before_.size() < kQuietBlocks + kRiseBlocks) return false;
  return std::all_of(before_.begin(), before_.end() - kRiseBlocks,
                     [=](const Block& block) { return block.level_db <= level_db - kApart; });
}

std::optional<Leap> BeepFinder::goOn(const Block& block) {
  burst_.push_back(block);
  peak_ = std::max(peak_, block.level_db);
  burst_s_ = block.t_s;
  const auto begin = std::find_if(burst_.begin(), burst_.end(),
                                  [this](const Block& one) { return one.level_db >= peak_ - kBeepOnset; });
  const bool lasts = block.t_s - begin->t_s > kLongestBeep;
  if (!lasts && block.level_db > peak_ - kApart) return {};
  loud_ = false;
  return Leap{begin->t_s, peak_, lasts};
}

std::optional<Leap> BeepFinder::add(double t_s, double level_db) {
  const bool gap = std::abs(t_s - last_s_ - kBlock) > 2 * kBlock;
  last_s_ = t_s;
  if (gap) {
    before_.clear();
    loud_ = false;
  }
  const bool rises = !loud_ && this->rises(level_db);
  if (rises) {
    burst_.assign(before_.end() - kRiseBlocks, before_.end());
    peak_ = level_db;
    loud_ = true;
  }
  before_.push_back({t_s, level_db});
  if (before_.size() > kQuietBlocks + kRiseBlocks) before_.pop_front();
  if (gap) return Leap{t_s, level_db, true};
  if (loud_) return goOn({t_s, level_db});
  const double held_against =
      t_s - burst_s_ < kBeepRemembered ? std::max(kLoudBlock, peak_ - kApart) : kLoudBlock;
  if (level_db > held_against) return Leap{t_s, level_db, true};
  return {};
}

}  // namespace diemcau::probe
