// Small files with a known picture and sound, made by real encoders and muxers.
#pragma once

#include <string>

namespace diemcau::test {

struct MediaFile {
  std::string muxer = "mpegtsmux";  // mpegtsmux, mp4mux, matroskamux
  int width = 640, height = 360, fps = 25;
  int seconds = 4;
  int kbps = 800;
  int b_frames = 0;
  std::string picture_codec = "h264", sound_codec = "aac";  // as the probe names them
  bool sound = true;
  bool picture = true;
};

// Writes it; fails the test when it cannot.
void makeMediaFile(const MediaFile& media, const std::string& path);

}  // namespace diemcau::test
