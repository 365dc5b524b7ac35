#include "tests/integration/probe/media_file.hpp"

#include <fmt/format.h>
#include <gst/gst.h>

#include <stdexcept>

namespace diemcau::test {
namespace {

constexpr GstClockTime kPatience = 60 * GST_SECOND;

std::string pictureEncoder(const MediaFile& media) {
  if (media.picture_codec == "h265")
    return fmt::format("x265enc bitrate={} key-int-max={} speed-preset=ultrafast ! h265parse", media.kbps,
                       media.fps);
  if (media.picture_codec == "mpeg2")
    return fmt::format("mpeg2enc bitrate={} max-gop-size={} ! mpegvideoparse", media.kbps, media.fps);
  if (media.picture_codec == "mjpeg") return "jpegenc";
  if (media.picture_codec == "raw") return "videoconvert ! video/x-raw,format=YUY2";
  return fmt::format(
      "x264enc bitrate={} key-int-max={} bframes={} speed-preset=ultrafast pass=cbr ! h264parse", media.kbps,
      media.fps, media.b_frames);
}

std::string soundEncoder(const std::string& codec) {
  if (codec == "mp2") return "avenc_mp2 ! mpegaudioparse";
  if (codec == "mp3") return "lamemp3enc ! mpegaudioparse";
  if (codec == "opus") return "opusenc ! opusparse";
  if (codec == "ac3") return "avenc_ac3 ! ac3parse";
  return "avenc_aac ! aacparse";
}

std::string pipelineText(const MediaFile& media, const std::string& path) {
  std::string out = fmt::format("{} name=mux ! filesink location={} ", media.muxer, path);
  if (media.picture) {
    // Moving rings cost bits, so the encoder really uses its rate.
    out += fmt::format(
        "videotestsrc num-buffers={} pattern=zone-plate kx2=20 ky2=20 kt=1 ! "
        "video/x-raw,format=I420,width={},height={},framerate={}/1 ! {} ! queue ! mux. ",
        media.seconds * media.fps, media.width, media.height, media.fps, pictureEncoder(media));
  }
  if (media.sound) {
    out += fmt::format(
        "audiotestsrc num-buffers={} samplesperbuffer=960 volume=0.1 freq=1000 ! "
        "audioconvert ! audio/x-raw,rate=48000,channels=2 ! {} ! queue ! mux. ",
        media.seconds * 50, soundEncoder(media.sound_codec));
  }
  return out;
}

}  // namespace

void makeMediaFile(const MediaFile& media, const std::string& path) {
  gst_init(nullptr, nullptr);
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(pipelineText(media, path).c_str(), &error);
  if (error != nullptr) {
    const std::string why = error->message;
    g_error_free(error);
    if (pipeline != nullptr) gst_object_unref(pipeline);
    throw std::runtime_error("no test file: " + why);
  }
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, kPatience, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  const bool done = message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  std::string why = "it took too long";
  if (message != nullptr && !done) {
    GError* told = nullptr;
    gst_message_parse_error(message, &told, nullptr);
    why = told->message;
    g_error_free(told);
  }
  if (message != nullptr) gst_message_unref(message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  if (!done) throw std::runtime_error("the test file could not be written: " + why);
}

}  // namespace diemcau::test
