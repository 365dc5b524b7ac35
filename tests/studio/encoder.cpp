// See encoder.hpp. The pipeline has no clock: whoever pushes sets the pace, so both streams always meet in
// the multiplexer and nothing there has to guess how long to wait.
#include "tests/studio/encoder.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>

#include "tests/studio/gst_handles.hpp"
#include "tests/studio/tone.hpp"

namespace diemcau::studio {

namespace {

constexpr const char* kPipeline =
    "appsrc name=video format=time max-bytes=0 max-time=0"
    " ! x264enc name=x264 tune=zerolatency threads=1 byte-stream=true aud=true "
    "bframes=0"
    " ! video/x-h264,stream-format=byte-stream,alignment=au"
    " ! mpegtsmux name=mux"
    " ! appsink name=packets sync=false async=false "
    "appsrc name=audio format=time max-bytes=0 max-time=0"
    " ! voaacenc name=aac ! aacparse ! mux.";

constexpr std::uint64_t kFramesAhead = 4;
constexpr guint64 kLeftAndRight = 0x3;
constexpr auto kFinishLimit = std::chrono::seconds(10);

GstClockTime gstTime(Micros time) {
  return static_cast<GstClockTime>(time) * GST_USECOND;
}

struct CapsRelease {
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
};
using CapsPtr = std::unique_ptr<GstCaps, CapsRelease>;

}  // namespace

struct Encoder::Impl {
  EncoderOptions options;
  Packets packets;
  ElementPtr pipeline, video, audio, x264, sink;
  std::mutex mutex;
  std::condition_variable ended;
  bool at_end = false;  // guarded by mutex

  Impl(const EncoderOptions& o, Packets p) : options(o), packets(std::move(p)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (pipeline) gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }

  std::deque<std::string> units;  // of pictures in the encoder, which keeps their order; guarded by mutex

  void configure();
  std::string takeUnit();
  static GstPadProbeReturn onCoded(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstFlowReturn onSample(GstAppSink* sink, gpointer self);
  static void onEnd(GstAppSink* sink, gpointer self);
};

void Encoder::Impl::configure() {
  const CapsPtr picture(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width",
                                            G_TYPE_INT, options.width, "height", G_TYPE_INT, options.height,
                                            "framerate", GST_TYPE_FRACTION, options.fps, 1, nullptr));
  const CapsPtr sound(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout",
                                          G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, kSampleRate,
                                          "channels", G_TYPE_INT, kChannels, "channel-mask", GST_TYPE_BITMASK,
                                          kLeftAndRight, nullptr));
  g_object_set(video.get(), "caps", picture.get(), nullptr);
  g_object_set(audio.get(), "caps", sound.get(), nullptr);
  g_object_set(x264.get(), "key-int-max", guint(options.fps), "bitrate", guint(options.video_kbps),
               "vbv-buf-capacity", guint(1000), "option-string", "scenecut=0", nullptr);
  gst_util_set_object_arg(G_OBJECT(x264.get()), "speed-preset", options.preset.c_str());
  const ElementPtr aac = childOf(pipeline, "aac");
  g_object_set(aac.get(), "bitrate", gint(kAudioKbps * 1000), nullptr);

  GstPad* coded = gst_element_get_static_pad(x264.get(), "src");
  gst_pad_add_probe(coded, GST_PAD_PROBE_TYPE_BUFFER, &Impl::onCoded, this, nullptr);
  gst_object_unref(coded);

  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = &Impl::onSample;
  callbacks.eos = &Impl::onEnd;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink.get()), &callbacks, this, nullptr);
}

std::string Encoder::Impl::takeUnit() {
  const std::lock_guard lock(mutex);
  if (units.empty()) return {};
  std::string out = std::move(units.front());
  units.pop_front();
  return out;
}

// Behind the delimiter that begins each picture.
GstPadProbeReturn Encoder::Impl::onCoded(GstPad*, GstPadProbeInfo* info, gpointer self) {
  constexpr gsize kDelimiter = 6;
  GstBuffer* coded = GST_PAD_PROBE_INFO_BUFFER(info);
  const std::string unit = static_cast<Impl*>(self)->takeUnit();
  if (unit.empty() || gst_buffer_get_size(coded) <= kDelimiter) return GST_PAD_PROBE_OK;
  GstBuffer* out = gst_buffer_copy_region(coded, GST_BUFFER_COPY_ALL, 0, kDelimiter);
  GstBuffer* middle = gst_buffer_new_allocate(nullptr, unit.size(), nullptr);
  gst_buffer_fill(middle, 0, unit.data(), unit.size());
  out = gst_buffer_append(gst_buffer_append(out, middle),
                          gst_buffer_copy_region(coded, GST_BUFFER_COPY_MEMORY, kDelimiter, G_MAXSIZE));
  GST_BUFFER_DURATION(out) = GST_BUFFER_DURATION(coded);
  gst_buffer_unref(coded);
  GST_PAD_PROBE_INFO_DATA(info) = out;
  return GST_PAD_PROBE_OK;
}

