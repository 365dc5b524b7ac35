#include "tests/integration/probe/rtsp_server.hpp"

#include <gst/rtsp-server/rtsp-server.h>

#include <stdexcept>
#include <thread>

namespace diemcau::test {

struct RtspServer::Impl {
  GMainContext* context = g_main_context_new();
  GMainLoop* loop = g_main_loop_new(context, FALSE);
  GstRTSPServer* server = nullptr;
  std::thread thread;
};

RtspServer::RtspServer(const std::string& file) : impl_(std::make_unique<Impl>()) {
  gst_init(nullptr, nullptr);
  impl_->server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(impl_->server, "127.0.0.1");
  gst_rtsp_server_set_service(impl_->server, "0");
  const std::string media =
      "( filesrc location=" + file +
      " ! matroskademux name=d d.video_0 ! queue ! h264parse ! rtph264pay name=pay0 pt=96"
      " d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )";
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, media.c_str());
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(impl_->server);
  gst_rtsp_mount_points_add_factory(mounts, "/feed", factory);
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(impl_->server, impl_->context) == 0)
    throw std::runtime_error("the RTSP server cannot listen");
  impl_->thread = std::thread([loop = impl_->loop] { g_main_loop_run(loop); });
}

RtspServer::~RtspServer() {
  GSource* end = g_idle_source_new();
  g_source_set_callback(
      end,
      [](gpointer loop) {
        g_main_loop_quit(static_cast<GMainLoop*>(loop));
        return FALSE;
      },
      impl_->loop, nullptr);
  g_source_attach(end, impl_->context);
  g_source_unref(end);
  impl_->thread.join();
  g_object_unref(impl_->server);
  g_main_loop_unref(impl_->loop);
  g_main_context_unref(impl_->context);
}

std::string RtspServer::address() const {
  return "rtsp://127.0.0.1:" + std::to_string(gst_rtsp_server_get_bound_port(impl_->server)) + "/feed";
}

}  // namespace diemcau::test
