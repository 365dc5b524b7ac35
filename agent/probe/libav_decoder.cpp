#include "agent/probe/libav_decoder.hpp"

#include <cstring>
#include <mutex>

#include "agent/probe/codec.hpp"
#include "base/log.hpp"

namespace diemcau::probe {
namespace {

thread_local unsigned errors_told = 0;

// Decoders conceal damage and go on: what they say of it is the only place where it shows.
void countErrors(void*, int level, const char*, va_list) {
  if (level <= AV_LOG_ERROR) ++errors_told;
}

void listenOnce() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(&countErrors); });
}

std::int64_t ticks(GstClockTime time) {
  return GST_CLOCK_TIME_IS_VALID(time) ? static_cast<std::int64_t>(time) : AV_NOPTS_VALUE;
}

// What a decoder has to know besides the frames: of AAC without headers, and of Opus (its first header).
BufferPtr headerOf(GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const GValue* value = gst_structure_get_value(structure, "codec_data");
  if (const GValue* list = gst_structure_get_value(structure, "streamheader");
      value == nullptr && list != nullptr && gst_value_array_get_size(list) > 0)
    value = gst_value_array_get_value(list, 0);
  return share(value != nullptr && GST_VALUE_HOLDS_BUFFER(value) ? gst_value_get_buffer(value) : nullptr);
}

void setHeader(AVCodecContext& context, GstCaps* caps) {
  const BufferPtr header = headerOf(caps);
  const std::size_t size = header ? gst_buffer_get_size(header.get()) : 0;
  if (size == 0) return;
  context.extradata = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
  if (context.extradata == nullptr) return;
  gst_buffer_extract(header.get(), 0, context.extradata, size);
  context.extradata_size = static_cast<int>(size);
}

}  // namespace

std::unique_ptr<Decoder> LibavDecoder::open(const char* name) {
  const AVCodec* codec = avcodec_find_decoder_by_name(name);
  if (codec == nullptr) {
    logger("probe")->error("libavcodec has no decoder {}", name);
    return nullptr;
  }
  listenOnce();
  return std::unique_ptr<Decoder>(new LibavDecoder(codec));
}

void LibavDecoder::setUnseen(bool unseen) {
  unseen_ = unseen;
  if (context_) context_->skip_loop_filter = unseen ? AVDISCARD_ALL : AVDISCARD_DEFAULT;
}

bool LibavDecoder::start(GstCaps* caps) {
  in_caps_ = share(caps);
  packet_.reset(av_packet_alloc());
  frame_.reset(av_frame_alloc());
  context_.reset(avcodec_alloc_context3(codec_));
  if (!packet_ || !frame_) context_.reset();
  if (!context_) return false;
  // Errors show in our thread, and six probes share two cores.
  context_->thread_count = 1;
  context_->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
  context_->pkt_timebase = {1, static_cast<int>(GST_SECOND)};
  const AudioFormat sound = audioFormat(caps);
  context_->sample_rate = static_cast<int>(sound.rate);
  if (sound.channels > 0) av_channel_layout_default(&context_->ch_layout, static_cast<int>(sound.channels));
  setHeader(*context_, caps);
  memory_.serve(*context_);
  setUnseen(unseen_);
  wrapper_.newStream(caps);
  if (avcodec_open2(context_.get(), codec_, nullptr) == 0) return true;
  context_.reset();
  return false;
}

bool LibavDecoder::fill(GstBuffer* buffer) {
  const std::size_t size = gst_buffer_get_size(buffer);
  av_packet_unref(packet_.get());
  if (size == 0 || size > (1U << 30) || av_new_packet(packet_.get(), static_cast<int>(size)) != 0)
    return false;
  gst_buffer_extract(buffer, 0, packet_->data, size);
  packet_->pts = ticks(GST_BUFFER_PTS(buffer));
  packet_->dts = ticks(GST_BUFFER_DTS(buffer));
  return true;
}

bool LibavDecoder::put(GstBuffer* buffer, GstCaps* caps, unsigned& errors) {
  if (!in_caps_ || (in_caps_.get() != caps && gst_caps_is_equal(in_caps_.get(), caps) == FALSE)) {
    if (context_) finish();
    if (!start(caps)) return false;
  }
  if (!context_ || !fill(buffer)) return false;
  const unsigned before = errors_told;
  const int answer = avcodec_send_packet(context_.get(), packet_.get());
  av_packet_unref(packet_.get());
  takeAll();
  errors = errors_told - before;
  return answer == 0;
}

void LibavDecoder::takeAll() {
  while (avcodec_receive_frame(context_.get(), frame_.get()) == 0) {
    if (const BufferPtr buffer = wrapper_.wrap(*frame_)) give(buffer.get(), wrapper_.caps());
    av_frame_unref(frame_.get());
  }
}

void LibavDecoder::finish() {
  if (!context_ || avcodec_send_packet(context_.get(), nullptr) != 0) return;
  takeAll();
  avcodec_flush_buffers(context_.get());
  memory_.trim();
}

}  // namespace diemcau::probe
