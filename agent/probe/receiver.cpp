#include "agent/probe/receiver.hpp"

#include <gst/app/gstappsink.h>
#include <gst/base/gstbaseparse.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>

#include "agent/probe/elements.hpp"
#include "agent/probe/pacer.hpp"
#include "agent/probe/problem.hpp"
#include "agent/probe/source.hpp"
#include "agent/probe/srt_stats.hpp"
#include "agent/probe/test_source.hpp"
#include "agent/probe/transport_reader.hpp"
#include "agent/probe/ts_pace.hpp"
#include "base/text.hpp"

namespace diemcau::probe {
namespace {

using std::chrono::milliseconds;

constexpr guint64 kQueueTime = 3 * GST_SECOND;
constexpr guint kBranchBytes = 32 << 20;
constexpr guint kSourceQueueBytes = 16 << 20;

TransportReader::Source readerFor(FeedKind kind) {
  if (kind == FeedKind::kFile) return TransportReader::Source::kFile;
  return kind == FeedKind::kHls ? TransportReader::Source::kPlaylist : TransportReader::Source::kLive;
}

class PipelineReceiver;

// One elementary stream behind the demultiplexer.
struct Branch {
  PipelineReceiver* owner = nullptr;
  Codec codec;
  bool first = true;
  Progress progress;
};

class PipelineReceiver : public Receiver {
 public:
  PipelineReceiver(const FeedAddress& address, ReceiverEvents& events)
      : address_(address),
        paced_(paced(address)),
        events_(events),
        transport_(readerFor(address.kind), events) {}
  ~PipelineReceiver() override;

  tl::expected<void, v1::Text> build(const std::string& passphrase);
  std::optional<Ended> wait(milliseconds most) override;
  LinkStats link() override;

 private:
  tl::expected<void, v1::Text> buildDemuxed(const std::string& passphrase);
  tl::expected<void, v1::Text> buildCapture(GstCaps* wanted);
  void addPackets(GstPad* pad);
  void addContainer(GstPad* pad, const char* factory);
  bool addDemuxer(const char* factory, GstElement* upstream);
  void addBranch(GstPad* pad);
  void addCodec(GstPad* pad, Codec codec);
  bool buildBranch(GstPad* pad, Branch& branch);
  void watchSource(GstPad* pad);
  GstElement* add(const char* factory);
  Branch* takeBranch(bool video);
  void frame(Branch& branch, GstSample* sample, bool first);
  bool onlyOneStreamIsBad(GstMessage* message) const;

  static void onPadAdded(GstElement* element, GstPad* pad, gpointer self);
  static void onPacketsAdded(GstElement* element, GstPad* pad, gpointer self);
  static void onNoMorePads(GstElement* element, gpointer self);
  static GstPadProbeReturn onSourceData(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn onDemuxedData(GstPad* pad, GstPadProbeInfo* info, gpointer branch);
  static GstFlowReturn onSample(GstAppSink* sink, gpointer branch);

  const FeedAddress address_;
  const bool paced_;  // see paced()
  ReceiverEvents& events_;
  ElementPtr pipeline_;
  BusPtr bus_;
  GstElement* source_ = nullptr;  // the pipeline's
  Pacer pacer_;
  std::unique_ptr<TestSource> test_;
  std::mutex branches_mutex_;
  std::array<Branch, 2> branches_;  // picture, sound
  TransportReader transport_;
  TsPace pace_;                       // of a file
  std::atomic<bool> demuxed_{false};  // a whole frame came out of a parser
  bool count_packets_ = false;
};

PipelineReceiver::~PipelineReceiver() {
  pacer_.cancel();
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

GstElement* PipelineReceiver::add(const char* factory) {
  GstElement* element = makeElement(factory);
  if (element != nullptr) gst_bin_add(GST_BIN(pipeline_.get()), element);
  return element;
}

tl::expected<void, v1::Text> PipelineReceiver::build(const std::string& passphrase) {
  pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new("feed"))));
  bus_.reset(gst_element_get_bus(pipeline_.get()));
  if (address_.kind == FeedKind::kTest) {
    test_ = std::make_unique<TestSource>(address_.pattern);
    for (GstPad* pad : test_->addTo(GST_BIN(pipeline_.get()))) addBranch(pad);
  } else if (const CapsPtr wanted(wantedOfDevice(address_.kind)); wanted) {
    if (auto ok = buildCapture(wanted.get()); !ok) return ok;
  } else if (auto ok = buildDemuxed(passphrase); !ok) {
    return ok;
  }
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    // The reason is on the bus where there is one.
    const auto ended = wait(milliseconds(0));
    return tl::unexpected<v1::Text>(ended ? ended->problem : noData(address_));
  }
  return {};
}

