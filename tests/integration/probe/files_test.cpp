// diemcau-probe on files: what it says of them, and how it ends.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/integration/probe/media_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {
namespace {

using Json = nlohmann::json;

struct Run {
  std::vector<Json> samples;
  std::string text, errors;
  int code = -1;
};

Run probe(std::vector<std::string> words) {
  words.insert(words.begin(), DIEMCAU_PROBE);
  Process process(std::move(words));
  Run out;
  while (const auto line = process.line()) {
    out.text += *line + "\n";
    if (line->starts_with('{')) out.samples.push_back(Json::parse(*line));
  }
  out.code = process.wait().value_or(-1);
  out.errors = process.errors();
  return out;
}

// A second of the feed itself: one in which the machine had no time for it holds fewer pictures, the next
// more.
const Json& wholeSecond(const Run& run, int fps) {
  const auto found = std::find_if(run.samples.begin() + 1, run.samples.end(), [fps](const Json& sample) {
    return sample.contains("video") && sample["video"]["fps"].get<double>() == Approx(fps).margin(fps / 10.0);
  });
  REQUIRE(found != run.samples.end());
  return *found;
}

double kbpsOf(const std::string& path, double seconds) {
  return static_cast<double>(std::filesystem::file_size(path)) * 8 / 1000 / seconds;
}

TEST_CASE("each container: codec, size, frame rate, bit rate, loudness; exit 0 at the end") {
  struct Row {
    const char* muxer;
    const char* name;
    int width, height, fps, b_frames;
  };
  const Row rows[] = {{"mpegtsmux", "a.ts", 640, 360, 25, 0},
                      {"mpegtsmux", "b.ts", 1280, 720, 30, 2},
                      {"mp4mux", "c.mp4", 640, 360, 25, 2},
                      {"matroskamux", "d.mkv", 640, 360, 25, 2},
                      {"flvmux", "e.flv", 640, 360, 25, 2}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const TempDir dir;
      const std::string path = dir.path() + "/" + row.name;
      MediaFile media;
      media.muxer = row.muxer;
      media.width = row.width;
      media.height = row.height;
      media.fps = row.fps;
      media.b_frames = row.b_frames;
      makeMediaFile(media, path);

      const Run run = probe({"--json", path});
      INFO(run.text << run.errors);
      CHECK(run.code == 0);
      REQUIRE(run.samples.size() >= 3);
      CHECK(run.samples.size() <= 6);
      double bits = 0;
      for (const Json& sample : run.samples) {
        for (const char* key :
             {"t_s", "connected", "video", "audio", "bitrate_kbps", "lost_packets", "conditions"}) {
          REQUIRE(sample.contains(key));
        }
        bits += sample["bitrate_kbps"].get<double>();
      }
      const Json& sample = wholeSecond(run, row.fps);
      CHECK(sample["connected"] == true);
      CHECK(sample["video"]["codec"] == "h264");
      CHECK(sample["video"]["width"] == row.width);
      CHECK(sample["video"]["height"] == row.height);
      CHECK(sample["audio"]["codec"] == "aac");
      CHECK(sample["audio"]["rms_dbfs"].get<double>() == Approx(-23).margin(1.5));
      CHECK(sample["audio"]["lufs"].get<double>() == Approx(-20).margin(2));
      CHECK(sample["lost_packets"] == 0);
      CHECK(sample["conditions"].empty());
      const double mean = bits / static_cast<double>(run.samples.size());
      CHECK(mean == Approx(kbpsOf(path, media.seconds)).epsilon(0.25));
    }
  }
}

TEST_CASE("each codec is named, decoded and measured") {
  struct Row {
    const char *picture, *sound, *muxer;
  };
  for (const Row& row : {Row{"h265", "ac3", "mpegtsmux"}, Row{"mpeg2", "mp2", "mpegtsmux"},
                         Row{"h264", "mp3", "mpegtsmux"}, Row{"h264", "opus", "matroskamux"},
                         // What capture cards give.
                         Row{"mjpeg", "opus", "matroskamux"}, Row{"raw", "opus", "matroskamux"}}) {
    DYNAMIC_SECTION(row.picture << " " << row.sound) {
      const TempDir dir;
      const std::string path = dir.path() + "/media";
      MediaFile media;
      media.muxer = row.muxer;
      media.picture_codec = row.picture;
      media.sound_codec = row.sound;
      makeMediaFile(media, path);
      const Run run = probe({"--json", path});
      INFO(run.text << run.errors);
      CHECK(run.code == 0);
      REQUIRE(run.samples.size() >= 3);
      const Json& sample = wholeSecond(run, 25);
      CHECK(sample["video"]["codec"] == row.picture);
      CHECK(sample["video"]["width"] == 640);
      CHECK(sample["video"]["luma"].get<double>() == Approx(125).margin(15));
      CHECK(sample["audio"]["codec"] == row.sound);
      CHECK(sample["audio"]["rms_dbfs"].get<double>() == Approx(-23).margin(1.5));
      CHECK(sample["conditions"].empty());
    }
  }
}

