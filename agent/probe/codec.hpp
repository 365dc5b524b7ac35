// Names, formats and decoders of the codecs that a probe reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/probe/gst_ptr.hpp"

namespace diemcau::probe {

struct Codec {
  std::string name;               // "h264", "aac", ...
  const char* parser = nullptr;   // element that cuts the stream into frames
  const char* decoder = nullptr;  // "libav:" and libavcodec's name, or an element; nullptr: raw
  const char* framed = nullptr;   // caps that the parser is asked for; nullptr: any
  bool video = false;
};

// What to do with a stream of these caps; name empty: not known. Raw caps (the test source) have neither
// element.
Codec codecOf(const GstCaps* caps);

// What RTP packets of these caps hold, by the name that RTSP gives them (RFC 3551, and those of each format).
struct Packing {
  const char* opener;  // element that takes it out
  Codec content;       // name empty: a transport stream
};
std::optional<Packing> packingOf(const GstCaps* caps);

struct VideoFormat {
  unsigned width = 0, height = 0;
  double fps = 0;  // as the stream says; 0: it does not
};
VideoFormat videoFormat(const GstCaps* caps);

struct AudioFormat {
  unsigned channels = 0, rate = 0;
};
AudioFormat audioFormat(const GstCaps* caps);

// Bytes of an H.264 or H.265 frame in byte-stream format without filler, which encoders with a constant rate
// add.
std::size_t codedSize(const std::uint8_t* data, std::size_t size, bool h265);

// Whether an H.264 frame in byte-stream format begins anew (IDR). One that parsers mark as a key frame may
// only hold intra slices: its number goes on from the frames before, without which libav does not decode it.
bool beginsAnew(const std::uint8_t* data, std::size_t size);

}  // namespace diemcau::probe
