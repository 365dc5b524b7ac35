// Gathers what the streaming threads see of one feed and makes samples of it. Safe from any thread; given the
// time (a steady clock in microseconds, the same for all calls).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "agent/probe/arrival.hpp"
#include "agent/probe/cadence.hpp"
#include "agent/probe/clap.hpp"
#include "agent/probe/picture.hpp"
#include "agent/probe/sound.hpp"
#include "agent/probe/ts_clock.hpp"
#include "base/time.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::probe {

struct LinkStats {
  std::uint32_t lost = 0;    // transport packets missing, in this connection
  std::uint32_t resent = 0;  // packets asked for again, in this connection
  double rtt_ms = 0;
  std::uint32_t latency_ms = 0;  // agreed; 0: not known
};

class Meter {
 public:
  // `started`: time 0 of the samples. `paced`: the source is faster than its pictures play (files, HLS), so
  // its own bytes say nothing about a second.
  Meter(Micros started, bool paced) : started_(started), last_(started), paced_(paced) {}
  // Called, outside of any lock, when a flag changed that is worth a sample at once.
  void onFlip(std::function<void()> flip) { flip_ = std::move(flip); }

  void connectionOpened(Micros now);
  void connectionEnded(Micros now, const v1::Text& problem);
  // Open, but nothing comes: the reason, unless a better one is known.
  void quiet(const v1::Text& problem);
  void setLink(const LinkStats& stats);

  void received(Micros now, std::size_t bytes);  // from the network or the file
  void demuxed(std::size_t bytes);               // of elementary streams, before any pacing
  void padding(std::size_t bytes);               // of what was received, empty
  // How late a clock reference came; `fresh`: cannot be compared with those before.
  void clockLate(const TsClock::Late& late);
  // The time that the stream itself gives a picture that comes now, before anything mends it.
  void pictureTime(Micros now, double stamp_s);
  void skew(double ms);
  void videoFormat(const std::string& codec, unsigned width, unsigned height);
  void videoFrame(Micros now, std::size_t bytes, double stream_s, bool discontinuity);
  void picture(Micros now, const PictureVerdict& verdict, const Unevenness& uneven = {});
  // In the stream's time, in order: what a decoded picture's mean luma is, and a block of sound's level.
  void pictureLevel(double t_s, double luma);
  void soundLevel(double t_s, double level_db);
  // See Clap.
  bool wantsPictures() const;
  void decodeErrors(unsigned count);
  void audioFormat(const std::string& codec, unsigned channels, unsigned rate);
  void audioFrame(Micros now, std::size_t bytes);
  void sound(const float* samples, std::size_t frames, unsigned channels, unsigned rate);

  // The studio's mark of the picture that has just come, beside it or in it. `wall`: this machine's clock,
  // and by how much it may be wrong; 0: the picture is one of before, and tells no delay.
  void mark(Micros now, const v1::FeedMark& mark, Micros wall, Micros wall_error, bool in_picture = false);

  // A briefing's mark under the test tone, heard to its end.
  void heard(Micros now, const std::string& briefing);

  // Once a second: what the time since the last one brought.
  v1::HealthSample sample(Micros now);
  // In between: flags and counters of now with the numbers of the last second.
  v1::HealthSample glance(Micros now);
  // Flags that depend on time passing: no data, no picture, no sound for a second; still for two; a pause
  // that is none. Calls the flip.
  void lookAtTime(Micros now);

 private:
  struct Flags {
    bool connected = false, video = false, audio = false, black = false, still = false, held = false,
         stands = false, silent = false, awaited = false;
    unsigned briefings = 0;  // named by marks so far
    long skew = 0;           // of what flashes and beeps, in steps of 50 ms
    bool operator==(const Flags&) const = default;
  };
  static double inSeconds(Micros span) { return static_cast<double>(span) / kSecond; }
  Flags flagsAt(Micros now) const;
  void noteRare(Micros now, double gap_s, double own_s);
  Micros pictureGone() const;
  bool marked(Micros now) const;
  void noteFlip(Micros now, std::unique_lock<std::mutex>& lock);
  double frameRate(double seconds) const;
  void fillCommon(v1::HealthSample& out, Micros now, const Flags& flags) const;

  const Micros started_;
  std::function<void()> flip_;
  mutable std::mutex mutex_;
  Micros last_;  // time of the last sample
  const bool paced_;

  Micros opened_at_ = 0, first_data_ = 0, last_data_ = 0, last_video_ = 0, last_audio_ = 0, still_at_ = 0;
  Micros before_video_ = 0, before_audio_ = 0;  // the frame before the last
  Micros third_video_ = 0;                      // and before that
  unsigned seen_ = 0;                           // frames in this connection, up to enough of them
  unsigned rare_ = 0;    // of the last gaps between them, those that were long; newest in bit 0
  Micros rare_gap_ = 0;  // the longest of a sender whose frames are rare; 0: they are not
  std::uint32_t rare_lost_ = 0;
  v1::Text problem_;
  LinkStats link_, link_before_;  // of this connection; sums of those before
  bool ever_received_ = false;
  std::uint32_t reconnects_ = 0, discontinuities_ = 0, decode_errors_ = 0;

  std::uint64_t bytes_ = 0, video_bytes_ = 0, audio_bytes_ = 0, padding_ = 0;  // since the last sample
  Arrival arrival_;                                                            // of this second
  unsigned jerks_ = 0, pairs_ = 0;      // the same; pairs: pictures that followed another
  double motion_ = 0;                   // their sum
  double skew_ms_ = 0;                  // in this connection, of timestamps
  Clap clap_;                           // the same
  double stamp_s_ = 0;                  // of the last picture
  std::optional<double> stamp_step_s_;  // to it from the one before
  Micros stamped_ = 0;                  // when it came; 0: none in this connection
  std::uint32_t time_jumps_ = 0, time_stands_ = 0, hitches_ = 0;
  std::uint64_t all_bytes_ = 0, all_demuxed_ = 0;  // in this connection
  unsigned frames_ = 0;
  double first_pts_ = 0, last_pts_ = 0;  // of the frames since the last sample
  double previous_pts_ = 0;
  bool resumed_ = false;  // pictures came back, or came first, since the last sample
  std::string video_codec_, audio_codec_;
  unsigned width_ = 0, height_ = 0, channels_ = 0, rate_ = 0;
  PictureVerdict picture_;
  SoundMeter sound_;
  v1::FeedMark mark_;                            // the last one
  std::string marked_briefing_, next_briefing_;  // one that is new counts when it comes twice
  Micros marked_at_ = 0, mark_since_ = 0;  // 0: none; since when pictures have had the last one's number
  Micros delays_ = 0, delay_error_ = 0;    // sum since the last sample
  unsigned briefings_ = 0;
  unsigned marks_ = 0;  // the same
  bool mark_in_picture_ = false;
  std::string heard_, next_heard_;  // one that is new counts when it comes twice
  Micros heard_at_ = 0;
  Micros mark_gap_ = 0;  // the longest between two marks in pictures, in this connection
  Flags flags_;
  v1::HealthSample newest_;  // the last of a whole second
};

}  // namespace diemcau::probe
