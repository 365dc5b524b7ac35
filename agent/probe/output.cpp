#include "agent/probe/output.hpp"

#include <gst/app/gstappsrc.h>
#include <gst/video/videooverlay.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "agent/probe/elements.hpp"
#include "base/log.hpp"

namespace diemcau::probe {
namespace {

constexpr double kReserve = 0.2;    // s behind the newest picture: room for jitter of the network
constexpr double kWorstLate = 0.5;  // s; beyond, or kWorstEarly ahead, the relation of times is made anew
constexpr double kWorstEarly = 2.0;
constexpr Micros kFresh = 3 * kSecond;  // a held picture older than this is not what the feed shows now
constexpr GstClockTime kAhead = 50 * GST_MSECOND;              // a sink throws away what comes late
constexpr GstBufferFlags kSlateFlag = GST_BUFFER_FLAG_MARKER;  // of no use to a picture
constexpr guint64 kQueueBytes = 32U << 20;
constexpr double kBreak = 0.02;    // s between two pieces of sound that do not join
constexpr double kStarves = 0.08;  // s before the last piece of sound has been played
constexpr double kLeaves = 0.3;    // s in which a sink plays what it holds

}  // namespace

Output::~Output() {
  hide();
  destroy();
}

bool Output::addLane(Lane& lane, bool video) {
  std::vector<const char*> names = {"appsrc", "fakesink"};
  if (options_.screen && video) names = {"appsrc", "queue", "videoconvert", "videoscale", "autovideosink"};
  if (options_.screen && !video)
    names = {"appsrc", "queue", "audioconvert", "audioresample", "autoaudiosink"};
  for (const char* name : names) {
    GstElement* element = makeElement(name);
    if (element == nullptr) return false;
    gst_bin_add(GST_BIN(pipeline_.get()), element);
    if (!lane.elements.empty() && gst_element_link(lane.elements.back(), element) == FALSE) return false;
    lane.elements.push_back(element);
  }
  GstElement* const source = lane.elements.front();
  GstElement* const sink = lane.elements.back();
  g_object_set(source, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes", kQueueBytes, "block", FALSE,
               nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "leaky-type", "downstream");  // the newest matters
  if (!options_.screen) g_object_set(sink, "sync", TRUE, "async", FALSE, nullptr);
  if (video != options_.sound_alone) {
    // Where pictures leave for the sink: the first one is the moment that the hall sees the feed, or hears
    // it.
    const PadPtr pad(gst_element_get_static_pad(sink, "sink"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, &Output::onFirst, this, nullptr);
  }
  return true;
}

GstBusSyncReply Output::onMessage(GstBus*, GstMessage* message, gpointer data) {
  auto* self = static_cast<Output*>(data);
  if (!self->window_ || gst_is_video_overlay_prepare_window_handle_message(message) == FALSE)
    return GST_BUS_PASS;
  gst_video_overlay_set_window_handle(GST_VIDEO_OVERLAY(GST_MESSAGE_SRC(message)), self->window_->id());
  return GST_BUS_PASS;
}

void Output::onElement(GstBin*, GstBin*, GstElement* element, gpointer) {
  setIfThere(element, "fullscreen", TRUE);  // of sinks that make the window themselves
  setIfThere(element, "async", FALSE);      // neither picture nor sound waits for the other to begin
}

bool Output::build() {
  pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new("output"))));
  if (options_.screen) {
    if (!window_) window_ = ScreenWindow::open();
    const BusPtr bus(gst_element_get_bus(pipeline_.get()));
    gst_bus_set_sync_handler(bus.get(), &Output::onMessage, this, nullptr);
    g_signal_connect(pipeline_.get(), "deep-element-added", G_CALLBACK(&Output::onElement), this);
  }
  if (!addLane(video_, true) || !addLane(audio_, false)) {
    video_ = Lane{};
    audio_ = Lane{};
    pipeline_.reset();
    return false;
  }
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  return true;
}

void Output::prepare() {
  if (gone_at_) destroy();
  const std::lock_guard lock(mutex_);
  if (!pipeline_ && !build())
    logger("probe")->error("the output could not be built: install gstreamer1.0-plugins-base");
}

