// The probe on live streams from the studio: faults on cue, connections that break, the output at an instant;
// and on RTMP from a publisher over a server.
#include <functional>

#include "base/time.hpp"
#include "tests/integration/probe/child.hpp"
#include "tests/integration/probe/rtmp.hpp"
#include "tests/integration/probe/slow_line.hpp"
#include "tests/integration/probe/studio.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;

Json setup(const std::string& uri, const std::string& passphrase = "") {
  return {
      {"feed", {{"id", "main"}, {"uri", uri}, {"passphrase", passphrase}}},
      {"profile",
       {{"width", 640}, {"height", 360}, {"fps", 25}, {"video_codec", "h264"}, {"min_bitrate_kbps", 700}}}};
}

bool wellReceived(const Json& sample) {
  return sample["connected"] == true && sample["conditions"].empty() && sample.contains("video") &&
         sample["video"]["fps"].get<double>() > 20 && sample.contains("audio");
}

// No signal, for the reason that holds these words.
std::function<bool(const Json&)> goneBecause(const std::string& words) {
  return [words](const Json& s) {
    return tells(s, "no_signal") && s.contains("problem") && !s["problem"]["vi"].get<std::string>().empty() &&
           s["problem"]["en"].get<std::string>().find(words) != std::string::npos;
  };
}

double kbps(const Json& sample) {
  return sample["bitrate_kbps"].get<double>();
}

Micros at(const Json& sample) {
  return std::stoll(sample["at_us"].get<std::string>());
}

void checkFormat(const Json& sample) {
  INFO(sample.dump());
  CHECK(sample["feed_id"] == "main");
  CHECK(sample["video"]["codec"] == "h264");
  CHECK(sample["video"]["width"] == 640);
  CHECK(sample["video"]["height"] == 360);
  CHECK(sample["audio"]["codec"] == "aac");
}

void checkNumbers(const Json& sample) {
  checkFormat(sample);
  INFO(sample.dump());
  CHECK(kbps(sample) > 500);
  CHECK(kbps(sample) < 2000);
}

TEST_CASE("each fault is told, and only that one, and taken back", "[.long]") {
  struct Row {
    const char* cue;
    const char* condition;
  };
  const Row rows[] = {{"black", "black"},         {"freeze", "frozen"},        {"silence", "silence"},
                      {"cut", "no_signal"},       {"stall", "no_signal"},      {"no_video", "no_video"},
                      {"no_audio", "no_audio"},   {"low_fps", "low_fps"},      {"low_bitrate", "low_bitrate"},
                      {"loss", "packet_loss"},    {"corruption", "corrupted"}, {"stutter", "stutter"},
                      {"quiet", "too_quiet"},     {"clip", "clipping"},        {"skew", "av_skew"},
                      {"jump", "timestamps"},     {"stand", "timestamps"},     {"jitter", "jitter"},
                      {"skew_content", "av_skew"}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.cue) {
      // What is late in the sound alone can be told of a signal that flashes and beeps.
      const char* scene = std::string(row.cue) == "skew_content" ? "clap" : "bars";
      Studio studio({"--feed", "main=" + srtAddress(freeUdpPort()), "--scene", scene, "--cue",
                     std::string("14 main ") + row.cue + " 9"});
      ProbeChild probe(setup(studio.srt()));
      const auto good = probe.sampleThat(wellReceived);
      REQUIRE(good);
      checkNumbers(*good);
      const auto begun = studio.cue(row.cue, "begin");
      REQUIRE(begun);
      const auto bad = probe.sampleThat([&](const Json& s) { return !s["conditions"].empty(); });
      REQUIRE(bad);
      INFO(bad->dump());
      CHECK(tells(*bad, row.condition));
      CHECK((*bad)["conditions"].size() == 1);
      CHECK(at(*bad) > *begun);
      WARN(row.cue << " told after " << (at(*bad) - *begun) / kMillisecond << " ms");
      if (std::string(row.condition) == "no_signal")
        CHECK_FALSE((*bad)["problem"]["vi"].get<std::string>().empty());
      CHECK(probe.sampleThat([&](const Json& s) { return at(s) > *begun + 9 * kSecond && wellReceived(s); }));
    }
  }
}

