// See events.hpp.
#include "tests/studio/events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace diemcau::studio {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string address(std::string_view scheme, const FeedAddress& to) {
  const bool v6 = to.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", scheme, v6 ? "[" : "", to.host, v6 ? "]" : "", to.port);
}

}  // namespace

void Events::write(const std::string& line) {
  const std::lock_guard lock(mutex_);
  line_(line);
}

void Events::ready(const Options& options, const std::string& http) {
  Json feeds = Json::array();
  for (const auto& feed : options.feeds) {
    Json one{{"id", feed.id}};
    if (feed.srt) one["srt"] = address("srt", *feed.srt);
    if (feed.udp) one["udp"] = address(feed.udp->kind == FeedKind::kRtp ? "rtp" : "udp", *feed.udp);
    if (feed.rtsp) one["rtsp"] = feed.rtsp->url;
    if (!http.empty()) one["hls"] = fmt::format("{}/{}/index.m3u8", http, feed.id);
    feeds.push_back(std::move(one));
  }
  write(dump(Json{{"event", "ready"},
                  {"feeds", std::move(feeds)},
                  {"width", options.width},
                  {"height", options.height},
                  {"fps", options.fps},
                  {"kbps", options.kbps}}));
}

void Events::cue(std::string_view feed, Fault fault, bool begins, Micros at, Micros media) {
  write(dump(Json{{"event", "cue"},
                  {"feed", feed},
                  {"cue", faultWord(fault)},
                  {"state", begins ? "begin" : "end"},
                  {"at_us", at},
                  {"media_us", media}}));
}

void Events::callers(std::string_view feed, int count) {
  write(dump(Json{{"event", "callers"}, {"feed", feed}, {"count", count}}));
}

void Events::error(std::string_view text) {
  write(dump(Json{{"event", "error"}, {"text", text}}));
}

void Events::end(std::uint64_t frames, std::uint64_t lost) {
  write(dump(Json{{"event", "end"}, {"frames", frames}, {"frames_lost", lost}}));
}

}  // namespace diemcau::studio
