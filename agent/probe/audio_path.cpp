#include "agent/probe/audio_path.hpp"

#include <fmt/format.h>
#include <gst/audio/audio.h>

#include <cstring>

#include "wire/picture_mark.hpp"

namespace diemcau::probe {
namespace {

template <class Sample>
void convert(const GstMapInfo& map, double scale, std::vector<float>& out) {
  const std::size_t count = map.size / sizeof(Sample);
  out.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    Sample sample;
    std::memcpy(&sample, map.data + i * sizeof(Sample), sizeof(Sample));
    out[i] = static_cast<float>(static_cast<double>(sample) * scale);
  }
}

bool toFloat(const GstMapInfo& map, GstAudioFormat format, std::vector<float>& out) {
  switch (format) {
    case GST_AUDIO_FORMAT_F32LE:
      convert<float>(map, 1, out);
      return true;
    case GST_AUDIO_FORMAT_F64LE:
      convert<double>(map, 1, out);
      return true;
    case GST_AUDIO_FORMAT_S16LE:
      convert<std::int16_t>(map, 1.0 / 32768, out);
      return true;
    case GST_AUDIO_FORMAT_S32LE:
      convert<std::int32_t>(map, 1.0 / 2147483648.0, out);
      return true;
    default:
      return false;
  }
}

// Decoders may give one channel after the other; loudness weighs each channel by itself.
void interleave(std::vector<float>& samples, unsigned channels) {
  const std::size_t frames = samples.size() / channels;
  std::vector<float> mixed(frames * channels);
  for (unsigned channel = 0; channel < channels; ++channel)
    for (std::size_t i = 0; i < frames; ++i) mixed[i * channels + channel] = samples[channel * frames + i];
  samples.swap(mixed);
}

}  // namespace

void AudioPath::restart() {
  decoder_.reset();
  noted_.reset();
  sound_caps_.reset();
}

void AudioPath::noteFormat(const std::string& codec, GstCaps* caps) {
  if (noted_.get() == caps) return;
  noted_ = share(caps);
  const AudioFormat format = probe::audioFormat(caps);
  meter_.audioFormat(codec, format.channels, format.rate);
}

void AudioPath::frame(const Codec& codec, const Frame& frame) {
  noteFormat(codec.name, frame.caps);
  meter_.audioFrame(clock_.steady(), gst_buffer_get_size(frame.buffer));
  const GstClockTime own = GST_BUFFER_DTS_OR_PTS(frame.buffer);
  if (GST_CLOCK_TIME_IS_VALID(own)) offset_s_ = frame.stream_s - static_cast<double>(own) / GST_SECOND;
  if (codec.decoder == nullptr) return onSound(frame.buffer, frame.caps);
  if (!decoder_) {
    decoder_ = Decoder::open(
        codec.decoder, [this](GstBuffer* sound, GstCaps* caps) { onSound(sound, caps); }, &work_);
  }
  if (!decoder_) return;
  decoder_->decode(frame.buffer, frame.caps);
  meter_.decodeErrors(decoder_->takeErrors());
}

void AudioPath::listenForMark(unsigned channels, unsigned rate) {
  const auto number = marks_.add(samples_.data(), samples_.size() / channels, channels, rate);
  if (!number) return;
  const bool ours = *number == wire::briefingNumber(wanted_mark_);
  meter_.heard(clock_.steady(), ours ? wanted_mark_ : fmt::format("#{:08x}", *number));
}

void AudioPath::onSound(GstBuffer* sound, GstCaps* caps) {
  if (sound_caps_.get() != caps) {
    sound_caps_.reset();
    if (gst_audio_info_from_caps(&sound_, caps) == FALSE) return;
    sound_caps_ = share(caps);
  }
  std::optional<double> stream_s;
  if (GST_BUFFER_PTS_IS_VALID(sound))
    stream_s = static_cast<double>(GST_BUFFER_PTS(sound)) / GST_SECOND + offset_s_;
  if (!read(sound)) return;
  measure(stream_s);
  if (want_.load(std::memory_order_relaxed) && stream_s) shown_(samples_, sound_, *stream_s);
}

bool AudioPath::read(GstBuffer* sound) {
  const auto channels = static_cast<unsigned>(GST_AUDIO_INFO_CHANNELS(&sound_));
  GstMapInfo map;
  if (channels == 0 || GST_AUDIO_INFO_RATE(&sound_) == 0 ||
      gst_buffer_map(sound, &map, GST_MAP_READ) == FALSE)
    return false;
  const bool known = toFloat(map, GST_AUDIO_INFO_FORMAT(&sound_), samples_);
  gst_buffer_unmap(sound, &map);
  if (known && GST_AUDIO_INFO_LAYOUT(&sound_) == GST_AUDIO_LAYOUT_NON_INTERLEAVED)
    interleave(samples_, channels);
  return known;
}

void AudioPath::measure(std::optional<double> stream_s) {
  const auto channels = static_cast<unsigned>(GST_AUDIO_INFO_CHANNELS(&sound_));
  const auto rate = static_cast<unsigned>(GST_AUDIO_INFO_RATE(&sound_));
  const std::size_t frames = samples_.size() / channels;
  meter_.sound(samples_.data(), frames, channels, rate);
  if (stream_s) {
    blocks_.add(samples_.data(), frames, channels, rate, *stream_s,
                [this](double t_s, double level_db) { meter_.soundLevel(t_s, level_db); });
  }
  if (!wanted_mark_.empty()) listenForMark(channels, rate);
}

}  // namespace diemcau::probe