TEST_CASE("a studio's mark under the test tone: the briefing's own, and another one's") {
  Studio studio({"--feed", "main=" + srtAddress(freeUdpPort()), "--mark", "Giao ban", "--mark-tone"});
  const auto listener = [&](const char* briefing) {
    Json words = setup(studio.srt());
    words["profile"] = {{"mark", briefing}, {"video_codec", "none"}};
    return words;
  };
  ProbeChild ours(listener("Giao ban")), other(listener("Họp khác"));
  const auto heard = ours.sampleThat(
      [](const Json& s) { return s.contains("audio") && s["audio"].value("mark", "") == "Giao ban"; });
  REQUIRE(heard);
  CHECK_FALSE(tells(*heard, "wrong_feed"));
  const auto wrong = other.sampleThat([](const Json& s) { return tells(s, "wrong_feed"); });
  REQUIRE(wrong);
  INFO(wrong->dump());
  CHECK((*wrong)["audio"]["mark"].get<std::string>().starts_with("#"));
}

TEST_CASE("a line whose round trip is longer than SRT waits") {
  const int port = freeUdpPort();
  Studio studio({"--feed", "main=" + srtAddress(port)});
  const SlowLine line(port, 230 * kMillisecond);
  ProbeChild probe(setup(srtAddress(line.port())));
  const auto far = probe.sampleThat([](const Json& s) { return tells(s, "high_delay"); });
  REQUIRE(far);
  INFO(far->dump());
  CHECK((*far)["rtt_ms"].get<double>() > 400);
  CHECK((*far)["latency_ms"] == 120);
}

TEST_CASE("a line that carries half of the feed") {
  const int port = freeUdpPort();
  Studio studio({"--feed", "main=" + srtAddress(port)});
  const SlowLine line(port, 5 * kMillisecond, 500);
  ProbeChild probe(setup(srtAddress(line.port())));
  const auto narrow = probe.sampleThat([](const Json& s) { return tells(s, "line_too_slow"); });
  REQUIRE(narrow);
  INFO(narrow->dump());
  CHECK(kbps(*narrow) < 560);
  CHECK((*narrow)["lost_packets"].get<int>() > 0);
}

TEST_CASE("a studio's marks: a slide that lives, one that nobody sends any more, another briefing") {
  Studio studio({"--feed", "main=" + srtAddress(freeUdpPort()), "--scene", "slide", "--mark", "Giao ban",
                 "--cue", "7 main freeze 3", "--cue", "14 main wrong_feed 5"});
  Json wanted = setup(studio.srt());
  wanted["profile"]["mark"] = "Giao ban";
  ProbeChild probe(wanted);
  // A slide stands still for seconds, and is not frozen.
  const auto lives =
      probe.sampleThat([](const Json& s) { return s.contains("video") && s["video"].value("still", false); });
  REQUIRE(lives);
  INFO(lives->dump());
  CHECK((*lives)["mark"]["briefing"] == "Giao ban");
  CHECK((*lives)["mark"]["delay_ms"].get<double>() > 100);  // SRT's latency
  CHECK((*lives)["conditions"].empty());
  const auto stands = probe.sampleThat([](const Json& s) { return tells(s, "frozen"); });
  REQUIRE(stands);
  CHECK((*stands)["conditions"] == Json({"frozen"}));
  const auto wrong = probe.sampleThat([](const Json& s) { return tells(s, "wrong_feed"); });
  REQUIRE(wrong);
  CHECK((*wrong)["mark"]["briefing"] == "another briefing");
}

TEST_CASE("how closely to look is changed by a word") {
  ProbeChild probe(setup("test://"));
  probe.say("full");
  probe.say("light");
  REQUIRE(probe.sampleThat(wellReceived));
  probe.say("quit");
  CHECK(probe.wait() == 0);
}

TEST_CASE("a passphrase: the right one, and a wrong one") {
  Studio studio({"--feed", "main=" + srtAddress(freeUdpPort()), "--passphrase", "a horse and a battery"});
  ProbeChild knows(setup(studio.srt(), "a horse and a battery"));
  CHECK(knows.sampleThat(wellReceived));
  ProbeChild guesses(setup(studio.srt(), "something else here"));
  const auto refused = guesses.sampleThat([](const Json& s) {
    return tells(s, "no_signal") && s.contains("problem") &&
           s["problem"]["en"].get<std::string>().find("passphrase") != std::string::npos;
  });
  REQUIRE(refused);
  CHECK(refused->dump().find("something else") == std::string::npos);
}

