// See gst_handles.hpp.
#include "tests/studio/gst_handles.hpp"

#include <fmt/format.h>

#include <mutex>

namespace diemcau::studio {

namespace {

void startGst() {
  static std::once_flag once;
  std::call_once(once, [] { gst_init(nullptr, nullptr); });
}

struct ErrorRelease {
  void operator()(GError* error) const { g_error_free(error); }
};
using ErrorPtr = std::unique_ptr<GError, ErrorRelease>;

}  // namespace

Result<ElementPtr> buildPipeline(const char* description) {
  startGst();
  GError* raw = nullptr;
  ElementPtr pipeline(gst_parse_launch_full(description, nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &raw));
  const ErrorPtr error(raw);
  if (error || !pipeline) {
    return fail(
        ErrorCode::kUnavailable,
        fmt::format(
            "the media pipeline cannot be built: {}. Install gstreamer1.0-plugins-base, -good, -bad and "
            "-ugly",
            error ? error->message : "unknown reason"));
  }
  gst_object_ref_sink(pipeline.get());
  return pipeline;
}

ElementPtr childOf(const ElementPtr& bin, const char* name) {
  ElementPtr child(gst_bin_get_by_name(GST_BIN(bin.get()), name));
  DIEMCAU_INVARIANT(child != nullptr);
  return child;
}

std::string takeError(const ElementPtr& pipeline) {
  const BusPtr bus(gst_element_get_bus(pipeline.get()));
  const MessagePtr message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message) return {};
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const ErrorPtr error(raw);
  return error ? error->message : "unknown error";
}

}  // namespace diemcau::studio
