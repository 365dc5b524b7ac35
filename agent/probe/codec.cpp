#include "agent/probe/codec.hpp"

#include <algorithm>
#include <array>

#include "wire/feed_mark.hpp"

namespace diemcau::probe {
namespace {

constexpr const char* kH264 = "video/x-h264,stream-format=byte-stream,alignment=au";
// Raw frames stay raw: what aacparse makes of Matroska's with headers cannot be decoded.
constexpr const char* kAac = "audio/mpeg,mpegversion=4,framed=true,stream-format={adts,raw}";
constexpr const char* kH265 = "video/x-h265,stream-format=byte-stream,alignment=au";

int number(const GstStructure* structure, const char* field) {
  int value = 0;
  gst_structure_get_int(structure, field, &value);
  return value;
}

Codec mpegAudio(const GstStructure* structure) {
  const int version = number(structure, "mpegversion");
  if (version == 2 || version == 4) {
    return {"aac", "aacparse", "libav:aac", kAac, false};
  }
  // Until the parser has seen a frame the layer is not known.
  if (number(structure, "layer") == 3) return {"mp3", "mpegaudioparse", "libav:mp3float", nullptr, false};
  return {"mp2", "mpegaudioparse", "libav:mp2float", nullptr, false};
}

}  // namespace

Codec codecOf(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_is_empty(caps) != FALSE || gst_caps_is_any(caps) != FALSE) return {};
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const char* name = gst_structure_get_name(structure);
  const auto is = [name](const char* other) { return std::strcmp(name, other) == 0; };
  if (is("video/x-h264")) return {"h264", "h264parse", "libav:h264", kH264, true};
  if (is("video/x-h265")) return {"h265", "h265parse", "libav:hevc", kH265, true};
  if (is("video/mpeg") && number(structure, "mpegversion") <= 2) {
    return {"mpeg2", "mpegvideoparse", "libav:mpeg2video", nullptr, true};
  }
  if (is("image/jpeg")) return {"mjpeg", nullptr, "jpegdec", nullptr, true};
  if (is("video/x-raw")) return {"raw", nullptr, nullptr, nullptr, true};
  if (is("audio/mpeg")) return mpegAudio(structure);
  if (is("audio/x-ac3")) return {"ac3", "ac3parse", "libav:ac3", nullptr, false};
  if (is("audio/x-eac3")) return {"eac3", "ac3parse", "libav:eac3", nullptr, false};
  if (is("audio/x-opus")) return {"opus", "opusparse", "libav:opus", nullptr, false};
  if (is("audio/x-raw")) return {"raw", nullptr, nullptr, nullptr, false};
  return {};
}

std::optional<Packing> packingOf(const GstCaps* caps) {
  struct Row {
    const char *encoding, *opener, *content;
  };
  constexpr std::array kRows = {
      Row{"H264", "rtph264depay", "video/x-h264"},
      Row{"H265", "rtph265depay", "video/x-h265"},
      Row{"MPV", "rtpmpvdepay", "video/mpeg,mpegversion=2"},
      Row{"MPEG4-GENERIC", "rtpmp4gdepay", "audio/mpeg,mpegversion=4"},
      Row{"MPA", "rtpmpadepay", "audio/mpeg,mpegversion=1"},
      Row{"OPUS", "rtpopusdepay", "audio/x-opus"},
      Row{"AC3", "rtpac3depay", "audio/x-ac3"},
      Row{"MP2T", "rtpmp2tdepay", ""},
  };
  if (caps == nullptr || gst_caps_is_empty(caps) != FALSE || gst_caps_is_any(caps) != FALSE) return {};
  const char* encoding = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  if (encoding == nullptr) return {};
  for (const Row& row : kRows) {
    if (g_ascii_strcasecmp(encoding, row.encoding) != 0) continue;
    const CapsPtr content(*row.content == 0 ? nullptr
                                            : gst_caps_from_string(row.content));  // our own constant
    return Packing{row.opener, codecOf(content.get())};
  }
  return {};
}

VideoFormat videoFormat(const GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  VideoFormat out;
  out.width = static_cast<unsigned>(std::max(0, number(structure, "width")));
  out.height = static_cast<unsigned>(std::max(0, number(structure, "height")));
  int above = 0, below = 0;
  if (gst_structure_get_fraction(structure, "framerate", &above, &below) != FALSE && below > 0) {
    out.fps = static_cast<double>(above) / below;
  }
  return out;
}

AudioFormat audioFormat(const GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  return {static_cast<unsigned>(std::max(0, number(structure, "channels"))),
          static_cast<unsigned>(std::max(0, number(structure, "rate")))};
}

std::size_t codedSize(const std::uint8_t* data, std::size_t size, bool h265) {
  constexpr int kFillerH264 = 12, kFillerH265 = 38;
  std::size_t filler = 0;
  std::size_t unit = wire::afterStartCode(data, size, 0);
  while (unit < size) {
    const std::size_t next = wire::afterStartCode(data, size, unit);
    const int type = h265 ? data[unit] >> 1 & 63 : data[unit] & 31;
    if (type == (h265 ? kFillerH265 : kFillerH264)) filler += next - unit;
    unit = next;
  }
  return size - filler;
}

bool beginsAnew(const std::uint8_t* data, std::size_t size) {
  constexpr int kSlice = 1, kIdr = 5;
  for (std::size_t unit = wire::afterStartCode(data, size, 0); unit < size;
       unit = wire::afterStartCode(data, size, unit)) {
    const int type = data[unit] & 31;
    if (type == kIdr) return true;
    if (type == kSlice) return false;
  }
  return false;
}

}  // namespace diemcau::probe