TEST_CASE("nobody sends: it says so, goes on trying, and receives when somebody does") {
  const std::string address = srtAddress(freeUdpPort());
  ProbeChild probe(setup(address));
  const auto refused = probe.sampleThat([](const Json& s) {
    return tells(s, "no_signal") && s.contains("problem") &&
           s["problem"]["en"].get<std::string>().find("does not answer") != std::string::npos;
  });
  REQUIRE(refused);
  Studio studio({"--feed", "main=" + address});
  CHECK(probe.sampleThat(wellReceived));
}

TEST_CASE("a host that does not exist") {
  ProbeChild probe(setup("srt://no-such-hall.invalid:9000"));
  const auto told = probe.sampleThat([](const Json& s) { return s.contains("problem"); });
  REQUIRE(told);
  INFO(told->dump());
  CHECK((*told)["connected"] == false);
}

TEST_CASE("MPEG-TS over UDP and RTP: to one address and to a group") {
  const std::string scheme = GENERATE("udp", "rtp"), host = GENERATE("127.0.0.1", "239.255.77.7");
  const std::string address = scheme + "://" + host + ":" + std::to_string(freeUdpPort());
  ProbeChild probe(setup(address + "?iface=lo"));
  Studio studio({"--udp", "main=" + address});
  // The first second of a feed is not a whole one.
  const auto good = probe.sampleThat([](const Json& s) { return wellReceived(s) && kbps(s) > 500; });
  REQUIRE(good);
  checkNumbers(*good);
  CHECK((*good)["rtt_ms"] == 0);
}

TEST_CASE("RTP whose heads hold the times of the frames inside, as ffmpeg sends it") {
  const std::string address = "rtp://127.0.0.1:" + std::to_string(freeUdpPort());
  ProbeChild probe(setup(address));
  const Process sender({"/usr/bin/ffmpeg",
                        "-nostdin",
                        "-v",
                        "error",
                        "-re",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=s=640x360:r=25",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=r=48000",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "superfast",
                        "-bf",
                        "3",
                        "-g",
                        "25",
                        "-b:v",
                        "1000k",
                        "-c:a",
                        "aac",
                        "-f",
                        "rtp_mpegts",
                        address});
  REQUIRE(probe.sampleThat(wellReceived));
  const auto later = probe.sampleThat([](const Json& s) { return s["t_s"].get<double>() >= 8; });
  REQUIRE(later);
  INFO(later->dump());
  CHECK(wellReceived(*later));
  CHECK((*later)["lost_packets"] == 0);
}

TEST_CASE("RTSP: picture and sound apart; a path that is not there") {
  const std::string server = "rtsp://127.0.0.1:" + std::to_string(freeTcpPort());
  Studio studio({"--feed", "main", "--rtsp", "main=" + server + "/hall/main"});
  Json words = setup(server + "/hall/main");
  words["profile"].erase("min_bitrate_kbps");
  ProbeChild probe(words);
  const auto good = probe.sampleThat([](const Json& s) { return wellReceived(s) && kbps(s) > 250; });
  REQUIRE(good);
  checkFormat(*good);

  ProbeChild lost(setup(server + "/hall/other"));
  const auto told = lost.sampleThat([](const Json& s) { return s.contains("problem"); });
  REQUIRE(told);
  INFO(told->dump());
  CHECK((*told)["problem"]["en"].get<std::string>().find("does not exist") != std::string::npos);
}

Json setupOfRtmp(int port) {
  Json out = setup("rtmp://127.0.0.1:" + std::to_string(port) + "/live/main?token=a%20b");
  out["profile"].erase("min_bitrate_kbps");
  return out;
}

TEST_CASE("RTMP: picture and sound; the publisher ends, and comes again") {
  const int port = freeTcpPort();
  RtmpServer server(port);
  auto publisher = server.publish("main");
  ProbeChild probe(setupOfRtmp(port));
  const auto good = probe.sampleThat([](const Json& s) { return wellReceived(s) && kbps(s) > 250; });
  REQUIRE(good);
  checkFormat(*good);

  publisher.reset();
  server.waitForEnd("main");
  REQUIRE(probe.sampleThat(goneBecause("stopped sending")));
  publisher = server.publish("main");
  const auto again = probe.sampleThat(wellReceived);
  REQUIRE(again);
  CHECK((*again)["reconnects"].get<int>() >= 1);
}

