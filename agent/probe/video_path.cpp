#include "agent/probe/video_path.hpp"

#include <fmt/format.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "wire/feed_mark.hpp"

namespace diemcau::probe {
namespace {

constexpr std::size_t kMostFrames = 300;  // of a group kept in memory
constexpr std::size_t kMostBytes = 24U << 20;
constexpr double kSuspicion = 0.6;  // s after a leap
constexpr double kHitching = 2;     // s after a hitch: until the next
constexpr double kStopped = 5;      // s after the picture stopped
constexpr double kSearch = 0.5;     // s between two looks for a mark all over its corner
constexpr Micros kBeside = 2 * kSecond;

double secondsOf(GstClockTime time) {
  return static_cast<double>(time) / GST_SECOND;
}

}  // namespace

void VideoPath::restart() {
  decoder_.reset();
  plan_ = DecodePlan();
  analyser_.reset();
  cadence_.reset();
  codec_ = Codec();
  noted_.reset();
  synced_ = skipped_ = group_whole_ = refresh_ = rough_ = false;
  waiting_ = true;
  newest_ = last_key_s_ = suspect_until_ = stood_since_ = -1e9;
  stands_ = false;
  group_.clear();
  group_bytes_ = 0;
}

bool VideoPath::openDecoder(const Codec& codec) {
  if (decoder_) return true;
  decoder_ = Decoder::open(
      codec.decoder, [this](GstBuffer* picture, GstCaps* caps) { onPicture(picture, caps); }, &work_);
  return decoder_ != nullptr;
}

void VideoPath::noteFormat(const Codec& codec, GstCaps* caps) {
  if (noted_.get() == caps) return;
  noted_ = share(caps);
  const VideoFormat format = probe::videoFormat(caps);
  meter_.videoFormat(codec.name, format.width, format.height);
  if (format.width > 0) plan_.setPixels(static_cast<std::size_t>(format.width) * format.height);
}

std::size_t VideoPath::sizeOf(const Frame& frame) {
  const bool h265 = codec_.name == "h265";
  GstMapInfo map;
  if ((!h265 && codec_.name != "h264") || gst_buffer_map(frame.buffer, &map, GST_MAP_READ) == FALSE) {
    return gst_buffer_get_size(frame.buffer);
  }
  const std::size_t size = codedSize(map.data, map.size, h265);
  gst_buffer_unmap(frame.buffer, &map);
  return size;
}

void VideoPath::readMark(const Frame& frame) {
  const bool h265 = codec_.name == "h265";
  GstMapInfo map;
  if ((!h265 && codec_.name != "h264") || gst_buffer_map(frame.buffer, &map, GST_MAP_READ) == FALSE) return;
  const auto mark =
      wire::findFeedMark({map.data, map.size}, h265 ? wire::VideoCoding::kH265 : wire::VideoCoding::kH264);
  gst_buffer_unmap(frame.buffer, &map);
  if (!mark) return;
  const Micros now = beside_at_ = clock_.steady();
  meter_.mark(now, *mark, clock_.wall(), clockError(now));
}

Micros VideoPath::clockError(Micros now) {
  if (clock_error_at_ == 0 || now - clock_error_at_ > 10 * kSecond) {
    clock_error_ = wallClockError();
    clock_error_at_ = now;
  }
  return clock_error_;
}

// What comes off a screen has lost what was beside its pictures.
bool VideoPath::seeksMark(Micros now) const {
  return !wanted_mark_.empty() && (beside_at_ == 0 || now - beside_at_ >= kBeside);
}

void VideoPath::readMarkInPicture(const LumaPlane& plane, double t_s) {
  const Micros now = clock_.steady();
  if (!seeksMark(now)) return;
  const bool search = std::abs(t_s - searched_s_) >= kSearch;
  if (search) searched_s_ = t_s;
  const auto found = picture_marks_.read(
      {plane.data, plane.width, plane.height, plane.stride, plane.sample_bytes, plane.shift}, search);
  if (!found) return;
  v1::FeedMark mark = wire::feedMarkOf(*found, clock_.wall());
  const bool ours = found->briefing == wire::briefingNumber(wanted_mark_);
  mark.set_briefing(ours ? wanted_mark_ : fmt::format("#{:08x}", found->briefing));
  meter_.mark(now, mark, again_ ? 0 : clock_.wall(), clockError(now), true);
}

bool VideoPath::begins(const Codec& codec, const Frame& frame) const {
  if (!frame.key || codec.name != "h264") return frame.key;
  GstMapInfo map;
  if (gst_buffer_map(frame.buffer, &map, GST_MAP_READ) == FALSE) return false;
  const bool out = beginsAnew(map.data, map.size);
  gst_buffer_unmap(frame.buffer, &map);
  return out;
}

void VideoPath::remember(const Frame& frame, bool key) {
  if (key) {
    group_.clear();
    group_bytes_ = 0;
    group_whole_ = true;
  }
  const std::size_t size = gst_buffer_get_size(frame.buffer);
  if (!group_whole_ || group_.size() >= kMostFrames || group_bytes_ + size > kMostBytes) {
    group_.clear();
    group_bytes_ = 0;
    group_whole_ = false;
    return;
  }
  group_bytes_ += size;
  group_.push_back({share(frame.buffer), frame.stream_s});
}

void VideoPath::frame(const Codec& codec, const Frame& frame) {
  bool key = begins(codec, frame);
  if (!synced_) {
    // Joined in the middle of a group. A stream that never begins anew says for the second time that it
    // could.
    rough_ = !key && frame.key && refresh_;
    refresh_ = refresh_ || frame.key;
    if (!key && !rough_) return;
    synced_ = key = true;
    codec_ = codec;
  } else if (frame.key) {
    rough_ = false;
  }
  noteFormat(codec, frame.caps);
  meter_.videoFrame(clock_.steady(), gst_buffer_get_size(frame.buffer), frame.stream_s, frame.discontinuity);
  readMark(frame);
  const GstClockTime own = GST_BUFFER_DTS_OR_PTS(frame.buffer);
  if (GST_CLOCK_TIME_IS_VALID(own)) offset_s_ = frame.stream_s - secondsOf(own);
  if (codec.decoder == nullptr) return onPicture(frame.buffer, frame.caps);  // raw
  if (!openDecoder(codec)) return;

  remember(frame, key);
  if (disturbed_.exchange(false, std::memory_order_relaxed)) plan_.disturbed();
  const bool shown = want_all_.load(std::memory_order_relaxed);
  plan_.setShown(shown);
  decoder_->setUnseen(!shown);
  plan_.setFull(full_.load(std::memory_order_relaxed));
  plan_.setEveryKey(seeksMark(clock_.steady()));
  // Pictures come out by the time at which they are shown, which is later where others refer back to them.
  if (frame.key)
    last_key_s_ = GST_BUFFER_PTS_IS_VALID(frame.buffer) ? secondsOf(GST_BUFFER_PTS(frame.buffer)) + offset_s_
                                                        : frame.stream_s;
  switch (plan_.next(frame.stream_s, key, sizeOf(frame), suspect(frame.stream_s))) {
    case Decode::kSkip:
      // What it holds back of those before is a part of what was to be seen, and memory.
      if (!waiting_) decoder_->drain();
      skipped_ = waiting_ = true;
      break;
    case Decode::kThis:
      if (key && waiting_) waiting_ = false;
      if (!waiting_) decode(frame.buffer, frame.caps);
      // A single key frame must come out now and not when the next ones push it.
      if (key && !plan_.watching()) {
        decoder_->drain();
        waiting_ = true;
      }
      break;
    case Decode::kGroup:
      decodeGroup(frame.caps);
      break;
  }
  if (const unsigned errors = decoder_->takeErrors(); errors > 0 && !rough_) {
    meter_.decodeErrors(errors);
    plan_.disturbed();
  }
}

void VideoPath::decode(GstBuffer* buffer, GstCaps* caps) {
  decoder_->decode(buffer, caps);
}

void VideoPath::decodeGroup(GstCaps* caps) {
  if (!group_whole_) {  // too long to keep: go on at the next key frame
    waiting_ = true;
    return;
  }
  decoder_->drain();
  waiting_ = false;
  for (const Held& held : group_) {
    again_ = &held != &group_.back();
    decode(held.buffer.get(), caps);
  }
}

void VideoPath::onPicture(GstBuffer* picture, GstCaps* caps) {
  const GstClockTime pts = GST_BUFFER_PTS(picture);
  if (!GST_CLOCK_TIME_IS_VALID(pts)) return;
  const double t_s = secondsOf(pts) + offset_s_;
  if (t_s < newest_ - 10) newest_ = -1e9;  // the stream's time jumped back
  if (t_s <= newest_ + 1e-4) {             // seen already, when its group was decoded for a key frame alone
    skipped_ = false;
    return;
  }
  if (t_s > newest_ + 10) analyser_.reset();
  // Where every picture stands alone none begins a group.
  const bool groups = codec_.decoder != nullptr && codec_.name != "mjpeg";
  const bool key = groups && std::abs(t_s - last_key_s_) < 0.005;
  analyse(picture, caps, t_s, key);
  newest_ = t_s;
  skipped_ = false;
  if (!again_ && want_all_.load(std::memory_order_relaxed)) shown_(picture, caps, t_s);
}

// A picture that has just stopped is looked at until it is clear whether it is held: an encoder that has bits
// to spare sends the grain of a held picture again and again.
bool VideoPath::suspect(double t_s) const {
  return analyser_.verdict().dark_now || meter_.wantsPictures() ||
         (t_s < suspect_until_ && suspect_until_ - t_s <= kHitching) ||
         (stands_ && std::abs(t_s - stood_since_) < kStopped);
}

void VideoPath::analyse(GstBuffer* picture, GstCaps* caps, double t_s, bool key) {
  GstVideoInfo info;
  if (gst_video_info_from_caps(&info, caps) == FALSE || !GST_VIDEO_INFO_IS_YUV(&info)) return;
  GstVideoFrame mapped;
  if (gst_video_frame_map(&mapped, &info, picture, GST_MAP_READ) == FALSE) return;
  LumaPlane plane;
  plane.data = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&mapped, 0));
  plane.width = GST_VIDEO_FRAME_WIDTH(&mapped);
  plane.height = GST_VIDEO_FRAME_HEIGHT(&mapped);
  plane.stride = GST_VIDEO_FRAME_COMP_STRIDE(&mapped, 0);
  plane.sample_bytes = GST_VIDEO_FRAME_COMP_PSTRIDE(&mapped, 0);
  const int depth = GST_VIDEO_INFO_COMP_DEPTH(&info, 0);
  plane.shift = static_cast<int>(info.finfo->shift[0]) + depth - 8;
  analyser_.add(plane, t_s, key, !skipped_);
  readMarkInPicture(plane, t_s);
  thumbnails_.offer(mapped, clock_.steady());
  gst_video_frame_unmap(&mapped);
  const PictureVerdict& verdict = analyser_.verdict();
  const Unevenness uneven =
      cadence_.add({t_s, verdict.follows, verdict.same_now, verdict.share, verdict.shift});
  if (uneven.jerk) suspect_until_ = std::max(suspect_until_, t_s + kSuspicion);
  if (uneven.hitch) suspect_until_ = t_s + kHitching;
  meter_.pictureLevel(t_s, verdict.luma);
  if (verdict.follows) {
    if (verdict.same_now && !stands_) stood_since_ = t_s;
    stands_ = verdict.same_now;
  }
  meter_.picture(clock_.steady(), verdict, uneven);
}

}  // namespace diemcau::probe
