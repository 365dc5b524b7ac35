#include "agent/probe/slate.hpp"

#include <fmt/format.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "agent/probe/elements.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace diemcau::probe {
namespace {

constexpr GstClockTime kPatience = 500 * GST_MSECOND;
constexpr guint8 kLuma = 32, kBlueChroma = 148, kRedChroma = 118;  // a dark blue

// The overlay reads markup; a title is plain text.
void say(GstElement* overlay, const std::string& words) {
  const TextPtr plain(g_markup_escape_text(words.c_str(), -1));
  g_object_set(overlay, "text", plain.get(), nullptr);
}

}  // namespace

SlateWords slateWords(const std::string& title, Micros left, Micros starts_at, const std::string& zone) {
  const std::string hour = formatLocalTime(starts_at, zone).substr(0, 5);
  return {title, formatSpan((left + kSecond - 1) / kSecond * kSecond),
          fmt::format("Bắt đầu lúc {} · Begins at {}", hour, hour)};
}

SlateWords slateUnknown(const std::string& title) {
  return {title, "", "Sắp bắt đầu · About to begin"};
}

SlateWords slateLate(const std::string& title) {
  return {title, "", "Đang chờ hình từ trung tâm · Waiting for the picture"};
}

SlateWords slateSound(const std::string& title) {
  return {title, "", "Chỉ có tiếng · Sound alone"};
}

Slate::~Slate() {
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

GstElement* Slate::addText(const char* font, const char* place, int down) {
  GstElement* text = makeElement("textoverlay");
  if (text == nullptr) return nullptr;
  gst_util_set_object_arg(G_OBJECT(text), "valignment", place);
  gst_util_set_object_arg(G_OBJECT(text), "halignment", "center");
  gst_util_set_object_arg(G_OBJECT(text), "line-alignment", "center");
  g_object_set(text, "font-desc", font, "ypad", 64, "deltay", down, "draw-shadow", FALSE, "draw-outline",
               FALSE, nullptr);
  gst_bin_add(GST_BIN(pipeline_.get()), text);
  return text;
}

bool Slate::build() {
  tried_ = true;
  pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new("slate"))));
  caps_.reset(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, kWidth,
                                  "height", G_TYPE_INT, kHeight, "framerate", GST_TYPE_FRACTION, 1, 1,
                                  "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, nullptr));
  source_ = makeElement("appsrc");
  sink_ = makeElement("appsink");
  if (source_ == nullptr || sink_ == nullptr) return false;
  gst_bin_add_many(GST_BIN(pipeline_.get()), source_, sink_, nullptr);
  title_ = addText("Sans Bold 24", "top", 0);
  clock_ = addText("Sans Bold 64", "center", 80);
  below_ = addText("Sans 16", "bottom", 0);
  if (title_ == nullptr || clock_ == nullptr || below_ == nullptr) return false;
  g_object_set(source_, "format", GST_FORMAT_TIME, "caps", caps_.get(), nullptr);
  g_object_set(sink_, "sync", FALSE, nullptr);
  if (gst_element_link_many(source_, title_, clock_, below_, sink_, nullptr) == FALSE) return false;
  return gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

BufferPtr Slate::draw(const SlateWords& words) {
  if (!tried_ && !build()) {
    logger("probe")->warn("no picture before the start: install gstreamer1.0-x");
    pipeline_.reset();
  }
  if (!pipeline_) return nullptr;
  // A long title has room above the clock in small letters only.
  const std::size_t length = displayWidth(words.title);
  g_object_set(title_, "font-desc",
               length <= 60    ? "Sans Bold 24"
               : length <= 110 ? "Sans Bold 18"
                               : "Sans Bold 13",
               nullptr);
  say(title_, words.title);
  say(clock_, words.clock);
  say(below_, words.below);
  constexpr gsize kPixels = gsize{kWidth} * kHeight;
  GstBuffer* ground = gst_buffer_new_allocate(nullptr, kPixels * 3 / 2, nullptr);
  gst_buffer_memset(ground, 0, kLuma, kPixels);
  gst_buffer_memset(ground, kPixels, kBlueChroma, kPixels / 4);
  gst_buffer_memset(ground, kPixels * 5 / 4, kRedChroma, kPixels / 4);
  GST_BUFFER_PTS(ground) = next_;
  GST_BUFFER_DURATION(ground) = GST_SECOND;
  next_ += GST_SECOND;
  if (gst_app_src_push_buffer(GST_APP_SRC(source_), ground) != GST_FLOW_OK) return nullptr;
  const SamplePtr sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_), kPatience));
  return sample ? share(gst_sample_get_buffer(sample.get())) : nullptr;
}

}  // namespace diemcau::probe
