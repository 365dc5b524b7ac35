// Feed addresses: what is taken apart, and what is refused with a sentence and an example.
#include "base/feed_address.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;

TEST_CASE("good addresses are taken apart") {
  const auto srt = parseFeedAddress("srt://203.0.113.5:9000?streamid=%23!::r=main&latency=300").value();
  CHECK(srt.kind == FeedKind::kSrt);
  CHECK(srt.host == "203.0.113.5");
  CHECK(srt.port == 9000);
  CHECK(srt.stream_id == "#!::r=main");
  CHECK(srt.latency_ms == 300);
  CHECK(parseFeedAddress("srt://media.example.vn:1").value().latency_ms == 120);
  CHECK(parseFeedAddress("srt://[2001:db8::1]:9000").value().host == "2001:db8::1");

  const auto udp = parseFeedAddress("udp://239.1.1.1:5000").value();
  CHECK(udp.kind == FeedKind::kUdp);
  CHECK(udp.host == "239.1.1.1");
  CHECK(udp.port == 5000);
  CHECK(udp.interface.empty());
  CHECK(parseFeedAddress("udp://239.1.1.1:5000?iface=enp3s0").value().interface == "enp3s0");
  CHECK(parseFeedAddress("udp://[ff05::1]:5000").value().host == "ff05::1");

  const auto rtp = parseFeedAddress("rtp://239.1.1.1:5004?iface=eth0").value();
  CHECK(rtp.kind == FeedKind::kRtp);
  CHECK(rtp.host == "239.1.1.1");
  CHECK(rtp.port == 5004);
  CHECK(rtp.interface == "eth0");

  const auto rtsp = parseFeedAddress("rtsp://192.0.2.7/main?stream=1").value();
  CHECK(rtsp.kind == FeedKind::kRtsp);
  CHECK(rtsp.host == "192.0.2.7");
  CHECK(rtsp.port == 554);
  CHECK(rtsp.url == "rtsp://192.0.2.7/main?stream=1");
  CHECK(parseFeedAddress("rtsp://[2001:db8::1]:8554/a").value().port == 8554);

  const auto rtmp = parseFeedAddress("rtmp://media.example.vn/live/main?token=a").value();
  CHECK(rtmp.kind == FeedKind::kRtmp);
  CHECK(rtmp.host == "media.example.vn");
  CHECK(rtmp.port == 1935);
  CHECK(rtmp.app == "live");
  CHECK(rtmp.stream == "main?token=a");
  CHECK(rtmp.url == "rtmp://media.example.vn/live/main?token=a");
  const auto deep = parseFeedAddress("rtmp://[2001:db8::1]:1936/live/hall/main?next=/a//b").value();
  CHECK(deep.host == "2001:db8::1");
  CHECK(deep.port == 1936);
  CHECK(deep.app == "live/hall");
  CHECK(deep.stream == "main?next=/a//b");

  const auto hls = parseFeedAddress("http://127.0.0.1:8080/main/index.m3u8?token=a%20b").value();
  CHECK(hls.kind == FeedKind::kHls);
  CHECK(hls.url == "http://127.0.0.1:8080/main/index.m3u8?token=a%20b");
  CHECK(parseFeedAddress("https://media.example.vn/a.m3u8").value().kind == FeedKind::kHls);

  const auto file = parseFeedAddress("file:///srv/h%E1%BB%99i.ts").value();
  CHECK(file.kind == FeedKind::kFile);
  CHECK(file.path == "/srv/hội.ts");
  CHECK(parseFeedAddress("/srv/a b.ts", true).value().path == "/srv/a b.ts");

  const auto pulse = parseFeedAddress("pulse://alsa_input.usb-0d8c_hall-00.analog-stereo").value();
  CHECK(pulse.kind == FeedKind::kPulse);
  CHECK(pulse.device == "alsa_input.usb-0d8c_hall-00.analog-stereo");
  CHECK(parseFeedAddress("pulse://").value().device.empty());
  CHECK(parseFeedAddress("pulse://@DEFAULT_MONITOR@").value().device == "@DEFAULT_MONITOR@");
  for (const char* pcm : {"default", "hall", "hw:1,0", "plughw:CARD=PCH,DEV=0", "sysdefault:CARD=hall"}) {
    const auto alsa = parseFeedAddress(std::string("alsa://") + pcm).value();
    CHECK(alsa.kind == FeedKind::kAlsa);
    CHECK(alsa.device == pcm);
    CHECK(capturesSound(alsa.kind));
    CHECK_FALSE(capturesPictures(alsa.kind));
  }
  const auto card = parseFeedAddress("v4l2:///dev/v4l/by-id/usb-Hall_HDMI-video-index0").value();
  CHECK(card.kind == FeedKind::kV4l2);
  CHECK(card.device == "/dev/v4l/by-id/usb-Hall_HDMI-video-index0");
  CHECK(capturesPictures(card.kind));
  CHECK_FALSE(capturesSound(card.kind));

  CHECK(parseFeedAddress("test://").value().pattern.empty());
  CHECK(parseFeedAddress("test://black").value().pattern == "black");
}

