// One decoder used as a function: an encoded buffer goes in, pictures or sound come out before the call
// returns. Not part of a pipeline, so that the caller alone decides which frames are worth decoding. One
// thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "agent/probe/gst_ptr.hpp"

namespace diemcau::probe {

class Decoder {
 public:
  // The caps stay the same object for as long as the layout does.
  using Output = std::function<void(GstBuffer* buffer, GstCaps* caps)>;

  // Counts at the begin and at the end of each buffer: odd while the decoder is at one. Another thread sees
  // by it that a decoder never comes back.
  using Work = std::atomic<std::uint32_t>;

  // `name`: see Codec::decoder. nullptr when there is no such decoder. `work` lives longer than it.
  static std::unique_ptr<Decoder> open(const char* name, Output output, Work* work = nullptr);
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // False: the decoder refused it. Damage inside counts in takeErrors().
  bool decode(GstBuffer* buffer, GstCaps* caps);
  // Everything that it still holds comes out; the next buffer must be a key frame.
  void drain();
  // Buffers that could be decoded only with errors, since the last call.
  unsigned takeErrors() { return std::exchange(errors_, 0U); }
  // Nobody looks at the pictures: edges between blocks need not be smoothed, which is a sixth of the work.
  virtual void setUnseen(bool /*unseen*/) {}

 protected:
  Decoder() = default;
  void give(GstBuffer* buffer, GstCaps* caps) { output_(buffer, caps); }

 private:
  virtual bool put(GstBuffer* buffer, GstCaps* caps, unsigned& errors) = 0;
  virtual void finish() = 0;

  Output output_;
  Work* work_ = nullptr;
  unsigned errors_ = 0;
};

}  // namespace diemcau::probe