TEST_CASE("a file without sound, a file without picture") {
  const TempDir dir;
  MediaFile media;
  media.seconds = 6;
  const bool silent = GENERATE(true, false);
  media.sound = !silent;
  media.picture = silent;
  const std::string path = dir.path() + "/part.ts";
  makeMediaFile(media, path);
  const Run run = probe({"--json", path});
  INFO(run.text << run.errors);
  CHECK(run.code == 0);
  bool told = false;
  for (const Json& sample : run.samples) {
    for (const Json& name : sample["conditions"]) told |= name == (silent ? "no_audio" : "no_video");
  }
  CHECK(told);
}

TEST_CASE("sound alone, pictures alone: what is not expected is not missed") {
  const TempDir dir;
  MediaFile media;
  media.seconds = 6;
  const bool picture = GENERATE(true, false);
  media.picture = picture;
  media.sound = !picture;
  const std::string path = dir.path() + "/part.ts";
  makeMediaFile(media, path);
  const Run run = probe({"--json", "--expect", picture ? "audio=none" : "video=none", path});
  INFO(run.text << run.errors);
  CHECK(run.code == 0);
  REQUIRE(run.samples.size() >= 5);
  for (const Json& sample : run.samples) CHECK(sample["conditions"].empty());
  CHECK(run.samples.back()[picture ? "picture_alone" : "sound_alone"] == true);
}

TEST_CASE("a profile that the file does not keep") {
  const TempDir dir;
  const std::string path = dir.path() + "/small.ts";
  makeMediaFile({}, path);
  const Run run = probe({"--json", "--expect", "1920x1080@25,h264", path});
  INFO(run.text);
  // A machine that is busy may need its time until the first picture is there.
  const auto first = std::find_if(run.samples.begin(), run.samples.end(),
                                  [](const Json& sample) { return sample["video"]["fps"] > 0; });
  REQUIRE(run.samples.end() - first > 2);
  CHECK((*(first + 1))["conditions"] == Json::array({"wrong_format"}));
}

TEST_CASE("a recording in which some seconds are missing is a line that was cut, and that alone") {
  const TempDir dir;
  const std::string path = dir.path() + "/whole.ts";
  MediaFile media;
  media.seconds = 12;
  makeMediaFile(media, path);
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const std::size_t third = bytes.size() / 188 / 3 * 188;
  const Run run = probe({"--json", dir.write("cut.ts", bytes.substr(0, third) + bytes.substr(2 * third))});
  INFO(run.text << run.errors);
  CHECK(run.code == 0);
  std::set<std::string> told;
  for (const Json& sample : run.samples)
    for (const Json& name : sample["conditions"]) told.insert(name.get<std::string>());
  CHECK(told == std::set<std::string>{"no_signal"});
  REQUIRE_FALSE(run.samples.empty());
  CHECK(run.samples.back()["conditions"].empty());
  CHECK(run.samples.back()["t_s"].get<double>() > 10);  // the missing seconds passed
}

TEST_CASE("a machine that lets nothing run for some seconds is no fault of the feed") {
  const TempDir dir;
  MediaFile media;
  media.seconds = 12;
  const std::string path = dir.path() + "/a.ts";
  makeMediaFile(media, path);
  Process stopped(std::vector<std::string>{DIEMCAU_PROBE, "--json", path});
  int samples = 0;
  while (const auto line = stopped.line()) {
    INFO(*line);
    CHECK(Json::parse(*line)["conditions"].empty());
    if (++samples % 2 != 0 || samples > 8) continue;
    stopped.signal(SIGSTOP);
    REQUIRE(probe({"--json", "--seconds", "3", "test://"}).code == 0);
    stopped.signal(SIGCONT);
  }
  CHECK(samples > 8);
  CHECK(stopped.wait() == 0);
}

