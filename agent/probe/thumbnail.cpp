// See thumbnail.hpp.
#include "agent/probe/thumbnail.hpp"

#include <algorithm>
#include <utility>

namespace diemcau::probe {
namespace {

// The mean of what each small sample covers. Deeper samples are brought to 8 bits.
void shrink(const GstVideoFrame& from, GstVideoFrame& to, guint component) {
  const auto* source = static_cast<const guint8*>(GST_VIDEO_FRAME_COMP_DATA(&from, component));
  auto* target = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(&to, component));
  const int width = GST_VIDEO_FRAME_COMP_WIDTH(&from, component),
            height = GST_VIDEO_FRAME_COMP_HEIGHT(&from, component),
            stride = GST_VIDEO_FRAME_COMP_STRIDE(&from, component),
            step = GST_VIDEO_FRAME_COMP_PSTRIDE(&from, component);
  const int columns = GST_VIDEO_FRAME_COMP_WIDTH(&to, component),
            rows = GST_VIDEO_FRAME_COMP_HEIGHT(&to, component),
            target_stride = GST_VIDEO_FRAME_COMP_STRIDE(&to, component);
  const int depth = GST_VIDEO_INFO_COMP_DEPTH(&from.info, component);
  const int shift = static_cast<int>(from.info.finfo->shift[component]) + depth - 8;
  const auto sample = [&](int x, int y) -> unsigned {
    const guint8* at =
        source + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(x) * step;
    return depth > 8 ? (static_cast<unsigned>(at[0]) | static_cast<unsigned>(at[1]) << 8) >> shift : *at;
  };
  for (int row = 0; row < rows; ++row) {
    const int top = row * height / rows, bottom = std::max(top + 1, (row + 1) * height / rows);
    for (int column = 0; column < columns; ++column) {
      const int left = column * width / columns, right = std::max(left + 1, (column + 1) * width / columns);
      unsigned sum = 0;
      for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) sum += sample(x, y);
      target[row * target_stride + column] =
          static_cast<guint8>(sum / static_cast<unsigned>((bottom - top) * (right - left)));
    }
  }
}

}  // namespace

void ThumbnailMaker::offer(const GstVideoFrame& picture, Micros now) {
  if (!made_ || missing_ || now < next_) return;
  next_ = now + kEvery;
  if (!GST_VIDEO_INFO_IS_YUV(&picture.info) || GST_VIDEO_FRAME_N_COMPONENTS(&picture) < 3) return;
  if (make(picture, kWidth) && jpeg_.size() > kMostBytes) make(picture, kSmaller);
  if (!jpeg_.empty() && jpeg_.size() <= kMostBytes) made_(std::exchange(jpeg_, {}));
}

bool ThumbnailMaker::make(const GstVideoFrame& picture, int most) {
  jpeg_.clear();
  const int width = GST_VIDEO_FRAME_WIDTH(&picture), height = GST_VIDEO_FRAME_HEIGHT(&picture);
  if (width < 16 || height < 16) return false;
  const int columns = std::min(most, width) & ~1;
  const int rows =
      std::clamp(static_cast<int>(static_cast<std::int64_t>(columns) * height / width), 16, 1024) & ~1;
  GstVideoInfo info;
  if (gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(columns),
                                static_cast<guint>(rows)) == FALSE)
    return false;
  info.fps_n = 0;
  info.fps_d = 1;
  const CapsPtr caps(gst_video_info_to_caps(&info));
  const BufferPtr small(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  GstVideoFrame mapped;
  if (!caps || !small || gst_video_frame_map(&mapped, &info, small.get(), GST_MAP_WRITE) == FALSE)
    return false;
  for (guint component = 0; component < 3; ++component) shrink(picture, mapped, component);
  gst_video_frame_unmap(&mapped);
  GST_BUFFER_PTS(small.get()) = 0;
  // An encoder is for one size: a picture of another one gets another encoder.
  if (encoder_ && (columns != encoder_width_ || rows != encoder_height_)) encoder_.reset();
  encoder_width_ = columns;
  encoder_height_ = rows;
  return encode(small.get(), caps.get());
}

bool ThumbnailMaker::encode(GstBuffer* small, GstCaps* caps) {
  if (!encoder_)
    encoder_ = Decoder::open("jpegenc", [this](GstBuffer* made, GstCaps*) {
      GstMapInfo map;
      if (gst_buffer_map(made, &map, GST_MAP_READ) == FALSE) return;
      jpeg_.assign(reinterpret_cast<const char*>(map.data), map.size);
      gst_buffer_unmap(made, &map);
    });
  missing_ = encoder_ == nullptr;
  return !missing_ && encoder_->decode(small, caps) && !jpeg_.empty();
}

}  // namespace diemcau::probe