void Output::destroy() {
  ElementPtr pipeline;
  {
    const std::lock_guard lock(mutex_);
    pipeline = std::move(pipeline_);
    video_ = Lane{};
    audio_ = Lane{};
    zero_s_.reset();
    edges_ = SoundEdges();
    sound_ends_s_ = kLongAgo;
    gone_at_.reset();
  }
  // Outside of the lock: the sinks' threads may be inside onFirst.
  if (pipeline) gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  window_.reset();
  window_shown_ = false;
}

void Output::showWindow() {
  if (window_ && !std::exchange(window_shown_, true)) window_->show();
}

void Output::slate(GstBuffer* picture, GstCaps* caps) {
  const std::lock_guard lock(mutex_);
  if (!pipeline_ || (open_ && !waiting_ && !options_.sound_alone) || !options_.screen) return;
  showWindow();
  push(video_, picture, caps, runningTime() + kAhead, true);
}

void Output::hide() {
  {
    const std::lock_guard lock(mutex_);
    open_ = waiting_ = told_ = false;
    held_.reset();
    held_caps_.reset();
    const double left_s = pipeline_ ? sound_ends_s_ - runningSeconds() : 0;
    if (!gone_at_ && pipeline_ && options_.screen && left_s > -kLeaves) {
      endSound();
      gone_at_ = clock_.steady() + static_cast<Micros>((std::min(left_s, kWorstEarly) + kLeaves) * kSecond);
    }
  }
  if (gone_at_)
    dropPicture();
  else
    destroy();
}

void Output::dropPicture() {
  Lane picture;
  {
    const std::lock_guard lock(mutex_);
    std::swap(picture, video_);
  }
  // The sink first, so that what comes before it does not wait for it.
  for (auto element = picture.elements.rbegin(); element != picture.elements.rend(); ++element) {
    gst_element_set_state(*element, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(pipeline_.get()), *element);
  }
  window_.reset();
  window_shown_ = false;
}

bool Output::opened() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

bool Output::waits() const {
  const std::lock_guard lock(mutex_);
  return open_ && waiting_;
}

void Output::lookAfter() {
  bool broken = false;
  {
    const std::lock_guard lock(mutex_);
    if (!pipeline_ || gone_at_) return;
    const BusPtr bus(gst_element_get_bus(pipeline_.get()));
    const MessagePtr message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    broken = message != nullptr;
  }
  if (!broken) return;
  logger("probe")->warn("the screen or the loudspeaker failed; it is opened again");
  destroy();
  const std::lock_guard lock(mutex_);
  if (build() && open_) waiting_ = true;
}

GstClockTime Output::runningTime() const {
  const GstClockTime now = gst_element_get_current_running_time(pipeline_.get());
  return GST_CLOCK_TIME_IS_VALID(now) ? now : 0;
}

double Output::runningSeconds() const {
  return static_cast<double>(runningTime()) / GST_SECOND;
}

void Output::open() {
  prepare();
  const std::lock_guard lock(mutex_);
  if (open_ || !pipeline_) return;
  open_ = waiting_ = true;
  if (held_ && clock_.steady() - held_at_ < kFresh) pushHeld();
}

void Output::pushHeld() {
  waiting_ = false;
  const GstClockTime now = runningTime();
  zero_s_ = held_s_ - static_cast<double>(now) / GST_SECOND - kReserve;
  push(video_, held_.get(), held_caps_.get(), now);
}

void Output::openWithSound(double stream_s) {
  waiting_ = false;
  zero_s_ = stream_s - runningSeconds() - kReserve;
}

std::optional<GstClockTime> Output::outputTime(double stream_s) {
  const double now = runningSeconds();
  if (!zero_s_) return {};
  double at = stream_s - *zero_s_;
  if (at < now - kWorstLate || at > now + kWorstEarly) {
    zero_s_ = stream_s - now - kReserve;
    at = now + kReserve;
  }
  return at <= 0 ? 0 : static_cast<GstClockTime>(at * GST_SECOND);
}

