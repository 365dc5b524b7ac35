// The URI of a feed, taken apart strictly: nothing that came over the network reaches a pipeline as a string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau {

enum class FeedKind { kSrt, kUdp, kRtp, kRtsp, kRtmp, kHls, kFile, kTest, kPulse, kAlsa, kV4l2 };

struct FeedAddress {
  FeedKind kind = FeedKind::kTest;
  std::string host;                // srt, udp, rtp, rtsp, rtmp: a name or an address; IPv6 without brackets
  std::uint16_t port = 0;          // srt, udp, rtp, rtsp, rtmp: 1-65535
  std::string interface;           // udp, rtp: from ?iface=, the network card that a group is joined on
  std::string stream_id;           // srt: from ?streamid=
  std::uint32_t latency_ms = 120;  // srt: from ?latency=, 20-8000
  std::string app;                 // rtmp: the application on the server, "live"
  std::string stream;              // rtmp: the stream in it, with its ?query when there is one
  std::string url;                 // hls, rtsp, rtmp: the whole checked URL
  std::string path;                // file: absolute path
  std::string pattern;             // test: "", "black", "frozen", "silent"
  std::string device;  // pulse: a source's name, empty: the usual one; alsa: a PCM; v4l2: /dev/...
};

// What this machine itself picks up: sound alone (pulse, alsa), pictures alone (v4l2).
bool capturesSound(FeedKind kind);
bool capturesPictures(FeedKind kind);

// srt://host:port[?streamid=S&latency=MS], udp://group-or-host:port[?iface=CARD],
// rtp://group-or-host:port[?iface=CARD] (MPEG-TS, RFC 2250), rtsp://host[:port]/path,
// rtmp://host[:port]/app/stream[?query] (the last part of the path is the stream),
// http(s)://host[:port]/....m3u8, file:///absolute/path (or a bare path when `allow_path`), test://[pattern],
// pulse://[source], alsa://PCM, v4l2:///dev/DEVICE.
// Fails with a sentence that says what is wrong and shows an example.
Result<FeedAddress> parseFeedAddress(std::string_view uri, bool allow_path = false);

}  // namespace diemcau