TEST_CASE("bad addresses are refused with a reason and an example, in both languages") {
  struct Row {
    std::string uri;
    const char* reason;
  };
  const Row rows[] = {
      {"", "empty"},
      {"ftp://a/b", "must begin with"},
      {"/srv/a.ts", "must begin with"},
      {"srt://", "host:port"},
      {"srt://host", "host:port"},
      {"srt://host:0", "host:port"},
      {"srt://host:65536", "host:port"},
      {"srt://host:90x", "host:port"},
      {"srt://ho st:90", "blank"},
      {"srt://host:90\n", "blank"},
      {"srt://host:90!x", "host:port"},
      {"srt://user@host:90", "host:port"},
      {"srt://[::g]:90", "host:port"},
      {"srt://host:90?latency=5", "latency"},
      {"srt://host:90?streamid=", "streamid"},
      {"srt://host:90?streamid=%0a", "streamid"},
      {"srt://host:90?streamid=%4", "streamid"},
      {"srt://host:90?passphrase=secretsecret", "passphrase"},
      {"srt://host:90?mode=listener", "mode"},
      {"udp://:5000", "host:port"},
      {"udp://239.1.1.1", "host:port"},
      {"udp://239.1.1.1:5000?iface=", "iface="},
      {"udp://239.1.1.1:5000?iface=a/b", "iface="},
      {"udp://239.1.1.1:5000?ttl=3", "iface="},
      {"rtp://239.1.1.1", "host:port"},
      {"rtp://239.1.1.1:5004?ttl=3", "iface="},
      {"rtsp://host", "path"},
      {"rtsp:///main", "host"},
      {"rtsp://user:word@host/main", "host"},
      {"rtsp://host/a|b", "escaped"},
      {"rtmp://host", "a stream"},
      {"rtmp://host/live", "a stream"},
      {"rtmp://host/live/", "a stream"},
      {"rtmp://host/live?a=/main", "a stream"},
      {"rtmp://host/live/?main", "a stream"},
      {"rtmp://host//main", "a stream"},
      {"rtmp://host/live//main", "a stream"},
      {"rtmp:///live/main", "host"},
      {"rtmp://host:0/live/main", "host"},
      {"rtmp://user:word@host/live/main", "host"},
      {"rtmp://host/live/a|b", "escaped"},
      {"rtmps://host/live/main", "must begin with"},
      {"http://host/a.mp4", ".m3u8"},
      {"http://host/a?x=.m3u8", ".m3u8"},
      {"http:///a.m3u8", "host"},
      {"http://u:p@host/a.m3u8", "host"},
      {"http://host/a\".m3u8", "escaped"},
      {"file://relative.ts", "absolute"},
      {"file:///", "absolute"},
      {"file:///srv/../etc/passwd", ".."},
      {"file:///srv/%2e%2e/etc/passwd", ".."},
      {"file:///srv/%00", "escape"},
      {"pulse://a/b", "source's name"},
      {"pulse://a b", "blank"},
      {"pulse://a?b", "source's name"},
      {"pulse://" + std::string(201, 'a'), "source's name"},
      {"alsa://", "card"},
      {"alsa://hw:", "card"},
      {"alsa://:1", "card"},
      {"alsa://file:FILE=grab", "card"},
      {"alsa://tee:hw", "card"},
      {"alsa://plug:'hw:0'", "card"},
      {"alsa://hw:{0}", "card"},
      {"alsa://hw:0/1", "card"},
      {"v4l2://", "/dev"},
      {"v4l2:///dev/", "/dev"},
      {"v4l2://dev/video0", "/dev"},
      {"v4l2:///etc/passwd", "/dev"},
      {"v4l2:///dev/../etc/passwd", "/dev"},
      {"v4l2:///dev/video0?x", "/dev"},
      {"test://white", "patterns"},
      {"srt://host:90?streamid=" + std::string(600, 'a'), "longer"},
  };
  for (const Row& row : rows) {
    INFO(row.uri);
    const auto got = parseFeedAddress(row.uri);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ErrorCode::kInvalid);
    CHECK(got.error().text.find(row.reason) != std::string::npos);
    CHECK(got.error().text.find("an example is") != std::string::npos);
    CHECK(got.error().vi.find("ví dụ") != std::string::npos);
  }
}
