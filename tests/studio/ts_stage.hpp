// The last stage before the outputs: faults that live in the transport stream, and filling up to a constant
// rate. Pure.
//
// Streams are taken out here and not at the encoder, so that the rest of the multiplex stays on time.
// Counters are written anew: only the fault "loss" leaves gaps in them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "tests/studio/cue.hpp"
#include "tests/studio/transport.hpp"

namespace diemcau::studio {

class TsStage {
 public:
  // The rate of the whole stream; 0: never filled up. The seed decides which packets are hit.
  TsStage(std::uint32_t kbps, std::uint64_t seed);

  // `packets` are whole transport packets of one moment, `media` that moment. What should be sent is added to
  // `out`.
  void process(std::string_view packets, Micros media, const FaultSet& wanted, std::string& out);

  // The faults in effect after the last call: "no_video" stays until the next key frame.
  const FaultSet& effective() const { return effective_; }

 private:
  void one(std::span<std::uint8_t> bytes, std::string& out);
  void learn(const Packet& packet);
  void corrupt(const Packet& packet);
  void standOrRun(Micros media);
  void retime(Packet& packet, Stream stream);
  void fill(Micros media, std::size_t sent, std::string& out);
  bool oneIn(std::uint32_t n) { return random_() % n == 0; }

  std::uint32_t kbps_;
  std::mt19937_64 random_;
  std::map<std::uint16_t, Stream> streams_;
  std::map<std::uint16_t, std::uint8_t> counters_;  // of the last packet with a payload
  FaultSet effective_;
  Micros stands_since_ = -1;
  std::uint64_t behind_ = 0;  // ticks that the stream's time has stood: it goes on from there
  std::map<std::uint16_t, std::uint64_t>
      stood_;  // the time at which each stands; clocks under their own number
  Micros filled_until_ = -1;
  double owed_ = 0;  // bytes still missing for the constant rate; below zero after a large frame
};

}  // namespace diemcau::studio
