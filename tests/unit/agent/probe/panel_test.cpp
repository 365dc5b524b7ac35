// The panel: fits a terminal of 80x24, says what is wrong in both languages.
#include "agent/probe/panel.hpp"

#include "agent/probe/options.hpp"
#include "base/text.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

v1::HealthSample good(double t) {
  v1::HealthSample out;
  out.set_t_s(t);
  out.set_connected(true);
  out.set_bitrate_kbps(3210);
  out.set_lost_packets(4);
  out.set_resent_packets(17);
  out.set_rtt_ms(23.4);
  out.mutable_video()->set_codec("h264");
  out.mutable_video()->set_width(1920);
  out.mutable_video()->set_height(1080);
  out.mutable_video()->set_fps(25);
  out.mutable_audio()->set_codec("aac");
  out.mutable_audio()->set_channels(2);
  out.mutable_audio()->set_sample_rate(48000);
  out.mutable_audio()->set_lufs(-23);
  out.mutable_audio()->set_rms_dbfs(-25.5);
  return out;
}

std::string all(const Panel& panel) {
  std::string out;
  for (const std::string& line : panel.render()) out += line + "\n";
  return out;
}

std::string withoutColours(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST_CASE("a good feed in numbers") {
  Panel panel("srt://127.0.0.1:9000", {}, {false, false});
  panel.add(good(75));
  const std::string text = all(panel);
  for (const char* part : {"srt://127.0.0.1:9000", "GOOD", "h264  1920x1080  25.00 fps",
                           "aac  2 channels  48.0 kHz", "-23.0 LUFS", "-25.5 dBFS", "3210 kbit/s",
                           "4 lost, 17 resent, RTT 23.4 ms", "1:15", "nothing wrong"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("faults in words, in both languages, with the reason") {
  v1::HealthSample bad = good(3);
  bad.set_connected(false);
  bad.clear_video();
  bad.clear_audio();
  bad.add_conditions(v1::Condition::no_signal);
  *bad.mutable_problem() = text("máy phát chưa chạy", "the sender is not running");
  for (const bool vietnamese : {true, false}) {
    Panel panel("srt://h:1", {}, {vietnamese, false});
    panel.add(bad);
    const std::string shown = all(panel);
    CHECK(shown.find(vietnamese ? "MẤT TÍN HIỆU" : "NO SIGNAL") != std::string::npos);
    CHECK(shown.find(vietnamese ? "máy phát chưa chạy" : "the sender is not running") != std::string::npos);
    CHECK(panel.line().find(vietnamese ? "Mất tín hiệu" : "No signal") != std::string::npos);
  }
}

TEST_CASE("every condition has words of its own") {
  for (const bool vietnamese : {true, false}) {
    std::vector<std::string> seen;
    for (int i = v1::Condition::no_signal; i < v1::Condition::Name_ARRAYSIZE; ++i) {
      const auto name = static_cast<v1::Condition::Name>(i);
      const std::string words = conditionText(name, vietnamese);
      CHECK(words != v1::Condition::Name_Name(name));
      CHECK(std::find(seen.begin(), seen.end(), words) == seen.end());
      seen.push_back(words);
    }
  }
}

TEST_CASE("it fits 80x24 whatever comes") {
  const auto profile = parseExpected("1920x1080@29.97,h264,aac,3000-6000kbps");
  for (const bool colour : {true, false}) {
    Panel panel("srt://" + std::string(400, 'x') + ":9000", *profile, {true, colour});
    v1::HealthSample worst = good(1e7);
    worst.set_bitrate_kbps(4'000'000'000);
    worst.set_lost_packets(4'000'000'000);
    worst.set_resent_packets(4'000'000'000);
    worst.set_decode_errors(4'000'000'000);
    worst.mutable_video()->set_still(true);
    worst.mutable_video()->set_was_alive(true);
    for (int i = v1::Condition::no_signal; i < v1::Condition::Name_ARRAYSIZE; ++i) {
      worst.add_conditions(static_cast<v1::Condition::Name>(i));
    }
    std::string reason;
    for (int i = 0; i < 40; ++i) reason += "không rõ ";
    *worst.mutable_problem() = text(reason, reason);
    for (int i = 0; i < 100; ++i) panel.add(worst);
    const auto lines = panel.render();
    CHECK(lines.size() <= 24 + 11);  // all of them at once cannot happen: causes hide effects
    for (const std::string& line : lines) {
      CAPTURE(line);
      CHECK(displayWidth(withoutColours(line)) <= 80);
      CHECK(validUtf8(line));
    }
  }
}

TEST_CASE("a typical bad feed takes at most 24 lines") {
  Panel panel("udp://239.1.1.1:5000", *parseExpected("1280x720@25,h264"), {true, true});
  v1::HealthSample bad = good(1);
  for (const auto name : {v1::Condition::black, v1::Condition::silence, v1::Condition::packet_loss,
                          v1::Condition::wrong_format, v1::Condition::low_fps}) {
    bad.add_conditions(name);
  }
  panel.add(bad);
  CHECK(panel.render().size() <= 24);
}

TEST_CASE("sparkline and meter") {
  CHECK(sparkline({}, 10).empty());
  CHECK(sparkline({0, 0}, 10) == "▁▁");
  CHECK(sparkline({0, 100}, 10) == "▁█");
  CHECK(sparkline({900, 100, 50}, 2) == "▂▁");
  CHECK(meterBar(-120, 4) == "····");
  CHECK(meterBar(-30, 4) == "██··");
  CHECK(meterBar(3, 4) == "████");
}

}  // namespace
}  // namespace diemcau::probe
