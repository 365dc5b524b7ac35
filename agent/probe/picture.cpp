// Thresholds come from a labelled set of lectures: grainy cameras, slides, slides with a speaker window, and
// faults.
#include "agent/probe/picture.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>

namespace diemcau::probe {
namespace {

constexpr int kCell = 8;               // samples
constexpr int kColumns = 640;          // samples in a row, about
constexpr double kDarkMean = 21;       // of 0-255; black is 16
constexpr double kDarkSpread = 3;      // standard deviation of cell means
constexpr unsigned kBright = 40;       // a sample brighter than this is not black
constexpr double kBrightShare = 1e-4;  // samples that may be
constexpr double kDarkHold = 0.9;      // s
constexpr float kMoved = 3;            // mean difference in a cell that moved
constexpr float kMovedKey = 20;        // at a group's first picture, which pulses in text
constexpr float kGrain = 0.15F;        // of the 20th percentile: a live camera's noise
constexpr float kGrainKept = 0.3F;     // of the usual, that a live camera does not fall short of
constexpr float kGrainPace = 0.04F;    // of a difference, by a picture
// Of pictures that have grain: usually, for it to be the camera's for sure, and lately, for it to go on.
constexpr float kGrainySure = 0.6F, kGrainyNow = 0.5F;
constexpr float kUsualPace = 0.01F, kRecentPace = 0.1F;
// Of a cell's mean, where noise and a coder that refines a picture it has sent already leave less.
constexpr float kLevelMoved = 3, kLevelMovedKey = 6, kLevelNoise = 1;
constexpr double kStillHold = 1.0;                        // s
constexpr double kStillGroup = 2.1, kStillWatched = 0.4;  // s
constexpr double kBucket = 0.5;                           // s
constexpr std::uint32_t kRecent = 0x3FF;                  // ten buckets: 5 s
constexpr int kAliveBuckets =
    4;  // of these, for a cell that is alive: a clock yes, a line of text that appears no
constexpr int kGrainBuckets = 6;
constexpr int kFlowBuckets = 7;  // things that cross a flat ground: no cell moves often, but some always do
constexpr double kFlowCells = 0.01;  // of all cells: more than a mouse pointer
constexpr std::size_t kAliveCells = 4;
constexpr std::size_t kMotions = 25;
constexpr double kJump = 3;  // times the usual difference: a cut
constexpr double kJumpLeast = 6;
constexpr double kResembles = 0.5;  // correlation
constexpr double kTouch = 0.1;      // of the usual motion: an encoder's touch
constexpr double kGone = 2;         // times the usual distance: what lived is not there any more
constexpr double kGoneLeast = 8;    // levels
constexpr double kTouched = 0.5;    // s for which an encoder's touch may look like motion
constexpr double kRedrawn = 0.02;   // of the picture: what a group's first picture draws anew of a held one
constexpr double kYoungest = 1.0, kOldest = 4.5;  // s before the stop

// Eight samples at once, as the bytes of a word.
std::uint64_t eight(const std::uint8_t* samples) {
  std::uint64_t out;
  std::memcpy(&out, samples, sizeof out);
  return out;
}

unsigned sumOf(std::uint64_t samples) {
  constexpr std::uint64_t kEven = 0x00FF00FF00FF00FF, kAll = 0x0001000100010001;
  return static_cast<unsigned>(((samples & kEven) + (samples >> 8 & kEven)) * kAll >> 48);
}

// How many are brighter than kBright: adding carries each of them into its byte's highest bit.
unsigned brightOf(std::uint64_t samples) {
  constexpr std::uint64_t kEach = 0x0101010101010101, kHighest = 0x80 * kEach;
  const std::uint64_t bright = (((samples & ~kHighest) + (127 - kBright) * kEach) | samples) & kHighest;
  return static_cast<unsigned>((bright >> 7) * kEach >> 56);
}

// Every third of 24 samples, three words instead of eight bytes: Full HD is what most encoders send.
constexpr int kFullHdStep = 3;
std::uint64_t everyThird(const std::uint8_t* samples) {
  const std::uint64_t a = eight(samples), b = eight(samples + 8), c = eight(samples + 16);
  return (a & 0xFF) | (a >> 16 & 0xFF00) | (a >> 32 & 0xFF'0000) | (b << 16 & 0xFF00'0000) |
         (b & 0xFF'0000'0000) | (b >> 16 & 0xFF00'0000'0000) | (c << 32 & 0xFF'0000'0000'0000) |
         (c << 16 & 0xFF00'0000'0000'0000);
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double both = 0, only_a = 0, only_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double da = a[i] - mean_a, db = b[i] - mean_b;
    both += da * db;
    only_a += da * da;
    only_b += db * db;
  }
  // Two flat pictures have no pattern to compare: their level decides.
  if (only_a < n || only_b < n) return std::abs(mean_a - mean_b) < 8 ? 1 : 0;
  return both / std::sqrt(only_a * only_b);
}

}  // namespace

void PictureAnalyser::reset() {
  *this = PictureAnalyser();
}

bool PictureAnalyser::sameShape(const LumaPlane& plane) {
  if (plane.width == width_ && plane.height == height_) return true;
  reset();
  width_ = plane.width;
  height_ = plane.height;
  step_ = std::max(1, (plane.width + kColumns / 2) / kColumns);
  columns_ = static_cast<std::size_t>(plane.width / step_ / kCell);
  rows_ = static_cast<std::size_t>(plane.height / step_ / kCell);
  const std::size_t cells = columns_ * rows_;
  now_.assign(cells * kCell * kCell, 0);
  before_ = now_;
  cells_.assign(cells, 0);
  moves_.assign(cells, 0);
  alive_.assign(cells, 0);
  return false;
}

void PictureAnalyser::sample(const LumaPlane& plane) {
  std::swap(now_, before_);
  last_cells_ = cells_;
  std::fill(cells_.begin(), cells_.end(), 0.0F);
  const std::size_t wide = columns_ * kCell;
  bright_ = 0;
  for (std::size_t y = 0; y < rows_ * kCell; ++y) {
    const std::uint8_t* from = plane.data + static_cast<std::ptrdiff_t>(y) * step_ * plane.stride;
    std::uint8_t* to = now_.data() + y * wide;
    if (plane.sample_bytes == 1 && step_ == kFullHdStep && std::endian::native == std::endian::little) {
      for (std::size_t c = 0; c < columns_; ++c) {
        const std::uint64_t samples = everyThird(from + c * kCell * kFullHdStep);
        std::memcpy(to + c * kCell, &samples, kCell);
      }
    } else if (plane.sample_bytes == 1) {
      for (std::size_t x = 0; x < wide; ++x) to[x] = from[x * static_cast<std::size_t>(step_)];
    } else {
      for (std::size_t x = 0; x < wide; ++x) {
        const std::uint8_t* two = from + 2 * x * static_cast<std::size_t>(step_);
        // Of eight bits with something between them, as capture cards pack luma and colour.
        to[x] = plane.shift == 0
                    ? two[0]
                    : static_cast<std::uint8_t>(std::min(255, (two[0] | two[1] << 8) >> plane.shift));
      }
    }
    float* cell = cells_.data() + y / kCell * columns_;
    for (std::size_t c = 0; c < columns_; ++c) {
      const std::uint64_t samples = eight(to + c * kCell);
      cell[c] += static_cast<float>(sumOf(samples));
      bright_ += brightOf(samples);
    }
  }
  for (float& cell : cells_) cell /= kCell * kCell;
}

bool PictureAnalyser::dark() const {
  if (verdict_.luma > kDarkMean) return false;
  if (static_cast<double>(bright_) > kBrightShare * static_cast<double>(now_.size())) return false;
  double spread = 0;
  for (const float cell : cells_) spread += (cell - verdict_.luma) * (cell - verdict_.luma);
  return std::sqrt(spread / static_cast<double>(cells_.size())) <= kDarkSpread;
}

void PictureAnalyser::advanceBuckets(double t_s) {
  const double passed = (t_s - bucket_) / kBucket;
  if (passed < 1) return;
  const int shift = static_cast<int>(std::min(passed, 31.0));
  for (std::uint32_t& cell : alive_) cell <<= shift;
  grain_ <<= shift;
  flow_ <<= shift;
  bucket_ += std::floor(passed) * kBucket;
}

PictureAnalyser::Difference PictureAnalyser::compare(double t_s, bool key, bool follows) {
  const std::size_t wide = columns_ * kCell;
  std::fill(moves_.begin(), moves_.end(), 0.0F);
  for (std::size_t y = 0; y < rows_ * kCell; ++y) {
    const std::uint8_t* a = now_.data() + y * wide;
    const std::uint8_t* b = before_.data() + y * wide;
    float* cell = moves_.data() + y / kCell * columns_;
    for (std::size_t c = 0; c < columns_; ++c) {
      int sum = 0;
      for (std::size_t x = c * kCell; x < (c + 1) * kCell; ++x) sum += std::abs(int(a[x]) - int(b[x]));
      cell[c] += static_cast<float>(sum);
    }
  }
  Difference out;
  for (float& cell : moves_) {
    cell /= kCell * kCell;
    out.mean += cell;
  }
  out.mean /= static_cast<double>(moves_.size());
  sorted_ = moves_;
  const auto fifth = sorted_.begin() + static_cast<std::ptrdiff_t>(sorted_.size() / 5);
  std::nth_element(sorted_.begin(), fifth, sorted_.end());
  // A coder with bits to spare brings out a held picture's grain little by little: less than it was alive
  // with.
  out.grain = !key && *fifth > std::max(kGrain, kGrainKept * usual_grain_);
  if (out.grain && follows) usual_grain_ += kGrainPace * (*fifth - usual_grain_);
  if (!key && follows) out.grain = grainGoesOn(out.grain);

  const float threshold = key ? kMovedKey : kMoved;
  const bool moved = std::any_of(moves_.begin(), moves_.end(), [=](float cell) { return cell > threshold; });
  if (!moved && !out.grain) return out;
  // Pictures are left out only while large ones show that everything goes on moving: what differs over such a
  // gap counts as moving all through it.
  const std::uint32_t mark = follows ? 1U : (1U << std::clamp(int((t_s - last_t_) / kBucket), 1, 10)) - 1;
  advanceBuckets(t_s);
  if (out.grain) grain_ |= mark;
  for (std::size_t i = 0; i < moves_.size(); ++i) {
    if (moves_[i] <= threshold) continue;
    ++out.moved;
    // Two half seconds before this one are enough to be no stranger.
    if (std::popcount(alive_[i] & (kRecent & ~1U)) < 2) ++out.strangers;
    alive_[i] |= mark;
  }
  if (static_cast<double>(out.moved) >= kFlowCells * static_cast<double>(moves_.size())) flow_ |= mark;
  return out;
}

// Where each picture had grain, one that has some now and then is what a coder draws anew.
bool PictureAnalyser::grainGoesOn(bool grain) {
  const float now = grain ? 1 : 0;
  recent_share_ += kRecentPace * (now - recent_share_);
  if (!verdict_.still) {
    ++grain_seen_;
    usual_share_ += std::max(kUsualPace, 1 / static_cast<float>(grain_seen_)) * (now - usual_share_);
  }
  return grain && (usual_share_ < kGrainySure || recent_share_ >= kGrainyNow);
}

void PictureAnalyser::remember(double t_s) {
  if (!snapshots_.empty() && t_s - snapshots_.back().t_s < kBucket) return;
  snapshots_.push_back({t_s, cells_, RowProfile(now_, columns_ * kCell)});
  while (t_s - snapshots_.front().t_s > kOldest + 2 * kBucket) snapshots_.pop_front();
}

PictureAnalyser::Motion PictureAnalyser::usualMotion() const {
  std::vector<double> means, moved;
  for (const Motion& one : motion_) {
    means.push_back(one.mean);
    moved.push_back(one.moved);
  }
  const std::ptrdiff_t middle = static_cast<std::ptrdiff_t>(means.size() / 2);
  std::nth_element(means.begin(), means.begin() + middle, means.end());
  std::nth_element(moved.begin(), moved.begin() + middle, moved.end());
  return {means[static_cast<std::size_t>(middle)], moved[static_cast<std::size_t>(middle)]};
}

void PictureAnalyser::judgeStill(const Difference& difference, double t_s, bool key, bool follows) {
  const bool moved = (difference.moved > 0 || difference.grain) && !touchedUp(difference, follows);
  verdict_.moved_now = moved;
  // An encoder that has bits to spare goes on refining a held picture: that moves nothing.
  if (moved && verdict_.still && follows && verdict_.same_now) return;
  // So does one that draws it anew, more sharply, with the first picture of a group: if it does move, the
  // next picture says so.
  if (moved && verdict_.still && follows && key && verdict_.share < kRedrawn) return;
  if (moved) {
    if (verdict_.still) {
      held_ = {t_s, last_cells_, {}};
      held_alive_ = verdict_.was_alive;
    }
    const Motion usual =
        motion_.size() < 5 ? Motion{difference.mean, double(difference.moved)} : usualMotion();
    const std::size_t known = difference.moved - difference.strangers;
    const bool big = difference.mean > kJump * usual.mean && difference.mean > kJumpLeast;
    const bool elsewhere = difference.strangers > kAliveCells && difference.strangers > 2 * known &&
                           double(difference.moved) > kJump * usual.moved;
    jumped_ = follows && (big || elsewhere);
    if (follows) motion_.push_back({difference.mean, double(difference.moved)});
    if (motion_.size() > kMotions) motion_.pop_front();
    remember(t_s);
    still_since_ = -1;
    verdict_.still = verdict_.was_alive = false;
    return;
  }
  if (still_since_ < 0 || (!follows && !verdict_.still)) {
    // The same picture at the start of two groups has held for as long, if those right behind it hold too.
    const bool held = !follows && verdict_.same_now && t_s - last_t_ <= kStillGroup;
    still_since_ = held ? last_t_ : t_s;
    stopped_ = cells_;
    watched_since_ = t_s;
  }
  if (!verdict_.still && t_s - still_since_ >= kStillHold && t_s - watched_since_ >= kStillWatched) {
    verdict_.still = true;
    verdict_.was_alive = heldAgain() ? held_alive_ : wasAlive();
  }
}

// An encoder that had no bits to spare brings out the texture of what has just stopped: a few cells, by next
// to nothing against the motion before, and the levels stay what they were.
bool PictureAnalyser::touchedUp(const Difference& difference, bool follows) const {
  if (difference.grain || !follows || still_since_ < 0 || verdict_.still) return false;
  if (motion_.size() < kMotions || stopped_.size() != cells_.size()) return false;
  const Motion usual = usualMotion();
  if (difference.mean > kTouch * usual.mean || double(difference.moved) > kTouch * usual.moved) return false;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (std::abs(cells_[i] - stopped_[i]) > kLevelMovedKey) return false;
  return true;
}

void PictureAnalyser::compareLevels(bool key, bool follows) {
  const float threshold = key ? kLevelMovedKey : kLevelMoved;
  std::size_t moved = 0;
  float shift = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const float change = std::abs(cells_[i] - last_cells_[i]);
    moved += change > threshold ? 1U : 0U;
    shift += change > kLevelNoise ? change : 0;
  }
  verdict_.shift = double(shift) / double(cells_.size());
  verdict_.follows = follows;
  verdict_.same_now = moved == 0;
  verdict_.share = double(moved) / double(cells_.size());
}

bool PictureAnalyser::wasAlive() const {
  std::size_t cells = 0;
  for (const std::uint32_t cell : alive_) cells += std::popcount(cell & kRecent) >= kAliveBuckets ? 1U : 0U;
  const bool lived = cells >= kAliveCells || std::popcount(flow_ & kRecent) >= kFlowBuckets ||
                     std::popcount(grain_ & kRecent) >= kGrainBuckets;
  return lived && !jumped_ && resemblesEarlier() && livesOn() && !wasScrolled();
}

// Where what lived was taken away, a speaker's window from a slide, the rest resembles what there was. The
// cells that lived then differ from before by far more than they did among themselves.
bool PictureAnalyser::livesOn() const {
  const auto distance = [this](const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0, cells = 0;
    for (std::size_t i = 0; i < alive_.size(); ++i) {
      if (std::popcount(alive_[i] & kRecent) < kAliveBuckets) continue;
      sum += std::abs(a[i] - b[i]);
      ++cells;
    }
    return cells > 0 ? sum / cells : 0;
  };
  double nearest = 1e9, usual = 0;
  for (std::size_t i = 0; i < snapshots_.size() && still_since_ - snapshots_[i].t_s >= kYoungest; ++i) {
    nearest = std::min(nearest, distance(cells_, snapshots_[i].cells));
    if (i > 0) usual = std::max(usual, distance(snapshots_[i - 1].cells, snapshots_[i].cells));
  }
  return usual <= 0 || nearest <= std::max(kGoneLeast, kGone * usual);
}

bool PictureAnalyser::resemblesEarlier() const {
  return std::any_of(snapshots_.begin(), snapshots_.end(), [this](const Snapshot& old) {
    const double age = still_since_ - old.t_s;
    return age >= kYoungest && age <= kOldest && correlation(cells_, old.cells) >= kResembles;
  });
}

// A page that somebody scrolled, and now reads.
bool PictureAnalyser::wasScrolled() const {
  const RowProfile rows(now_, columns_ * kCell);
  return std::any_of(snapshots_.begin(), snapshots_.end(),
                     [&](const Snapshot& old) { return old.rows.scrolledTo(rows); });
}

// A still picture that only an encoder touched is the same again right after, and nothing lived meanwhile: a
// slide that a speaker gave way to is not taken for the speaker because its encoder draws it anew.
bool PictureAnalyser::heldAgain() const {
  if (held_.cells.size() != cells_.size() || still_since_ - held_.t_s > kTouched) return false;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    changed += std::abs(cells_[i] - held_.cells[i]) > kLevelMovedKey ? 1U : 0U;
  return double(changed) < kRedrawn * double(cells_.size());
}

void PictureAnalyser::add(const LumaPlane& plane, double t_s, bool key, bool follows) {
  if (!sameShape(plane)) bucket_ = t_s;
  if (columns_ == 0 || rows_ == 0) return;  // too small to judge
  sample(plane);
  verdict_.luma = std::accumulate(cells_.begin(), cells_.end(), 0.0) / static_cast<double>(cells_.size());

  verdict_.dark_now = dark();
  if (!verdict_.dark_now) {
    dark_since_ = -1;
  } else if (dark_since_ < 0) {
    dark_since_ = t_s;
  }
  verdict_.black = verdict_.dark_now && t_s - dark_since_ >= kDarkHold;

  if (have_before_) {
    const Difference difference = compare(t_s, key, follows);
    compareLevels(key, follows);
    judgeStill(difference, t_s, key, follows);
  } else {
    verdict_.follows = false;
    remember(t_s);
  }
  have_before_ = true;
  last_t_ = t_s;
}

}  // namespace diemcau::probe
