// See receive.hpp.
#include "receive.hpp"

#include <arpa/inet.h>
#include <gst/app/gstappsink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

#include "tests/studio/gst_handles.hpp"

namespace diemcau::studio::test {

namespace {

constexpr GstClockTime kDecodeLimit = 60 * GST_SECOND;

void addPicture(Decoded& out, const std::uint8_t* bytes, std::size_t luma_size,
                std::vector<std::uint8_t>& last) {
  double sum = 0, moved = 0;
  for (std::size_t i = 0; i < luma_size; ++i) {
    sum += bytes[i];
    if (!last.empty()) moved += std::abs(bytes[i] - last[i]);
  }
  last.assign(bytes, bytes + luma_size);
  out.luma.push_back(sum / static_cast<double>(luma_size));
  out.moved.push_back(moved / static_cast<double>(luma_size));
}

void addSound(Decoded& out, const std::int16_t* samples, std::size_t count, double at) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(samples[i]) * samples[i];
  out.level.push_back(std::sqrt(sum / static_cast<double>(count)) / 32768);
  out.level_at.push_back(at);
}

template <class Each>
void pullAll(const ElementPtr& sink, Each each) {
  while (const SamplePtr sample{gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), kDecodeLimit)}) {
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    GstMapInfo map;
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
    each(sample.get(), buffer, map);
    gst_buffer_unmap(buffer, &map);
  }
}

}  // namespace

Decoded decode(const std::string& path) {
  Decoded out;
  auto pipeline = buildPipeline(
      "filesrc name=file ! tsdemux name=demux  demux. ! queue max-size-time=0 max-size-bytes=0 "
      "max-size-buffers=0"
      " ! h264parse ! avdec_h264 ! video/x-raw,format=I420 ! appsink name=video sync=false"
      " demux. ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0"
      " ! aacparse ! avdec_aac ! audioconvert ! audio/x-raw,format=S16LE,layout=interleaved"
      " ! appsink name=audio sync=false");
  if (!pipeline) {
    out.error = pipeline.error().text;
    return out;
  }
  const ElementPtr file = childOf(*pipeline, "file"), video = childOf(*pipeline, "video"),
                   audio = childOf(*pipeline, "audio");
  g_object_set(file.get(), "location", path.c_str(), nullptr);
  gst_element_set_state(pipeline->get(), GST_STATE_PLAYING);
  std::vector<std::uint8_t> last;
  pullAll(video, [&](GstSample* sample, GstBuffer*, const GstMapInfo& map) {
    const GstStructure* caps = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
    gst_structure_get_int(caps, "width", &out.width);
    gst_structure_get_int(caps, "height", &out.height);
    const auto luma = static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height);
    if (map.size >= luma) addPicture(out, map.data, luma, last);
  });
  double first = -1;
  pullAll(audio, [&](GstSample*, GstBuffer* buffer, const GstMapInfo& map) {
    const double at = static_cast<double>(GST_BUFFER_PTS(buffer)) / static_cast<double>(GST_SECOND);
    if (first < 0) first = at;
    addSound(out, reinterpret_cast<const std::int16_t*>(map.data), map.size / 2, at - first);
  });
  out.error = takeError(*pipeline);
  gst_element_set_state(pipeline->get(), GST_STATE_NULL);
  return out;
}

struct SrtCaller::Impl {
  ElementPtr pipeline, sink;
  mutable std::mutex mutex;
  std::string bytes;  // guarded by mutex
  std::atomic<bool> at_end = false;

  static GstFlowReturn onSample(GstAppSink* sink, gpointer self) {
    const SamplePtr sample(gst_app_sink_pull_sample(sink));
    GstMapInfo map;
    if (!sample || !gst_buffer_map(gst_sample_get_buffer(sample.get()), &map, GST_MAP_READ))
      return GST_FLOW_OK;
    auto* impl = static_cast<Impl*>(self);
    {
      const std::lock_guard lock(impl->mutex);
      impl->bytes.append(reinterpret_cast<const char*>(map.data), map.size);
    }
    gst_buffer_unmap(gst_sample_get_buffer(sample.get()), &map);
    return GST_FLOW_OK;
  }
  static void onEnd(GstAppSink*, gpointer self) { static_cast<Impl*>(self)->at_end = true; }
};

SrtCaller::SrtCaller(int port, const std::string& passphrase) : impl_(std::make_unique<Impl>()) {
  auto pipeline = buildPipeline(
      "srtsrc name=srt mode=caller auto-reconnect=false ! appsink name=sink sync=false async=false");
  if (!pipeline) return;
  impl_->pipeline = std::move(*pipeline);
  impl_->sink = childOf(impl_->pipeline, "sink");
  const ElementPtr srt = childOf(impl_->pipeline, "srt");
  const std::string uri = "srt://127.0.0.1:" + std::to_string(port);
  g_object_set(srt.get(), "uri", uri.c_str(), "mode", 1, nullptr);
  if (!passphrase.empty()) g_object_set(srt.get(), "passphrase", passphrase.c_str(), nullptr);
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = &Impl::onSample;
  callbacks.eos = &Impl::onEnd;
  gst_app_sink_set_callbacks(GST_APP_SINK(impl_->sink.get()), &callbacks, impl_.get(), nullptr);
  gst_element_set_state(impl_->pipeline.get(), GST_STATE_PLAYING);
}

SrtCaller::~SrtCaller() {
  if (impl_->pipeline) gst_element_set_state(impl_->pipeline.get(), GST_STATE_NULL);
}

std::size_t SrtCaller::size() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->bytes.size();
}

std::string SrtCaller::bytes() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->bytes;
}

bool SrtCaller::ended() const {
  return !impl_->pipeline || impl_->at_end || !takeError(impl_->pipeline).empty();
}

int freeUdpPort() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

}  // namespace diemcau::studio::test