void Output::push(Lane& lane, GstBuffer* buffer, GstCaps* caps, GstClockTime at, bool slate) {
  if (lane.elements.empty()) return;
  GstAppSrc* const source = GST_APP_SRC(lane.elements.front());
  if (!lane.caps || gst_caps_is_equal(lane.caps.get(), caps) == FALSE) {
    lane.caps = share(caps);
    gst_app_src_set_caps(source, caps);
  }
  GstBuffer* out = gst_buffer_copy(buffer);  // shares the memory; only the times are new
  GST_BUFFER_PTS(out) = at;
  GST_BUFFER_DTS(out) = GST_CLOCK_TIME_NONE;
  if (slate)
    GST_BUFFER_FLAG_SET(out, kSlateFlag);
  else
    GST_BUFFER_FLAG_UNSET(out, kSlateFlag);
  gst_app_src_push_buffer(source, out);
}

void Output::picture(GstBuffer* picture, GstCaps* caps, double stream_s) {
  if (options_.sound_alone) return;
  const std::lock_guard lock(mutex_);
  held_ = share(picture);
  held_caps_ = share(caps);
  held_s_ = stream_s;
  held_at_ = clock_.steady();
  if (!open_ || !pipeline_) return;
  if (waiting_) return pushHeld();
  if (const auto at = outputTime(stream_s)) push(video_, picture, caps, *at);
}

void Output::sound(const std::vector<float>& samples, const GstAudioInfo& info, double stream_s) {
  const std::lock_guard lock(mutex_);
  if (!open_ || !pipeline_) return;
  if (waiting_ && options_.sound_alone) openWithSound(stream_s);
  if (waiting_) return;
  const auto at = outputTime(stream_s);
  if (!at) return;
  const double at_s = static_cast<double>(*at) / GST_SECOND;
  const bool same = gst_audio_info_is_equal(&info, &sound_info_) == TRUE;
  if (!same || std::abs(at_s - sound_ends_s_) > kBreak) endSound();
  sound_info_ = info;
  std::vector<float> piece = samples;
  edges_.next(piece, static_cast<unsigned>(info.channels), static_cast<unsigned>(info.rate));
  pushSound(piece, at_s);
}

void Output::pushSound(const std::vector<float>& samples, double at_s) {
  GstAudioInfo info;
  gst_audio_info_set_format(&info, GST_AUDIO_FORMAT_F32LE, sound_info_.rate, sound_info_.channels,
                            sound_info_.position);
  const CapsPtr caps(gst_audio_info_to_caps(&info));
  const BufferPtr buffer(gst_buffer_new_memdup(samples.data(), samples.size() * sizeof(float)));
  push(audio_, buffer.get(), caps.get(), static_cast<GstClockTime>(at_s * GST_SECOND));
  sound_ends_s_ = at_s + static_cast<double>(samples.size()) / info.channels / info.rate;
}

void Output::endSound() {
  const std::vector<float> last = edges_.end();
  if (!last.empty()) pushSound(last, sound_ends_s_);
}

void Output::tendSound() {
  {
    const std::lock_guard lock(mutex_);
    if (!pipeline_) return;
    if (edges_.sounds() && runningSeconds() > sound_ends_s_ - kStarves) endSound();
    if (!gone_at_ || clock_.steady() < *gone_at_) return;
  }
  destroy();
}

GstPadProbeReturn Output::onFirst(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<Output*>(data);
  const Micros now = self->clock_.wall();
  {
    const std::lock_guard lock(self->mutex_);
    if (self->told_ || !self->open_) return GST_PAD_PROBE_OK;
    if (GST_BUFFER_FLAG_IS_SET(GST_PAD_PROBE_INFO_BUFFER(info), kSlateFlag)) return GST_PAD_PROBE_OK;
    self->told_ = true;
    if (!self->options_.sound_alone) self->showWindow();
  }
  if (self->options_.shown) self->options_.shown(now);
  return GST_PAD_PROBE_OK;
}

}  // namespace diemcau::probe
