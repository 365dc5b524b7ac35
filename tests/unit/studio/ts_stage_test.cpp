// Faults in the transport stream, packet by packet.
#include "tests/studio/ts_stage.hpp"

#include <cmath>
#include <set>

#include "packets.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::studio {

using namespace test;

namespace {

FaultSet only(Fault fault) {
  return FaultSet().set(static_cast<std::size_t>(fault));
}

// One moment of a broadcast: tables, a frame of `size` packets, a packet of sound.
std::string moment(unsigned n, bool key, std::size_t size = 10) {
  std::string out = tables();
  const std::uint64_t pts = 90'000 + n * 3'600u;
  out += packet({.pid = kVideoPid, .start = true, .key = key, .clock = true, .pts = pts});
  for (std::size_t i = 1; i < size; ++i)
    out += packet({.pid = kVideoPid, .body = static_cast<char>('a' + i % 26)});
  out += packet({.pid = kAudioPid, .start = true, .pts = pts});
  return out;
}

std::string play(TsStage& stage, const FaultSet& faults, unsigned from, unsigned to, std::size_t size = 10) {
  std::string out;
  for (unsigned n = from; n < to; ++n) stage.process(moment(n, n % 25 == 0, size), n * 40'000, faults, out);
  return out;
}

}  // namespace

TEST_CASE("without faults everything passes and is counted on") {
  TsStage stage(0, 1);
  std::string out;
  const std::string in = moment(0, true);
  stage.process(in, 0, {}, out);
  REQUIRE(out.size() == in.size());
  CHECK(stage.effective().none());
  out += play(stage, {}, 1, 50);
  CHECK(counterGaps(out) == 0);
  const auto packets = split(out), original = split(in);
  for (std::size_t i = 0; i < original.size(); ++i) {
    CHECK(packets[i].substr(4) == original[i].substr(4));  // all but the counter
  }
}

TEST_CASE("no_audio takes the sound out and leaves no gap behind") {
  TsStage stage(0, 1);
  std::string out = play(stage, {}, 0, 5);
  const std::string during = play(stage, only(Fault::kNoAudio), 5, 30);
  CHECK(countByPid(during).count(kAudioPid) == 0);
  CHECK(countByPid(during)[kVideoPid] == 250);
  CHECK(has(stage.effective(), Fault::kNoAudio));
  out += during + play(stage, {}, 30, 40);
  CHECK(stage.effective().none());
  CHECK(countByPid(out)[kAudioPid] == 15);
  CHECK(counterGaps(out) == 0);
}

TEST_CASE("no_video keeps the clock and the sound, and ends at a key frame") {
  TsStage stage(0, 1);
  std::string out = play(stage, {}, 0, 5);
  const std::string during = play(stage, only(Fault::kNoVideo), 5, 30);
  CHECK(countByPid(during)[kVideoPid] == 25);  // one clock reference a frame
  CHECK(countByPid(during)[kAudioPid] == 25);
  for (auto& one : split(during)) {
    if (pidOf(one) != kVideoPid) continue;
    Packet packet(std::span(reinterpret_cast<std::uint8_t*>(one.data()), one.size()));
    CHECK(packet.hasClock());
    CHECK_FALSE(packet.hasPayload());
    CHECK_FALSE(packet.unitStart());
    CHECK_FALSE(packet.randomAccess());
    CHECK(static_cast<unsigned char>(one[6]) == 0xA0);  // the reference itself
  }
  const std::string after = play(stage, {}, 30, 50);
  CHECK(has(stage.effective(), Fault::kNoVideo));
  CHECK(countByPid(after)[kVideoPid] == 20);
  const std::string back = play(stage, {}, 50, 51);
  CHECK(stage.effective().none());
  CHECK(countByPid(back)[kVideoPid] == 10);
  CHECK(counterGaps(out + during + after + back) == 0);
}

TEST_CASE("corruption hits the picture's payload alone, the same for the same seed") {
  TsStage stage(0, 7), twin(0, 7), other(0, 8), clean(0, 1);
  const std::string hit = play(stage, only(Fault::kCorruption), 0, 25);
  CHECK(hit == play(twin, only(Fault::kCorruption), 0, 25));
  CHECK(hit != play(other, only(Fault::kCorruption), 0, 25));
  const auto damaged = split(hit), whole = split(play(clean, {}, 0, 25));
  REQUIRE(damaged.size() == whole.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CHECK(damaged[i].substr(0, 4) == whole[i].substr(0, 4));
    if (damaged[i] == whole[i]) continue;
    ++count;
    CHECK(pidOf(damaged[i]) == kVideoPid);
    CHECK((damaged[i][1] & 0x40) == 0);  // heads of frames stay whole
  }
  CHECK(count > 250 / 8 / 2);
  CHECK(count < 250 / 8 * 2);
  CHECK(counterGaps(hit) == 0);
}

TEST_CASE("loss leaves gaps in the count, of picture and sound only") {
  TsStage stage(0, 3);
  const std::string out = play(stage, only(Fault::kLoss), 0, 100);
  CHECK(counterGaps(out) > 10);
  auto counts = countByPid(out);
  CHECK(counts[kVideoPid] < 1000);
  CHECK(counts[kVideoPid] > 900);
  CHECK(counts[kPidTables] == 100);
}

TEST_CASE("a stall and a cut send nothing, and what follows joins what went before") {
  for (const Fault fault : {Fault::kStall, Fault::kCut}) {
    TsStage stage(1500, 1);
    std::string out = play(stage, {}, 0, 7);
    CHECK(play(stage, only(fault), 7, 40).empty());
    out += play(stage, {}, 40, 60);
    CHECK(counterGaps(out) == 0);
  }
}

// Presentation times in milliseconds, one list for each stream.
std::map<Stream, std::vector<double>> timesOf(const std::string& bytes) {
  std::map<Stream, std::vector<double>> out;
  for (auto& one : split(bytes)) {
    const Packet packet(std::span(reinterpret_cast<std::uint8_t*>(one.data()), one.size()));
    if (const auto time = packet.presentation())
      out[packet.stream()].push_back(static_cast<double>(*time) / 90);
  }
  return out;
}

TEST_CASE("times: the sound's alone, all of them ahead, and all of them standing") {
  TsStage stage(0, 1), plain(0, 1);
  const auto was = timesOf(play(plain, {}, 0, 40));
  REQUIRE(was.at(Stream::kVideo).size() == 40);
  const auto shift = [&](const std::string& bytes, Stream stream, std::size_t from) {
    std::vector<double> out;
    const auto is = timesOf(bytes);
    for (std::size_t i = 0; i < is.at(stream).size(); ++i)
      out.push_back(std::round(is.at(stream)[i] - was.at(stream)[from + i]));
    return out;
  };
  using List = std::vector<double>;
  const std::string skewed = play(stage, only(Fault::kSkew), 0, 5);
  CHECK(shift(skewed, Stream::kVideo, 0) == List(5, 0));
  CHECK(shift(skewed, Stream::kAudio, 0) == List(5, 300));
  const std::string ahead = play(stage, only(Fault::kJump), 5, 10);
  CHECK(shift(ahead, Stream::kVideo, 5) == List(5, 30'000));
  CHECK(shift(ahead, Stream::kAudio, 5) == List(5, 30'000));
  CHECK(shift(play(stage, {}, 10, 15), Stream::kVideo, 10) == List(5, 0));
  const auto stood = timesOf(play(stage, only(Fault::kStand), 15, 20)).at(Stream::kVideo);
  CHECK(stood == List(5, stood.front()));
  // From there on it runs again.
  CHECK(shift(play(stage, {}, 20, 25), Stream::kVideo, 20) == List(5, -200));
}

TEST_CASE("the stream is filled up to its rate") {
  struct Row {
    std::uint32_t kbps;
    std::size_t size;  // packets a frame
    double least, most;
  };
  // 13 packets at 25 frames a second are 489 kbit/s; 60 are 2,365.
  const Row rows[] = {
      {1500, 10, 1400, 1510}, {5000, 10, 4800, 5010}, {1500, 57, 2250, 2260}, {0, 10, 485, 495}};
  for (const Row& row : rows) {
    CAPTURE(row.kbps, row.size);
    TsStage stage(row.kbps, 1);
    const std::string out = play(stage, {}, 0, 250, row.size);
    const double kbps = static_cast<double>(out.size()) * 8 / 10 / 1000;
    CHECK(kbps >= row.least);
    CHECK(kbps <= row.most);
  }
}

TEST_CASE("a large frame is paid back by less filling") {
  TsStage stage(1500, 1);
  std::string out;
  for (unsigned n = 0; n < 250; ++n) {
    stage.process(moment(n, n % 25 == 0, n % 25 == 0 ? 200 : 10), n * 40'000, {}, out);
  }
  CHECK(static_cast<double>(out.size()) * 8 / 10 / 1000 == Approx(1500).margin(50));
}

TEST_CASE("a low bit rate is not filled, nor made up for afterwards") {
  TsStage stage(1500, 1);
  play(stage, {}, 0, 25);
  CHECK(countByPid(play(stage, only(Fault::kLowBitrate), 25, 100)).count(kPidNull) == 0);
  const std::string after = play(stage, {}, 100, 125);
  CHECK(static_cast<double>(after.size()) * 8 / 1000 < 1600);
}

TEST_CASE("presentation times are read over all 33 bits") {
  for (const std::uint64_t pts : {0ull, 1ull, 0x7FFFull, 0x8000ull, 0x3FFFFFFFull, 0x1FFFFFFFFull}) {
    std::string bytes = packet({.start = true, .pts = pts});
    Packet one(std::span(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
    CHECK(one.stream() == Stream::kVideo);
    CHECK(one.presentation() == pts);
  }
}

}  // namespace diemcau::studio
