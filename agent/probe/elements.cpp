#include "agent/probe/elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/log.hpp"

namespace diemcau::probe {
namespace {

using Names = std::vector<std::string>;

void append(Names& to, const Names& more) {
  to.insert(to.end(), more.begin(), more.end());
}

const Names& always() {
  static const Names names = {"appsink", "appsrc", "fakesink", "queue", "capsfilter", "bin", "pipeline"};
  return names;
}

const Names& streams() {
  static const Names names = {"tsdemux",  "h264parse",      "h265parse", "mpegvideoparse", "aacparse",
                              "ac3parse", "mpegaudioparse", "opusparse", "jpegdec"};
  return names;
}

Names sources(FeedKind kind) {
  switch (kind) {
    case FeedKind::kSrt:
      return {"srtsrc"};
    case FeedKind::kUdp:
      return {"udpsrc"};
    case FeedKind::kRtp:
      return {"udpsrc", "rtpjitterbuffer", "rtpmp2tdepay"};
    case FeedKind::kRtsp:
      return {"rtspsrc",         "rtpbin",      "rtpsession",   "rtpstorage",   "rtpssrcdemux", "rtpptdemux",
              "rtpjitterbuffer", "udpsrc",      "udpsink",      "rtph264depay", "rtph265depay", "rtpmpvdepay",
              "rtpmp4gdepay",    "rtpmpadepay", "rtpopusdepay", "rtpac3depay",  "rtpmp2tdepay"};
    case FeedKind::kRtmp:
      return {"rtmp2src", "flvdemux"};
    case FeedKind::kHls:
      return {"souphttpsrc", "hlsdemux", "qtdemux"};
    case FeedKind::kFile:
      return {"filesrc", "qtdemux", "matroskademux", "flvdemux"};
    case FeedKind::kTest:
      return {"videotestsrc", "audiotestsrc"};
    case FeedKind::kPulse:
      return {"pulsesrc"};
    case FeedKind::kAlsa:
      return {"alsasrc"};
    case FeedKind::kV4l2:
      return {"v4l2src", "jpegdec"};
  }
  return {};
}

const Names& screens() {
  static const Names names = {
      "videoconvert",   "videoscale",    "audioconvert",  "audioresample", "autovideosink", "autoaudiosink",
      "xvimagesink",    "ximagesink",    "waylandsink",   "kmssink",       "glimagesink",   "glsinkbin",
      "fbdevsink",      "pulsesink",     "alsasink",      "pipewiresink",  "glupload",      "glcolorconvert",
      "glcolorbalance", "fakevideosink", "fakeaudiosink", "fakesink",      "textoverlay"};
  return names;
}

// Raw, or nearly: nothing of a broadcast's containers and codecs is needed.
bool madeHere(FeedKind kind) {
  return kind == FeedKind::kTest || capturesSound(kind) || capturesPictures(kind);
}

const char* packageOf(const std::string& element) {
  static constexpr std::array<std::pair<const char*, const char*>, 9> kPackages = {
      {{"pulse", "gstreamer1.0-pulseaudio"},
       {"alsa", "gstreamer1.0-alsa"},
       {"v4l2", "gstreamer1.0-plugins-good"},
       {"video", "gstreamer1.0-plugins-base"},
       {"audio", "gstreamer1.0-plugins-base"},
       {"app", "gstreamer1.0-plugins-base"},
       {"rtp", "gstreamer1.0-plugins-good"},
       {"rtsp", "gstreamer1.0-plugins-good"},
       {"udp", "gstreamer1.0-plugins-good"}}};
  for (const auto& [prefix, package] : kPackages) {
    if (element.starts_with(prefix)) return package;
  }
  static const Names good = {"souphttpsrc", "jpegdec",  "qtdemux",  "matroskademux",
                             "flvdemux",    "aacparse", "ac3parse", "mpegaudioparse"};
  return std::find(good.begin(), good.end(), element) != good.end() ? "gstreamer1.0-plugins-good"
                                                                    : "gstreamer1.0-plugins-bad";
}

// A person who sets GST_DEBUG wants to read GStreamer's own log; otherwise it would only fill the agent's.
void hushLog() {
  if (g_getenv("GST_DEBUG") == nullptr) gst_debug_remove_log_function(&gst_debug_log_default);
}

void removeOthers(const Names& allowed) {
  GstRegistry* registry = gst_registry_get();
  GList* features = gst_registry_get_feature_list(registry, GST_TYPE_ELEMENT_FACTORY);
  for (GList* item = features; item != nullptr; item = item->next) {
    GstPluginFeature* feature = GST_PLUGIN_FEATURE(item->data);
    const std::string name = gst_plugin_feature_get_name(feature);
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      gst_registry_remove_feature(registry, feature);
    }
  }
  gst_plugin_feature_list_free(features);
}

}  // namespace

std::vector<std::string> allowedElements(FeedKind kind, bool screen) {
  Names out = always();
  append(out, sources(kind));
  if (!madeHere(kind)) append(out, streams());
  out.emplace_back("jpegenc");  // thumbnails; where it is missing there are none
  if (screen) append(out, screens());
  return out;
}

Done startMedia(FeedKind kind, bool screen) {
  ErrorPtr problem;
  GError* error = nullptr;
  if (gst_init_check(nullptr, nullptr, &error) == FALSE) {
    problem.reset(error);
    return fail(ErrorCode::kInternal,
                fmt::format("GStreamer does not start: {}", problem ? problem->message : "no reason given"),
                "không khởi động được GStreamer");
  }
  hushLog();
  Names needed = always();
  append(needed, sources(kind));
  if (!madeHere(kind)) append(needed, {"tsdemux", "h264parse", "aacparse"});
  for (const std::string& name : needed) {
    GstElementFactory* factory = gst_element_factory_find(name.c_str());
    if (factory == nullptr) {
      return fail(
          ErrorCode::kUnavailable,
          fmt::format("GStreamer's element \"{}\" is missing; install the package {}", name, packageOf(name)),
          fmt::format("thiếu phần tử GStreamer \"{}\"; hãy cài gói {}", name, packageOf(name)));
    }
    gst_object_unref(factory);
  }
  removeOthers(allowedElements(kind, screen));
  return {};
}

GstElement* makeElement(const char* factory, const char* name) {
  GstElement* element = gst_element_factory_make(factory, name);
  if (element == nullptr) logger("probe")->error("GStreamer's element {} is not available", factory);
  return element;
}

void setIfThere(GstElement* element, const char* property, int value) {
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), property);
  if (spec != nullptr) g_object_set(element, property, value, nullptr);
}

}  // namespace diemcau::probe
