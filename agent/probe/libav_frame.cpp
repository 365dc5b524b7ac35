#include "agent/probe/libav_frame.hpp"

#include <gst/audio/audio.h>
#include <gst/video/video.h>

#include <array>

namespace diemcau::probe {
namespace {

GstVideoFormat formatOf(int format) {
  switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
      return GST_VIDEO_FORMAT_I420;
    case AV_PIX_FMT_YUV422P:
    case AV_PIX_FMT_YUVJ422P:
      return GST_VIDEO_FORMAT_Y42B;
    case AV_PIX_FMT_YUV444P:
    case AV_PIX_FMT_YUVJ444P:
      return GST_VIDEO_FORMAT_Y444;
    case AV_PIX_FMT_YUV420P10LE:
      return GST_VIDEO_FORMAT_I420_10LE;
    case AV_PIX_FMT_YUV422P10LE:
      return GST_VIDEO_FORMAT_I422_10LE;
    case AV_PIX_FMT_YUV444P10LE:
      return GST_VIDEO_FORMAT_Y444_10LE;
    case AV_PIX_FMT_YUV420P12LE:
      return GST_VIDEO_FORMAT_I420_12LE;
    case AV_PIX_FMT_YUV422P12LE:
      return GST_VIDEO_FORMAT_I422_12LE;
    default:
      return GST_VIDEO_FORMAT_UNKNOWN;
  }
}

void releaseReference(gpointer data) {
  auto* reference = static_cast<AVBufferRef*>(data);
  av_buffer_unref(&reference);
}

void appendPlane(GstBuffer* buffer, const AVFrame& frame, int plane, std::size_t size) {
  AVBufferRef* const owner = av_buffer_ref(av_frame_get_plane_buffer(const_cast<AVFrame*>(&frame), plane));
  gst_buffer_append_memory(buffer, gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, frame.data[plane], size,
                                                          0, size, owner, &releaseReference));
}

}  // namespace

void FrameWrapper::newStream(GstCaps* encoded) {
  encoded_ = share(encoded);
  layout_ = Layout();
}

BufferPtr FrameWrapper::wrap(const AVFrame& frame) {
  const bool pictures = frame.width > 0;
  if (!(pictures ? picture(frame) : sound(frame))) return nullptr;
  BufferPtr out = pictures ? wrapPicture(frame) : wrapSound(frame);
  const std::int64_t time = frame.pts != AV_NOPTS_VALUE ? frame.pts : frame.best_effort_timestamp;
  if (out && time >= 0) GST_BUFFER_PTS(out.get()) = static_cast<GstClockTime>(time);
  return out;
}

bool FrameWrapper::picture(const AVFrame& frame) {
  Layout layout;
  layout.format = frame.format;
  layout.width = frame.width;
  layout.height = frame.height;
  layout.matrix = frame.colorspace;
  layout.range = frame.color_range;
  layout.transfer = frame.color_trc;
  layout.primaries = frame.color_primaries;
  if (layout == layout_) return true;
  GstVideoInfo info, encoded;
  const GstVideoFormat format = formatOf(frame.format);
  if (format == GST_VIDEO_FORMAT_UNKNOWN ||
      gst_video_info_set_format(&info, format, static_cast<guint>(frame.width),
                                static_cast<guint>(frame.height)) == FALSE)
    return false;
  if (gst_video_info_from_caps(&encoded, encoded_.get()) != FALSE) {
    info.fps_n = encoded.fps_n;
    info.fps_d = encoded.fps_d;
    info.par_n = encoded.par_n;
    info.par_d = encoded.par_d;
    info.interlace_mode = encoded.interlace_mode;
  }
  if (frame.colorspace != AVCOL_SPC_UNSPECIFIED) {
    info.colorimetry.matrix = gst_video_color_matrix_from_iso(static_cast<guint>(frame.colorspace));
    info.colorimetry.transfer = gst_video_transfer_function_from_iso(static_cast<guint>(frame.color_trc));
    info.colorimetry.primaries =
        gst_video_color_primaries_from_iso(static_cast<guint>(frame.color_primaries));
  }
  if (frame.color_range == AVCOL_RANGE_JPEG) info.colorimetry.range = GST_VIDEO_COLOR_RANGE_0_255;
  caps_.reset(gst_video_info_to_caps(&info));
  if (caps_) layout_ = layout;
  return caps_ != nullptr;
}

BufferPtr FrameWrapper::wrapPicture(const AVFrame& frame) const {
  constexpr int kPlanes = 3;
  std::array<gsize, GST_VIDEO_MAX_PLANES> offsets{};
  std::array<gint, GST_VIDEO_MAX_PLANES> strides{};
  const GstVideoFormat format = formatOf(frame.format);
  const GstVideoFormatInfo* info = gst_video_format_get_info(format);
  BufferPtr out(gst_buffer_new());
  gsize at = 0;
  for (int plane = 0; plane < kPlanes; ++plane) {
    const auto index = static_cast<std::size_t>(plane);
    if (frame.linesize[plane] <= 0 || frame.data[plane] == nullptr) return nullptr;
    const auto rows = static_cast<gsize>(GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT(info, plane, frame.height));
    const gsize size = rows * static_cast<gsize>(frame.linesize[plane]);
    offsets[index] = at;
    strides[index] = frame.linesize[plane];
    appendPlane(out.get(), frame, plane, size);
    at += size;
  }
  gst_buffer_add_video_meta_full(out.get(), GST_VIDEO_FRAME_FLAG_NONE, format,
                                 static_cast<guint>(frame.width), static_cast<guint>(frame.height), kPlanes,
                                 offsets.data(), strides.data());
  return out;
}

bool FrameWrapper::sound(const AVFrame& frame) {
  Layout layout;
  layout.format = frame.format;
  layout.rate = frame.sample_rate;
  layout.channels = frame.ch_layout.nb_channels;
  if (layout == layout_) return true;
  if (frame.format != AV_SAMPLE_FMT_FLTP || layout.channels < 1 || layout.channels > 64 || layout.rate < 1)
    return false;
  std::array<GstAudioChannelPosition, 64> positions{};
  const bool placed = frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE &&
                      gst_audio_channel_positions_from_mask(layout.channels, frame.ch_layout.u.mask,
                                                            positions.data()) != FALSE;
  GstAudioInfo info;
  gst_audio_info_init(&info);
  gst_audio_info_set_format(&info, GST_AUDIO_FORMAT_F32LE, layout.rate, layout.channels,
                            placed ? positions.data() : nullptr);
  caps_.reset(gst_audio_info_to_caps(&info));
  if (caps_) layout_ = layout;
  return caps_ != nullptr;
}

BufferPtr FrameWrapper::wrapSound(const AVFrame& frame) {
  const int channels = frame.ch_layout.nb_channels, samples = frame.nb_samples;
  if (samples <= 0) return nullptr;
  BufferPtr out(gst_buffer_new_allocate(
      nullptr, static_cast<gsize>(samples) * static_cast<gsize>(channels) * sizeof(float), nullptr));
  GstMapInfo map;
  if (!out || gst_buffer_map(out.get(), &map, GST_MAP_WRITE) == FALSE) return nullptr;
  auto* to = reinterpret_cast<float*>(map.data);
  for (int channel = 0; channel < channels; ++channel) {
    const auto* from = reinterpret_cast<const float*>(frame.extended_data[channel]);
    for (int n = 0; n < samples; ++n) to[n * channels + channel] = from[n];
  }
  gst_buffer_unmap(out.get(), &map);
  return out;
}

}  // namespace diemcau::probe
