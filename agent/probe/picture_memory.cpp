#include "agent/probe/picture_memory.hpp"

#include <algorithm>

extern "C" {
#include <libavutil/imgutils.h>
}

namespace diemcau::probe {
namespace {

// More than the 16 + STRIDE_ALIGN - 1 bytes behind a plane that libavcodec's own pictures have.
constexpr std::size_t kBehind = 128;
constexpr std::size_t kPlanes = 3;
// 8K, with room: beyond it is damage, or somebody who wants to fill this machine.
constexpr std::int64_t kMostPixels = 8192LL * 4608;
constexpr std::size_t kMostIdle = 7U << 20;  // bytes: two pictures of Full HD

}  // namespace

void PictureMemory::serve(AVCodecContext& context) {
  context.max_pixels = kMostPixels;
  if ((context.codec->capabilities & AV_CODEC_CAP_DR1) == 0) return;
  context.opaque = this;
  context.get_buffer2 = &PictureMemory::onGet;
}

void PictureMemory::trim() {
  if (made_ * size_ > kMostIdle) pool_.reset();
}

// Only for a pool in use: one that was given up makes nothing more.
AVBufferRef* PictureMemory::onMake(void* self, std::size_t size) {
  ++static_cast<PictureMemory*>(self)->made_;
  return av_buffer_alloc(size);
}

int PictureMemory::onGet(AVCodecContext* context, AVFrame* frame, int flags) {
  if (context->codec_type == AVMEDIA_TYPE_VIDEO &&
      static_cast<PictureMemory*>(context->opaque)->place(*context, *frame))
    return 0;
  return avcodec_default_get_buffer2(context, frame, flags);
}

// One block for all planes. False: a layout that libavcodec is to place itself.
bool PictureMemory::place(AVCodecContext& context, AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  int width = frame.width, height = frame.height, align[AV_NUM_DATA_POINTERS] = {};
  avcodec_align_dimensions2(&context, &width, &height, align);
  // Chroma has half of luma's width, and must be aligned too.
  width = FFALIGN(width, 2 * *std::max_element(align, align + kPlanes));
  std::size_t sizes[4] = {};
  if (av_pix_fmt_count_planes(format) != int{kPlanes} ||
      av_image_fill_linesizes(frame.linesize, format, width) < 0)
    return false;
  const std::ptrdiff_t lines[4] = {frame.linesize[0], frame.linesize[1], frame.linesize[2], 0};
  if (av_image_fill_plane_sizes(sizes, format, height, lines) < 0) return false;
  std::size_t all = 0;
  for (std::size_t plane = 0; plane < kPlanes; ++plane)
    all += sizes[plane] = FFALIGN(sizes[plane] + kBehind, 64);
  if (all != size_ || !pool_) {
    pool_.reset(av_buffer_pool_init2(all, this, &PictureMemory::onMake, nullptr));
    size_ = all;
    made_ = 0;
  }
  frame.buf[0] = pool_ ? av_buffer_pool_get(pool_.get()) : nullptr;
  if (frame.buf[0] == nullptr) return false;
  std::uint8_t* at = frame.buf[0]->data;
  for (std::size_t plane = 0; plane < kPlanes; ++plane) {
    frame.data[plane] = at;
    at += sizes[plane];
  }
  frame.extended_data = frame.data;
  return true;
}

}  // namespace diemcau::probe
