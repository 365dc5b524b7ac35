// A picture from a screen, in which a studio's mark is looked for. The first four bytes say how it lies in
// memory.
#include "wire/picture_mark.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace diemcau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 8) return 0;
  wire::Luma picture;
  picture.step = 1 + (data[0] & 1);
  picture.shift = picture.step == 2 ? data[1] % 3 : 0;
  picture.width = 1 + data[2] * 2;
  picture.stride = picture.width * picture.step;
  picture.height = static_cast<int>((size - 4) / static_cast<std::size_t>(picture.stride));
  picture.data = data + 4;
  if (picture.height == 0) return 0;
  wire::PictureMarkReader reader;
  const auto mark = reader.read(picture, true);
  if (!mark) return 0;
  MUST(mark->briefing < 1U << 30 && mark->picture < 4096 && mark->made_ms < 65536 && mark->clock_error < 16);
  MUST(reader.read(picture, false) == mark);
  return 0;
}
