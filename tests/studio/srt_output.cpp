// The SRT listener: one pipeline of its own, so that a cut can take it down and bring it back while encoding
// goes on.
#include <fmt/format.h>
#include <gst/app/gstappsrc.h>

#include <atomic>

#include "tests/studio/gst_handles.hpp"
#include "tests/studio/output.hpp"
#include "tests/studio/transport.hpp"

namespace diemcau::studio {

namespace {

// Two seconds of a fast feed may wait; past that the oldest goes, because it would be late anyway.
constexpr const char* kPipeline =
    "appsrc name=packets format=bytes max-bytes=2000000 leaky-type=downstream"
    " ! srtsink name=srt mode=listener wait-for-connection=false sync=false async=false";

class SrtOutput final : public Output {
 public:
  SrtOutput(SrtListener listener, std::function<void(int)> callers)
      : listener_(std::move(listener)), callers_(std::move(callers)) {}
  SrtOutput(const SrtOutput&) = delete;
  SrtOutput& operator=(const SrtOutput&) = delete;
  ~SrtOutput() override { interrupt(); }

  Done open();
  void send(std::string_view packets, Micros wall) override;
  void interrupt() override;
  bool restore() override { return pipeline_ != nullptr || open().has_value(); }

 private:
  static void onAdded(GstElement*, int, gpointer, gpointer self) { static_cast<SrtOutput*>(self)->count(1); }
  static void onRemoved(GstElement*, int, gpointer, gpointer self) {
    static_cast<SrtOutput*>(self)->count(-1);
  }
  void count(int change) { callers_(present_ += change); }

  SrtListener listener_;
  std::function<void(int)> callers_;
  std::atomic<int> present_ = 0;
  ElementPtr pipeline_, source_;
  std::string waiting_;  // less than one datagram
};

Done SrtOutput::open() {
  auto pipeline = buildPipeline(kPipeline);
  if (!pipeline) return tl::unexpected<Error>(std::move(pipeline.error()));
  const ElementPtr sink = childOf(*pipeline, "srt");
  g_object_set(sink.get(), "localaddress", listener_.host.c_str(), "localport", guint(listener_.port),
               "latency", gint(listener_.latency_ms), nullptr);
  if (!listener_.passphrase.empty()) {
    g_object_set(sink.get(), "passphrase", listener_.passphrase.c_str(), "pbkeylen", gint(16), nullptr);
  }
  g_signal_connect(sink.get(), "caller-added", G_CALLBACK(&SrtOutput::onAdded), this);
  g_signal_connect(sink.get(), "caller-removed", G_CALLBACK(&SrtOutput::onRemoved), this);
  if (gst_element_set_state(pipeline->get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    const std::string reason = takeError(*pipeline);
    gst_element_set_state(pipeline->get(), GST_STATE_NULL);
    return fail(ErrorCode::kUnavailable,
                fmt::format("cannot listen on srt://{}:{}: {}. Is the port in use?", listener_.host,
                            listener_.port, reason.empty() ? "refused" : reason));
  }
  pipeline_ = std::move(*pipeline);
  source_ = childOf(pipeline_, "packets");
  return {};
}

void SrtOutput::send(std::string_view packets, Micros) {
  if (!pipeline_) return;
  if (!takeError(pipeline_).empty()) {
    interrupt();
    restore();  // fails while the port is held: the next packets try again
    return;
  }
  waiting_ += packets;
  const std::size_t whole = waiting_.size() / kDatagram * kDatagram;
  if (whole == 0) return;
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, whole, nullptr);
  gst_buffer_fill(buffer, 0, waiting_.data(), whole);
  gst_app_src_push_buffer(GST_APP_SRC(source_.get()), buffer);
  waiting_.erase(0, whole);
}

void SrtOutput::interrupt() {
  if (!pipeline_) return;
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  source_.reset();
  pipeline_.reset();
  waiting_.clear();
  if (present_.exchange(0) != 0) callers_(0);
}

}  // namespace

Result<std::unique_ptr<Output>> srtOutput(SrtListener listener, std::function<void(int)> callers) {
  auto output = std::make_unique<SrtOutput>(std::move(listener), std::move(callers));
  if (auto ok = output->open(); !ok) return tl::unexpected<Error>(std::move(ok.error()));
  return output;
}

}  // namespace diemcau::studio