tl::expected<void, v1::Text> PipelineReceiver::buildDemuxed(const std::string& passphrase) {
  const auto demuxer = demuxerFor(address_);
  if (!demuxer) return tl::unexpected<v1::Text>(demuxer.error());
  const auto source = makeSource(address_, passphrase);
  if (!source) return tl::unexpected<v1::Text>(source.error());
  source_ = *source;
  gst_bin_add(GST_BIN(pipeline_.get()), source_);
  if (address_.kind == FeedKind::kRtsp) {
    g_signal_connect(source_, "pad-added", G_CALLBACK(&PipelineReceiver::onPacketsAdded), this);
    return {};
  }
  const bool transport = std::strcmp(*demuxer, "tsdemux") == 0;
  count_packets_ = transport;

  GstElement* last = source_;
  const bool rtmp = address_.kind == FeedKind::kRtmp;
  const bool socket = rtmp || address_.kind == FeedKind::kUdp || address_.kind == FeedKind::kRtp;
  if (socket || (address_.kind == FeedKind::kFile && transport)) {
    // A socket must be emptied while a group of pictures is decoded again; a file must be read from its start
    // to its end and not at random, for its packets to be counted.
    last = add("queue");
    if (last == nullptr) return tl::unexpected<v1::Text>(noData(address_));
    g_object_set(last, "max-size-bytes", kSourceQueueBytes, "max-size-buffers", 0U, "max-size-time",
                 static_cast<guint64>(0), nullptr);
    gst_element_link(source_, last);
  }
  if (transport || rtmp) {
    // Before a socket's queue, where packets arrive; behind a file's, which is filled at once.
    const PadPtr pad(gst_element_get_static_pad(address_.kind == FeedKind::kFile ? last : source_, "src"));
    watchSource(pad.get());
  }
  if (!addDemuxer(*demuxer, last)) {
    return tl::unexpected<v1::Text>(text("không dựng được bộ nhận", "the receiver could not be built"));
  }
  return {};
}

// source ! capsfilter: what comes is raw, or whole pictures. What it is, is known before the device is.
tl::expected<void, v1::Text> PipelineReceiver::buildCapture(GstCaps* wanted) {
  const auto source = makeSource(address_, {});
  if (!source) return tl::unexpected<v1::Text>(source.error());
  source_ = *source;
  gst_bin_add(GST_BIN(pipeline_.get()), source_);
  GstElement* filter = add("capsfilter");
  if (filter == nullptr || gst_element_link(source_, filter) == FALSE) {
    return tl::unexpected<v1::Text>(text("không dựng được bộ nhận", "the receiver could not be built"));
  }
  g_object_set(filter, "caps", wanted, nullptr);
  const PadPtr pad(gst_element_get_static_pad(filter, "src"));
  watchSource(pad.get());
  addCodec(pad.get(), codecOf(wanted));
  return {};
}

bool PipelineReceiver::addDemuxer(const char* factory, GstElement* upstream) {
  GstElement* demuxer = add(factory);
  if (demuxer == nullptr) return false;
  g_signal_connect(demuxer, "pad-added", G_CALLBACK(&PipelineReceiver::onPadAdded), this);
  g_signal_connect(demuxer, "no-more-pads", G_CALLBACK(&PipelineReceiver::onNoMorePads), this);
  if (upstream != nullptr && gst_element_link(upstream, demuxer) == FALSE) return false;
  return gst_element_sync_state_with_parent(demuxer) != FALSE;
}

void PipelineReceiver::onPadAdded(GstElement*, GstPad* pad, gpointer self) {
  static_cast<PipelineReceiver*>(self)->addBranch(pad);
}

void PipelineReceiver::onPacketsAdded(GstElement*, GstPad* pad, gpointer self) {
  static_cast<PipelineReceiver*>(self)->addPackets(pad);
}

void PipelineReceiver::onNoMorePads(GstElement* element, gpointer data) {
  auto* self = static_cast<PipelineReceiver*>(data);
  const std::lock_guard lock(self->branches_mutex_);
  if (self->branches_[0].owner != nullptr || self->branches_[1].owner != nullptr) return;
  if (std::strcmp(GST_OBJECT_NAME(gst_element_get_factory(element)), "hlsdemux") == 0) return;
  GST_ELEMENT_ERROR(element, STREAM, DEMUX, ("no picture and no sound that can be read"), (nullptr));
}

Branch* PipelineReceiver::takeBranch(bool video) {
  const std::lock_guard lock(branches_mutex_);
  Branch& branch = branches_[video ? 0 : 1];
  if (branch.owner != nullptr) return nullptr;  // the first of each kind is the one that counts
  branch.owner = this;
  return &branch;
}