GstFlowReturn Encoder::Impl::onSample(GstAppSink* sink, gpointer self) {
  const SamplePtr sample(gst_app_sink_pull_sample(sink));
  GstBuffer* buffer = sample ? gst_sample_get_buffer(sample.get()) : nullptr;
  GstMapInfo map;
  if (buffer == nullptr || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return GST_FLOW_OK;
  const GstClockTime stamp = gst_segment_to_running_time(gst_sample_get_segment(sample.get()),
                                                         GST_FORMAT_TIME, GST_BUFFER_DTS_OR_PTS(buffer));
  const auto media = GST_CLOCK_TIME_IS_VALID(stamp) ? static_cast<Micros>(GST_TIME_AS_USECONDS(stamp)) : 0;
  static_cast<Impl*>(self)->packets({reinterpret_cast<const char*>(map.data), map.size}, media);
  gst_buffer_unmap(buffer, &map);
  return GST_FLOW_OK;
}

void Encoder::Impl::onEnd(GstAppSink*, gpointer self) {
  auto* impl = static_cast<Impl*>(self);
  {
    const std::lock_guard lock(impl->mutex);
    impl->at_end = true;
  }
  impl->ended.notify_all();
}

Encoder::Encoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Encoder::~Encoder() = default;

Result<std::unique_ptr<Encoder>> Encoder::create(const EncoderOptions& options, Packets packets) {
  auto impl = std::make_unique<Impl>(options, std::move(packets));
  auto pipeline = buildPipeline(kPipeline);
  if (!pipeline) return tl::unexpected<Error>(std::move(pipeline.error()));
  impl->pipeline = std::move(*pipeline);
  impl->video = childOf(impl->pipeline, "video");
  impl->audio = childOf(impl->pipeline, "audio");
  impl->x264 = childOf(impl->pipeline, "x264");
  impl->sink = childOf(impl->pipeline, "packets");
  impl->configure();
  if (gst_element_set_state(impl->pipeline.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    return fail(ErrorCode::kUnavailable, "the encoder does not start: " + takeError(impl->pipeline));
  }
  return std::unique_ptr<Encoder>(new Encoder(std::move(impl)));
}

bool Encoder::hasRoom() const {
  return gst_app_src_get_current_level_buffers(GST_APP_SRC(impl_->video.get())) < kFramesAhead;
}

void Encoder::pushVideo(Micros media, bool key_frame, std::string unit,
                        const std::function<void(std::span<std::uint8_t>)>& fill) {
  const auto size = static_cast<std::size_t>(impl_->options.width) *
                    static_cast<std::size_t>(impl_->options.height) * 3 / 2;
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
  GstMapInfo map;
  DIEMCAU_INVARIANT(buffer != nullptr && gst_buffer_map(buffer, &map, GST_MAP_WRITE));
  fill({map.data, map.size});
  gst_buffer_unmap(buffer, &map);
  GST_BUFFER_PTS(buffer) = gstTime(media);
  GST_BUFFER_DURATION(buffer) = GST_SECOND / static_cast<GstClockTime>(impl_->options.fps);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->units.push_back(std::move(unit));
  }
  if (key_frame) {
    // Upstream from the encoder's own sink: it takes effect on the next frame it gets.
    gst_element_send_event(impl_->x264.get(),
                           gst_video_event_new_upstream_force_key_unit(gstTime(media), TRUE, 0));
  }
  gst_app_src_push_buffer(GST_APP_SRC(impl_->video.get()), buffer);
}

void Encoder::pushAudio(Micros media, std::span<const std::int16_t> samples) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, samples.size_bytes(), nullptr);
  gst_buffer_fill(buffer, 0, samples.data(), samples.size_bytes());
  GST_BUFFER_PTS(buffer) = gstTime(media);
  GST_BUFFER_DURATION(buffer) =
      gst_util_uint64_scale(samples.size() / kChannels, GST_SECOND, static_cast<guint64>(kSampleRate));
  gst_app_src_push_buffer(GST_APP_SRC(impl_->audio.get()), buffer);
}

void Encoder::setVideoKbps(std::uint32_t kbps) {
  g_object_set(impl_->x264.get(), "bitrate", guint(kbps), nullptr);
}

Done Encoder::finish() {
  gst_app_src_end_of_stream(GST_APP_SRC(impl_->video.get()));
  gst_app_src_end_of_stream(GST_APP_SRC(impl_->audio.get()));
  std::unique_lock lock(impl_->mutex);
  if (!impl_->ended.wait_for(lock, kFinishLimit, [this] { return impl_->at_end; })) {
    return fail(ErrorCode::kInternal, "the encoder did not end within 10 s: " + takeError(impl_->pipeline));
  }
  return {};
}

std::string Encoder::error() {
  return takeError(impl_->pipeline);
}

}  // namespace diemcau::studio
