// Memory of decoded pictures, 3 MB each: reused while pictures come one after the other, and given back when
// only one now and then is needed. libavcodec by itself keeps as many as it ever needed.
#pragma once

#include <cstddef>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace diemcau::probe {

class PictureMemory {
 public:
  // The context must not outlive it; pictures may.
  void serve(AVCodecContext& context);
  // What is idle is given back, but for a picture or two: those of one key frame after the other.
  void trim();

 private:
  struct PoolGone {
    void operator()(AVBufferPool* pool) const { av_buffer_pool_uninit(&pool); }
  };
  static AVBufferRef* onMake(void* self, std::size_t size);
  static int onGet(AVCodecContext* context, AVFrame* frame, int flags);
  bool place(AVCodecContext& context, AVFrame& frame);

  std::unique_ptr<AVBufferPool, PoolGone> pool_;
  std::size_t size_ = 0;  // bytes of each picture
  std::size_t made_ = 0;  // pictures in the pool
};

}  // namespace diemcau::probe
