// Small pictures of a feed: a JPEG of the right shape now and then, out of what is decoded anyway.
#include "agent/probe/thumbnail.hpp"

#include "agent/probe/elements.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

struct RawPicture {
  explicit RawPicture(int width, int height, GstVideoFormat format = GST_VIDEO_FORMAT_I420,
                      bool noise = false) {
    gst_video_info_set_format(&info, format, static_cast<guint>(width), static_cast<guint>(height));
    buffer.reset(gst_buffer_new_allocate(nullptr, info.size, nullptr));
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE);
    unsigned state = 1;
    for (gsize i = 0; i < map.size; ++i) {
      state = state * 1'103'515'245U + 12'345U;
      map.data[i] = noise ? static_cast<guint8>(state >> 16) : guint8{64};
    }
    gst_buffer_unmap(buffer.get(), &map);
    REQUIRE(gst_video_frame_map(&frame, &info, buffer.get(), GST_MAP_READ) == TRUE);
  }
  ~RawPicture() { gst_video_frame_unmap(&frame); }
  GstVideoInfo info;
  BufferPtr buffer;
  GstVideoFrame frame;
};

// Width and height as the JPEG says itself.
std::pair<int, int> sizeOf(const std::string& jpeg) {
  const auto byte = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(jpeg.at(i))); };
  for (std::size_t at = 2; at + 9 < jpeg.size();) {
    if (byte(at) != 0xff) break;
    if (byte(at + 1) == 0xc0) return {byte(at + 7) << 8 | byte(at + 8), byte(at + 5) << 8 | byte(at + 6)};
    at += 2 + static_cast<std::size_t>(byte(at + 2) << 8 | byte(at + 3));
  }
  return {};
}

TEST_CASE("thumbnails") {
  gst_init(nullptr, nullptr);
  std::vector<std::string> made;
  ThumbnailMaker maker([&](std::string jpeg) { made.push_back(std::move(jpeg)); });

  SECTION("one each ten seconds") {
    const RawPicture picture(1280, 720);
    for (Micros now = kSecond; now <= 21 * kSecond; now += 200 * kMillisecond)
      maker.offer(picture.frame, now);
    REQUIRE(made.size() == 3);
    for (const auto& jpeg : made) {
      CHECK(jpeg.starts_with("\xff\xd8\xff"));
      CHECK(jpeg.ends_with("\xff\xd9"));
      CHECK(jpeg.size() <= ThumbnailMaker::kMostBytes);
      CHECK(sizeOf(jpeg) == std::pair(320, 180));
    }
  }
  SECTION("of every shape, also when it changes") {
    struct Row {
      int width, height;
      GstVideoFormat format;
      std::pair<int, int> shape;
    };
    Micros now = 0;
    for (const Row& row : std::vector<Row>{{1920, 1080, GST_VIDEO_FORMAT_I420, {320, 180}},
                                           {720, 576, GST_VIDEO_FORMAT_NV12, {320, 256}},
                                           {1280, 720, GST_VIDEO_FORMAT_I420_10LE, {320, 180}},
                                           {160, 90, GST_VIDEO_FORMAT_Y42B, {160, 90}},
                                           {321, 181, GST_VIDEO_FORMAT_I420, {320, 180}}}) {
      const RawPicture picture(row.width, row.height, row.format);
      maker.offer(picture.frame, now += 20 * kSecond);
      REQUIRE_FALSE(made.empty());
      const auto [width, height] = sizeOf(made.back());
      CAPTURE(row.width, row.height, width, height);
      CHECK(width == row.shape.first);
      CHECK(height == row.shape.second);
    }
    CHECK(made.size() == 5);
  }
  SECTION("noise is made smaller rather than left out") {
    const RawPicture picture(320, 240, GST_VIDEO_FORMAT_I420, true);
    maker.offer(picture.frame, kSecond);
    REQUIRE(made.size() == 1);
    CHECK(made[0].size() <= ThumbnailMaker::kMostBytes);
    CHECK(sizeOf(made[0]).first == 192);
  }
  SECTION("nobody asked") {
    ThumbnailMaker idle({});
    const RawPicture picture(1280, 720);
    idle.offer(picture.frame, kSecond);
    CHECK(made.empty());
  }
}

}  // namespace
}  // namespace diemcau::probe