TEST_CASE("RTMP: no server, a server without the stream, the stream, no server any more") {
  const int port = freeTcpPort();
  ProbeChild probe(setupOfRtmp(port));
  REQUIRE(probe.sampleThat(goneBecause("refused the connection")));
  auto server = std::make_unique<RtmpServer>(port);
  auto other = server->publish("other");
  REQUIRE(probe.sampleThat(goneBecause("check that somebody publishes")));
  auto publisher = server->publish("main");
  REQUIRE(probe.sampleThat(wellReceived));
  server.reset();
  REQUIRE(probe.sampleThat(goneBecause("refused the connection")));
}

TEST_CASE("HLS over HTTP") {
  Studio studio({"--feed", "main", "--http", "127.0.0.1:0"});
  REQUIRE_FALSE(studio.hls().empty());
  // Without the padding that makes a transport stream's rate constant, less than half of it is left.
  Json words = setup(studio.hls());
  words["profile"].erase("min_bitrate_kbps");
  ProbeChild probe(words);
  REQUIRE(probe.sampleThat(wellReceived));
  // Fragments come in lumps; what is told must be even.
  int even = 0;
  const auto steady = probe.sampleThat([&](const Json& s) {
    const bool good = wellReceived(s) && kbps(s) > 250 && kbps(s) < 1000;
    even = good ? even + 1 : 0;
    return even == 5;
  });
  REQUIRE(steady);
  checkFormat(*steady);
}

TEST_CASE("HLS that is not there") {
  Studio studio({"--feed", "main", "--http", "127.0.0.1:0"});
  std::string address = studio.hls();
  address.replace(address.find("/main/"), 6, "/gone/");
  ProbeChild probe(setup(address));
  const auto told = probe.sampleThat([](const Json& s) { return s.contains("problem"); });
  REQUIRE(told);
  INFO(told->dump());
  CHECK((*told)["problem"]["en"].get<std::string>().find("does not exist") != std::string::npos);
}

TEST_CASE("show at an instant: not before it, with a picture at hand") {
  Studio studio({"--feed", "main=" + srtAddress(freeUdpPort())});
  ProbeChild probe(setup(studio.srt()));
  REQUIRE(probe.sampleThat(wellReceived));
  const Micros instant = systemClock().wall() + 3 * kSecond;
  probe.say("show " + std::to_string(instant));
  const auto shown = probe.shown();
  REQUIRE(shown);
  CHECK(*shown >= instant);
  WARN("shown " << *shown - instant << " us after the instant");

  SECTION("hidden and shown again") {
    probe.say("hide");
    probe.say("show 0");
    const auto again = probe.shown();
    REQUIRE(again);
    CHECK(*again > *shown);
  }
  SECTION("samples go on while it is shown") {
    CHECK(probe.sampleThat(wellReceived));
  }
  probe.say("nonsense");
  probe.say("quit");
  CHECK(probe.wait() == 0);
}

TEST_CASE("shown when the feed is down at the instant: as soon as it can be") {
  const std::string address = srtAddress(freeUdpPort());
  ProbeChild probe(setup(address));
  REQUIRE(probe.sampleThat([](const Json& s) { return tells(s, "no_signal"); }));
  const Micros instant = systemClock().wall();
  probe.say("show " + std::to_string(instant));
  Studio studio({"--feed", "main=" + address});
  const auto shown = probe.shown();
  REQUIRE(shown);
  CHECK(*shown > instant);
}

TEST_CASE("the end of input is the end of the child; wrong setups are refused") {
  ProbeChild probe(setup("test://"));
  REQUIRE(probe.report());
  probe.closeInput();
  CHECK(probe.wait() == 0);

  for (const Json& bad : {Json{{"feet", 1}}, setup("ftp://x"), setup("srt://h:1", "short"), Json("word")}) {
    ProbeChild refused(bad);
    CHECK(refused.wait() == 64);
  }
}

TEST_CASE("the agent went away: nobody reads, the child ends by itself") {
  ProbeChild probe(setup("test://"));
  REQUIRE(probe.report());
  probe.closeOutput();
  CHECK(probe.wait() == 74);
}

}  // namespace
}  // namespace diemcau::test