void PipelineReceiver::addBranch(GstPad* pad) {
  CapsPtr caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_is_empty(caps.get()) != FALSE || gst_caps_is_any(caps.get()) != FALSE) return;
  const GstStructure* structure = gst_caps_get_structure(caps.get(), 0);
  // Of HLS: its fragments, end to end.
  if (gst_structure_has_name(structure, "video/mpegts") != FALSE) return addContainer(pad, "tsdemux");
  if (gst_structure_has_name(structure, "video/quicktime") != FALSE) return addContainer(pad, "qtdemux");
  addCodec(pad, codecOf(caps.get()));
}

// A container within another one, or within packets.
void PipelineReceiver::addContainer(GstPad* pad, const char* factory) {
  watchSource(pad);
  GstElement* demuxer = add(factory);
  if (demuxer == nullptr) return;
  g_signal_connect(demuxer, "pad-added", G_CALLBACK(&PipelineReceiver::onPadAdded), this);
  g_signal_connect(demuxer, "no-more-pads", G_CALLBACK(&PipelineReceiver::onNoMorePads), this);
  const PadPtr sink(gst_element_get_static_pad(demuxer, "sink"));
  gst_element_sync_state_with_parent(demuxer);
  gst_pad_link(pad, sink.get());
}

// One stream of a session over RTSP; one that cannot be read is left out.
void PipelineReceiver::addPackets(GstPad* pad) {
  CapsPtr caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  const auto packing = packingOf(caps.get());
  GstElement* opener = packing ? add(packing->opener) : nullptr;
  if (opener == nullptr) return;
  const PadPtr in(gst_element_get_static_pad(opener, "sink"));
  const PadPtr out(gst_element_get_static_pad(opener, "src"));
  if (packing->content.name.empty()) {
    count_packets_ = true;
    addContainer(out.get(), "tsdemux");
  } else {
    watchSource(pad);
    addCodec(out.get(), packing->content);
  }
  gst_element_sync_state_with_parent(opener);
  gst_pad_link(pad, in.get());
}

void PipelineReceiver::watchSource(GstPad* pad) {
  gst_pad_add_probe(pad,
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    &PipelineReceiver::onSourceData, this, nullptr);
}

void PipelineReceiver::addCodec(GstPad* pad, Codec codec) {
  if (codec.name.empty()) return;
  Branch* branch = takeBranch(codec.video);
  if (branch == nullptr) return;
  branch->codec = std::move(codec);
  if (!buildBranch(pad, *branch)) {
    const std::lock_guard lock(branches_mutex_);
    branch->owner = nullptr;
  }
}

// pad ! queue (when paced) ! parser ! appsink
bool PipelineReceiver::buildBranch(GstPad* pad, Branch& branch) {
  std::vector<GstElement*> chain;
  if (paced_) {
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, &PipelineReceiver::onDemuxedData, &branch, nullptr);
    chain.push_back(add("queue"));
    if (chain.back() == nullptr) return false;
    g_object_set(chain.back(), "max-size-time", kQueueTime, "max-size-bytes", kBranchBytes,
                 "max-size-buffers", 0U, nullptr);
  }
  if (branch.codec.parser != nullptr) {
    chain.push_back(add(branch.codec.parser));
    if (chain.back() == nullptr) return false;
    // Parameter sets before every key frame: any group can then be decoded by itself.
    if (branch.codec.video && std::strcmp(branch.codec.parser, "mpegvideoparse") != 0) {
      g_object_set(chain.back(), "config-interval", -1, nullptr);
    }
  }
  GstElement* sink = add("appsink");
  if (sink == nullptr) return false;
  chain.push_back(sink);
  g_object_set(sink, "sync", FALSE, "async", FALSE, "max-buffers", 4U, "enable-last-sample", FALSE,
               "wait-on-eos", FALSE, nullptr);
  if (branch.codec.framed != nullptr) {
    const CapsPtr framed(gst_caps_from_string(branch.codec.framed));  // our own constant
    gst_app_sink_set_caps(GST_APP_SINK(sink), framed.get());
  }
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = &PipelineReceiver::onSample;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, &branch, nullptr);

  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (gst_element_link(chain[i], chain[i + 1]) == FALSE) return false;
  }
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) gst_element_sync_state_with_parent(*it);
  const PadPtr first(gst_element_get_static_pad(chain.front(), "sink"));
  return gst_pad_link(pad, first.get()) == GST_PAD_LINK_OK;
}