TEST_CASE("damaged files end and say so in numbers") {
  const TempDir dir;
  const std::string path = dir.path() + "/whole.ts";
  makeMediaFile({}, path);
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});

  SECTION("packets missing") {
    std::string holes;
    for (std::size_t at = 0; at + 188 <= bytes.size(); at += 188) {
      if (at / 188 % 40 != 39) holes += bytes.substr(at, 188);
    }
    const Run run = probe({"--json", dir.write("holes.ts", holes)});
    INFO(run.text << run.errors);
    CHECK(run.code == 0);
    REQUIRE_FALSE(run.samples.empty());
    CHECK(run.samples.back()["lost_packets"].get<int>() > 10);
    // Each key frame has a hole, so there is never a picture either.
    CHECK(run.samples.back()["conditions"] == Json::array({"no_video", "packet_loss"}));
  }
  SECTION("cut off in the middle of a packet") {
    const Run run = probe({"--json", dir.write("short.ts", bytes.substr(0, bytes.size() / 2 + 77))});
    INFO(run.text << run.errors);
    CHECK(run.code == 0);
  }
  SECTION("rubbish after the first packets") {
    std::string rubbish = bytes.substr(0, 188 * 100);
    unsigned seed = 7;
    for (int i = 0; i < 300'000; ++i)
      rubbish += static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
    const Run run = probe({"--json", "--seconds", "10", dir.write("rubbish.ts", rubbish)});
    INFO(run.text << run.errors);
    CHECK((run.code == 0 || run.code == 65));
  }
  SECTION("an MP4 without its index") {
    const std::string whole = dir.path() + "/whole.mp4";
    MediaFile media;
    media.muxer = "mp4mux";
    makeMediaFile(media, whole);
    std::filesystem::resize_file(whole, std::filesystem::file_size(whole) / 2);
    const Run run = probe({"--json", "--lang", "en", whole});
    INFO(run.text << run.errors);
    CHECK(run.code == 65);
    CHECK(run.errors.find("diemcau-probe: ") != std::string::npos);
  }
}

#ifdef DIEMCAU_STUCK_DECODER
TEST_CASE("a decoder that hangs ends the probe, which says so") {
  const TempDir dir;
  MediaFile media;
  media.seconds = 8;
  const std::string path = dir.path() + "/a.ts";
  makeMediaFile(media, path);
  ProcessSetup setup;
  setup.more = {"LD_PRELOAD=" DIEMCAU_STUCK_DECODER};
  Process process({DIEMCAU_PROBE, "--json", "--full", "--lang", "en", path}, setup);
  int samples = 0;
  while (process.line()) ++samples;
  CHECK(samples >= 1);
  CHECK(process.wait() == 70);
  CHECK(process.errors().find("a decoder hangs") != std::string::npos);
}
#endif

TEST_CASE("what cannot be a feed is refused at once") {
  const TempDir dir;
  const std::string page = dir.write("page.html", "<html><body>not a film</body></html>");
  struct Row {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const Row rows[] = {
      {{"--json", "--lang", "en", dir.path() + "/missing.ts"}, 66, "file not found"},
      {{"--json", "--lang", "vi", dir.path() + "/missing.ts"}, 66, "không tìm thấy tệp"},
      {{"--json", "--lang", "en", page}, 66, "is not MPEG-TS, MP4, Matroska or FLV"},
      {{"--json", "gopher://x"}, 64, "it must begin with srt://"},
      {{"--json", "srt://127.0.0.1:99999"}, 64, "srt://"},
      {{}, 64, "Give an address"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    const Run run = probe(row.words);
    CHECK(run.code == row.code);
    CHECK(run.errors.find(row.says) != std::string::npos);
    CHECK(run.samples.empty());
  }
}

TEST_CASE("a panel printed once, and a line a second") {
  const Run once = probe({"--once", "--seconds", "2", "--lang", "en", "test://"});
  INFO(once.text << once.errors);
  CHECK(once.code == 0);
  CHECK(once.text.find("1280x720") != std::string::npos);
  CHECK(once.text.find("GOOD") != std::string::npos);
  CHECK(once.text.find('\x1b') == std::string::npos);  // no terminal, no colours

  const Run lines = probe({"--seconds", "4", "--lang", "vi", "test://black"});
  CHECK(lines.code == 0);
  CHECK(lines.text.find("Hình đen") != std::string::npos);
}

TEST_CASE("the elements that may be used are listed") {
  const Run run = probe({"--list-elements"});
  CHECK(run.code == 0);
  CHECK(run.text.find("srt srtsrc\n") != std::string::npos);
  CHECK(run.text.find("hls filesrc\n") == std::string::npos);
}

}  // namespace
}  // namespace diemcau::test
