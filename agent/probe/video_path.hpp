// From encoded frames to verdicts on the picture: decides what to decode, decodes, analyses, and hands
// decoded pictures on while they are shown. Belongs to the streaming thread of the picture, but for setShown.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/probe/cadence.hpp"
#include "agent/probe/decode_plan.hpp"
#include "agent/probe/decoder.hpp"
#include "agent/probe/meter.hpp"
#include "agent/probe/picture.hpp"
#include "agent/probe/receiver.hpp"
#include "agent/probe/thumbnail.hpp"
#include "wire/picture_mark.hpp"

namespace diemcau::probe {

class VideoPath {
 public:
  // `stream_s` is the picture's running time.
  using Shown = std::function<void(GstBuffer* picture, GstCaps* caps, double stream_s)>;

  // `thumbnail`: a small JPEG now and then; empty: none are made.
  // `mark`: what the studio's marks should name; where it is empty none are looked for in the pictures.
  VideoPath(Meter& meter, const Clock& clock, Shown shown, ThumbnailMaker::Made thumbnail,
            std::string mark = {})
      : meter_(meter),
        clock_(clock),
        shown_(std::move(shown)),
        wanted_mark_(std::move(mark)),
        thumbnails_(std::move(thumbnail)) {}

  void frame(const Codec& codec, const Frame& frame);
  // A new connection: nothing of the old stream goes on.
  void restart();
  // Packets were lost: look closely.
  void disturbed() { disturbed_.store(true, std::memory_order_relaxed); }
  // Every picture is wanted from now on. Any thread.
  void setShown(bool shown) { want_all_.store(shown, std::memory_order_relaxed); }
  // Every picture is measured from now on, or what the plan asks for. Any thread.
  void setFull(bool full) { full_.store(full, std::memory_order_relaxed); }
  // See Decoder::Work. Any thread.
  std::uint32_t work() const { return work_.load(std::memory_order_relaxed); }

 private:
  struct Held {
    BufferPtr buffer;
    double stream_s;
  };
  bool openDecoder(const Codec& codec);
  void noteFormat(const Codec& codec, GstCaps* caps);
  void readMark(const Frame& frame);
  bool seeksMark(Micros now) const;
  void readMarkInPicture(const LumaPlane& plane, double t_s);
  Micros clockError(Micros now);
  std::size_t sizeOf(const Frame& frame);
  bool begins(const Codec& codec, const Frame& frame) const;
  void remember(const Frame& frame, bool key);
  void decode(GstBuffer* buffer, GstCaps* caps);
  void decodeGroup(GstCaps* caps);
  void onPicture(GstBuffer* picture, GstCaps* caps);
  bool suspect(double t_s) const;
  void analyse(GstBuffer* picture, GstCaps* caps, double t_s, bool key);

  Meter& meter_;
  const Clock& clock_;
  Shown shown_;
  const std::string wanted_mark_;
  std::atomic<bool> disturbed_{false}, want_all_{false}, full_{false};

  DecodePlan plan_;
  PictureAnalyser analyser_;
  Cadence cadence_;
  ThumbnailMaker thumbnails_;
  Decoder::Work work_{0};
  std::unique_ptr<Decoder> decoder_;
  Codec codec_;
  CapsPtr noted_;
  bool synced_ = false;   // a key frame was seen
  bool refresh_ = false;  // not synced, but a frame that only says that it is one was seen
  bool rough_ = false;    // begun at such a frame: what the decoder misses is no damage until the next
  bool skipped_ = false;  // frames were left out before the next picture
  bool waiting_ = true;   // the decoder needs a key frame
  double offset_s_ = 0;   // running time minus the buffer's own time
  double newest_ = -1e9;  // time of the newest picture analysed
  double last_key_s_ = -1e9;
  double suspect_until_ = -1e9;  // after a leap
  double stood_since_ = -1e9;    // no part of the picture has changed its level since
  bool stands_ = false;
  Micros clock_error_ = 0, clock_error_at_ = 0;  // when it was asked; 0: never
  std::vector<Held> group_;                      // since the last key frame
  std::size_t group_bytes_ = 0;
  wire::PictureMarkReader picture_marks_;
  double searched_s_ = -1e9;  // when it was last looked for all over its corner
  Micros beside_at_ = 0;      // a mark beside a picture; 0: none
  bool again_ = false;        // pictures of before are decoded now
  bool group_whole_ = false;
};

}  // namespace diemcau::probe