GstPadProbeReturn PipelineReceiver::onSourceData(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<PipelineReceiver*>(data);
  const auto one = [self](GstBuffer* buffer) {
    if (!self->count_packets_) return self->events_.onReceived(gst_buffer_get_size(buffer));
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return;
    if (self->address_.kind == FeedKind::kFile) self->pacer_.wait(self->pace_.add(map.data, map.size));
    self->transport_.add(map.data, map.size);
    self->events_.onReceived(map.size);
    gst_buffer_unmap(buffer, &map);
  };
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    one(GST_PAD_PROBE_INFO_BUFFER(info));
  } else if (GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info); list != nullptr) {
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) one(gst_buffer_list_get(list, i));
  }
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn PipelineReceiver::onDemuxedData(GstPad*, GstPadProbeInfo* info, gpointer data) {
  const auto* branch = static_cast<Branch*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  branch->owner->events_.onDemuxed(gst_buffer_get_size(buffer));
  if (branch->codec.video) branch->owner->transport_.demuxed(GST_BUFFER_PTS(buffer));
  return GST_PAD_PROBE_OK;
}

GstFlowReturn PipelineReceiver::onSample(GstAppSink* sink, gpointer data) {
  auto* branch = static_cast<Branch*>(data);
  const SamplePtr sample(gst_app_sink_pull_sample(sink));
  if (!sample) return GST_FLOW_EOS;
  branch->owner->frame(*branch, sample.get(), branch->first);
  branch->first = false;
  return GST_FLOW_OK;
}

void PipelineReceiver::frame(Branch& branch, GstSample* sample, bool first) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  GstCaps* caps = gst_sample_get_caps(sample);
  if (buffer == nullptr || caps == nullptr) return;
  const GstSegment* segment = gst_sample_get_segment(sample);
  GstClockTime at = GST_BUFFER_DTS_OR_PTS(buffer);
  if (segment != nullptr && segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID(at)) {
    int sign = 1;
    guint64 running = 0;
    sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, at, &running);
    at = sign > 0 ? running : 0;
  }
  demuxed_.store(true, std::memory_order_relaxed);
  // Of MPEG audio only the parser knows the layer, and a device chooses among what it is asked for.
  if (first && (!branch.codec.video || capturesPictures(address_.kind))) {
    if (Codec parsed = codecOf(caps); !parsed.name.empty()) branch.codec = std::move(parsed);
  }
  Frame out{buffer, caps};
  out.stream_s = GST_CLOCK_TIME_IS_VALID(at) ? static_cast<double>(at) / GST_SECOND : 0;
  out.key = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE;
  out.discontinuity = !first && GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT) != FALSE;
  if (paced_ && GST_CLOCK_TIME_IS_VALID(at) && !pacer_.wait(branch.progress.next(out.stream_s))) return;
  if (branch.codec.video) {
    if (paced_) transport_.played(GST_BUFFER_PTS(buffer));
    events_.onVideo(branch.codec, out);
  } else {
    events_.onAudio(branch.codec, out);
  }
}

// A parser that reached the end of a file without one whole frame says so as an error, and ends all the same.
// The other stream may have been good, or the packets counted: how the file ends is said by the pipeline.
bool PipelineReceiver::onlyOneStreamIsBad(GstMessage* message) const {
  if (address_.kind != FeedKind::kFile || !demuxed_.load(std::memory_order_relaxed)) return false;
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return false;
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  const ErrorPtr owned(error);
  return g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE) != FALSE &&
         GST_IS_BASE_PARSE(GST_MESSAGE_SRC(message));
}

std::optional<Receiver::Ended> PipelineReceiver::wait(milliseconds most) {
  const MessagePtr message(
      gst_bus_timed_pop_filtered(bus_.get(), static_cast<GstClockTime>(most.count()) * GST_MSECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS)));
  if (!message || onlyOneStreamIsBad(message.get())) return {};
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return Ended{true, endOfFeed(address_)};
  GError* error = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message.get(), &error, &debug);
  const ErrorPtr owned(error);
  const TextPtr owned_debug(debug);
  return Ended{false, explain(address_, *error, debug != nullptr ? debug : "")};
}

LinkStats PipelineReceiver::link() {
  LinkStats out;
  out.lost = transport_.lost();
  if (address_.kind != FeedKind::kSrt || source_ == nullptr) return out;
  readSrtStats(source_, out);
  return out;
}

}  // namespace

bool paced(const FeedAddress& address) {
  if (address.kind == FeedKind::kHls) return true;
  if (address.kind != FeedKind::kFile) return false;
  const auto demuxer = demuxerFor(address);
  return !demuxer || std::strcmp(*demuxer, "tsdemux") != 0;
}

tl::expected<std::unique_ptr<Receiver>, v1::Text> Receiver::open(const FeedAddress& address,
                                                                 const std::string& passphrase,
                                                                 ReceiverEvents& events) {
  auto receiver = std::make_unique<PipelineReceiver>(address, events);
  if (auto ok = receiver->build(passphrase); !ok) return tl::unexpected<v1::Text>(ok.error());
  return receiver;
}

}  // namespace diemcau::probe
