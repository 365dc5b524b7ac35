#include "agent/probe/decoder.hpp"

#include <string_view>

#include "agent/probe/element_decoder.hpp"
#include "agent/probe/libav_decoder.hpp"

namespace diemcau::probe {
namespace {

constexpr std::string_view kLibav = "libav:";

class AtWork {
 public:
  explicit AtWork(Decoder::Work* work) : work_(work) { count(); }
  ~AtWork() { count(); }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

 private:
  void count() {
    if (work_ != nullptr) work_->fetch_add(1, std::memory_order_relaxed);
  }
  Decoder::Work* const work_;
};

}  // namespace

std::unique_ptr<Decoder> Decoder::open(const char* name, Output output, Work* work) {
  std::unique_ptr<Decoder> decoder = std::string_view(name).starts_with(kLibav)
                                         ? LibavDecoder::open(name + kLibav.size())
                                         : ElementDecoder::open(name);
  if (!decoder) return nullptr;
  decoder->output_ = std::move(output);
  decoder->work_ = work;
  return decoder;
}

bool Decoder::decode(GstBuffer* buffer, GstCaps* caps) {
  const AtWork at_work(work_);
  unsigned errors = 0;
  const bool taken = put(buffer, caps, errors);
  if (!taken || errors > 0) ++errors_;
  return taken;
}

void Decoder::drain() {
  const AtWork at_work(work_);
  finish();
}

}  // namespace diemcau::probe
