// An RTSP server with one path, for any number of players: picture and sound each in RTP packets of their
// own, as cameras and encoders send them. It runs on a thread of its own, and takes from the feed's what a
// player is there for.
#include <fmt/format.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <mutex>
#include <string>
#include <thread>

#include "tests/studio/gst_handles.hpp"
#include "tests/studio/output.hpp"

namespace diemcau::studio {

namespace {

constexpr const char* kMedia =
    "( appsrc name=packets is-live=true do-timestamp=true format=time max-bytes=2000000 leaky-type=downstream"
    " caps=video/mpegts,systemstream=(boolean)true,packetsize=(int)188 ! tsdemux name=streams"
    " streams. ! queue ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96"
    " streams. ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )";

class RtspOutput final : public Output {
 public:
  RtspOutput() : context_(g_main_context_new()), loop_(g_main_loop_new(context_, FALSE)) {}
  RtspOutput(const RtspOutput&) = delete;
  RtspOutput& operator=(const RtspOutput&) = delete;
  ~RtspOutput() override;

  Done open(const FeedAddress& address);
  void send(std::string_view packets, Micros) override;

 private:
  static void onMedia(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer self);
  static void onMediaOver(GstRTSPMedia*, gpointer self);
  void playTo(ElementPtr packets);

  GMainContext* const context_;
  GMainLoop* const loop_;
  std::thread thread_;
  std::mutex mutex_;
  ElementPtr packets_;  // while somebody plays
};

Done RtspOutput::open(const FeedAddress& address) {
  GstRTSPServer* server = gst_rtsp_server_new();
  g_object_set(server, "address", address.host.c_str(), "service", std::to_string(address.port).c_str(),
               nullptr);
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, kMedia);
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  g_signal_connect(factory, "media-configure", G_CALLBACK(&RtspOutput::onMedia), this);
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  const auto slash = address.url.find('/', std::string_view("rtsp://").size());
  gst_rtsp_mount_points_add_factory(mounts, address.url.substr(slash).c_str(), factory);
  g_object_unref(mounts);
  const guint id = gst_rtsp_server_attach(server, context_);
  g_object_unref(server);  // the context holds it now
  if (id == 0) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("cannot listen on {}. Is the port in use?", address.url));
  }
  thread_ = std::thread([this] { g_main_loop_run(loop_); });
  return {};
}

RtspOutput::~RtspOutput() {
  if (thread_.joinable()) {
    g_main_context_invoke(
        context_,
        [](gpointer loop) -> gboolean {
          g_main_loop_quit(static_cast<GMainLoop*>(loop));
          return G_SOURCE_REMOVE;
        },
        loop_);
    thread_.join();
  }
  playTo(nullptr);
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

void RtspOutput::onMedia(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) {
  auto* self = static_cast<RtspOutput*>(data);
  const ElementPtr bin(gst_rtsp_media_get_element(media));
  self->playTo(childOf(bin, "packets"));
  g_signal_connect(media, "unprepared", G_CALLBACK(&RtspOutput::onMediaOver), self);
}

void RtspOutput::onMediaOver(GstRTSPMedia*, gpointer self) {
  static_cast<RtspOutput*>(self)->playTo(nullptr);
}

void RtspOutput::playTo(ElementPtr packets) {
  const std::lock_guard lock(mutex_);
  packets_ = std::move(packets);
}

void RtspOutput::send(std::string_view packets, Micros) {
  const std::lock_guard lock(mutex_);
  if (!packets_) return;
  GstBuffer* buffer = gst_buffer_new_memdup(packets.data(), packets.size());
  gst_app_src_push_buffer(GST_APP_SRC(packets_.get()), buffer);
}

}  // namespace

Result<std::unique_ptr<Output>> rtspOutput(const FeedAddress& address) {
  auto output = std::make_unique<RtspOutput>();
  if (auto ok = output->open(address); !ok) return tl::unexpected<Error>(std::move(ok.error()));
  return output;
}

}  // namespace diemcau::studio
