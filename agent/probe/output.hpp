// The hall's screen and loudspeakers: opened at an instant of the wall clock, with a picture that is already
// decoded. picture() and sound() come from the streaming threads, everything else from the program's main
// thread.
#pragma once

#include <gst/audio/audio.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "agent/probe/gst_ptr.hpp"
#include "agent/probe/screen_window.hpp"
#include "agent/probe/sound_edges.hpp"
#include "base/time.hpp"

namespace diemcau::probe {

class Output {
 public:
  struct Options {
    bool screen = false;  // true: the machine's screen and loudspeakers; false: a sink that shows nothing
    bool sound_alone = false;  // no picture comes: the first sound opens it, and the screen keeps its slate
    // The wall clock when the first picture went through the opened output. From a streaming thread.
    std::function<void(Micros at_us)> shown;
  };

  Output(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Makes everything ready; open() shows. Again while open: nothing changes.
  void prepare();
  // Until it is opened, and after that until a picture comes: what the screen shows meanwhile. Nothing where
  // there is no screen.
  void slate(GstBuffer* picture, GstCaps* caps);
  // Now: the newest picture goes out at once, or the first one that comes.
  void open();
  // The picture goes at once; sound that is on its way to the loudspeakers dies away.
  void hide();
  bool opened() const;
  bool waits() const;  // opened, and no picture yet
  // Errors of the sinks (a screen that was unplugged): the output is made again.
  void lookAfter();
  // Some 20 times a second, where there are loudspeakers: sound that no more comes behind dies away.
  void tendSound();

  void picture(GstBuffer* picture, GstCaps* caps, double stream_s);
  // Interleaved samples of the format that `info` tells but for its kind of number.
  void sound(const std::vector<float>& samples, const GstAudioInfo& info, double stream_s);

 private:
  struct Lane {
    std::vector<GstElement*> elements;  // the pipeline's; the source first
    CapsPtr caps;
  };
  bool build();
  void showWindow();
  void destroy();
  bool addLane(Lane& lane, bool video);
  void dropPicture();
  void push(Lane& lane, GstBuffer* buffer, GstCaps* caps, GstClockTime at, bool slate = false);
  std::optional<GstClockTime> outputTime(double stream_s);
  GstClockTime runningTime() const;
  double runningSeconds() const;
  void pushHeld();
  void pushSound(const std::vector<float>& samples, double at_s);
  void endSound();
  void openWithSound(double stream_s);
  static GstBusSyncReply onMessage(GstBus* bus, GstMessage* message, gpointer self);
  static void onElement(GstBin* pipeline, GstBin* bin, GstElement* element, gpointer self);
  static GstPadProbeReturn onFirst(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  const Options options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unique_ptr<ScreenWindow>
      window_;  // shown with the first picture: another feed may be there until then
  bool window_shown_ = false;
  ElementPtr pipeline_;
  Lane video_, audio_;
  bool open_ = false, waiting_ = false;  // waiting_: open, but no picture was at hand yet
  bool told_ = false;
  BufferPtr held_;
  CapsPtr held_caps_;
  double held_s_ = 0;
  Micros held_at_ = 0;
  std::optional<double> zero_s_;  // stream time minus running time of the output
  SoundEdges edges_;
  GstAudioInfo sound_info_{};
  static constexpr double kLongAgo = -1e9;
  double sound_ends_s_ = kLongAgo;  // of what was pushed; running time
  std::optional<Micros> gone_at_;   // steady; hidden, and by then the last sound has been heard
};

}  // namespace diemcau::probe
