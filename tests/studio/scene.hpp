// Pictures as halls see them: a camera with its grain, slides, a speaker's window. Some of them look like
// faults and are none. Deterministic: the same frame number gives the same picture. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace diemcau::studio {

enum class Scene : std::size_t {
  kBars,        // the test picture of picture.hpp
  kCamera,      // a lecturer before a wall, grain
  kStillNoise,  // the same, and nobody in it
  kSlide,       // nothing moves
  kWindow,      // a slide with a speaker in a small window
  kDarkSlide,   // a few lines of text on black
  kDarkRoom,    // a camera in a hall with the lights off
  kFade,        // a camera that fades to black and back, again and again
  kCuts,        // another slide every two seconds
  kClap,        // a hand that crosses once a second, and a flash when it begins; grain
};

std::optional<Scene> sceneNamed(std::string_view word);
std::string sceneWords();

class ScenePainter {
 public:
  // Sizes as for Painter.
  ScenePainter(int width, int height);
  // `out`: planar YUV 4:2:0. Not for kBars.
  void paint(Scene scene, std::span<std::uint8_t> out, Micros media, std::uint64_t frame) const;

 private:
  using Plane = std::vector<std::uint8_t>;
  struct Box {
    int x, y, width, height;
  };
  void box(std::span<std::uint8_t> luma, Box at, int level) const;
  Plane slide(unsigned number, int ground, int ink, int lines) const;
  void person(std::span<std::uint8_t> luma, Box room, Micros media, int level) const;
  // Grain of up to `strength` sixteenths of the usual, in this part of the picture.
  void grain(std::span<std::uint8_t> luma, Box at, std::uint64_t frame, int strength) const;
  void camera(std::span<std::uint8_t> luma, Micros media, std::uint64_t frame) const;

  int width_, height_;
  Plane wall_, slide_, dark_slide_, dark_room_;
  std::vector<std::int8_t> noise_;
};

}  // namespace diemcau::studio
