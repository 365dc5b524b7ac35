// A spool whose files are damaged between runs, led by a script of letters and numbers (a byte each):
//   r n    a record with n bytes of note       k n    all but n of the records are acknowledged
//   o      the agent is started again
//   and while it is away, on file number i in the order of names (x, y: places or values):
//   f i x y  the byte at x becomes y            t i x    cut to x                 d i  deleted
//   w i n .. overwritten with the n bytes that follow    c i x    copied over file number x
//   g i n .. a whole frame with any n bytes as its payload is put behind it
// It opens whatever was done, twice with the same result, and takes records again. Confirmed records that
// nobody touched are still there.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "agent/spool/segment.hpp"
#include "agent/spool/site_files.hpp"
#include "agent/spool/spool.hpp"
#include "base/settings.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace diemcau;
namespace fs = std::filesystem;

namespace {

// tests/run puts TMPDIR in memory where it can, because the spool waits for the disk at every step.
const std::string& directory() {
  static const struct Place {
    std::string path = fs::temp_directory_path() / "diemcau-fuzz-XXXXXX";
    Place() { MUST(::mkdtemp(path.data()) != nullptr); }
    ~Place() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  } place;
  return place.path;
}

class Hall {
 public:
  Hall() {
    for (const auto& entry : fs::directory_iterator(directory())) fs::remove_all(entry.path());
    open();
  }

  void step(fuzz::Script& script) {
    switch (script.byte()) {
      case 'r':
        return record(script.byte());
      case 'k':
        return acknowledge(script.byte());
      case 'o':
        return open();
      case 'f':
        return flip(script.byte(), script.byte(), script.byte());
      case 't':
        return cut(script.byte(), script.byte());
      case 'd':
        return change(script.byte(), nullptr);
      case 'w': {
        const auto at = script.byte();
        const auto content = script.bytes(script.byte());
        return change(at, &content);
      }
      case 'c': {
        const auto* from = file(script.byte());
        const auto content = from == nullptr ? std::string() : readFile(*from).value_or("");
        return change(script.byte(), &content);
      }
      case 'g': {
        const auto at = script.byte();
        const auto* path = file(at);
        if (path == nullptr) return;
        auto content = readFile(*path).value_or("");
        agent::putFrame(content, script.bytes(script.byte()));
        return change(at, &content);
      }
      default:
        return;
    }
  }

  void finish() {
    open();
    record(1);
    open();
    MUST(!spool_->found().damaged && spool_->found().torn_bytes == 0);
  }

 private:
  void open() {
    spool_.reset();
    readSiteFiles();
    auto opened = agent::Spool::open(directory(), {.segment_bytes = 300, .before_delete = {}});
    MUST(opened.has_value());
    spool_ = std::move(*opened);
    if (!trusted_) confirmed_.clear();  // numbers on the disk were changed: what is acknowledged is not known
    check();
    const auto before = ids(*spool_);
    const auto epoch = spool_->epoch(), newest = spool_->newest(), acked = spool_->acked();
    spool_.reset();
    spool_ = std::move(agent::Spool::open(directory(), {.segment_bytes = 300, .before_delete = {}}).value());
    MUST(!spool_->found().damaged);
    MUST(spool_->epoch() == epoch && spool_->newest() == newest && spool_->acked() == acked);
    MUST(ids(*spool_) == before);
    trusted_ = true;
    place();
  }

  void check() const {
    MUST(spool_->acked() <= spool_->newest());
    const auto held = ids(*spool_);
    const std::set<std::string> there(held.begin(), held.end());
    for (const auto& [id, path] : confirmed_) MUST(there.contains(id));
    auto next = spool_->acked();
    for (const auto& entry : spool_->read(spool_->acked(), 1 << 20)) {
      v1::Record record;
      MUST(entry.number == ++next && record.ParseFromString(entry.bytes) && record.number() == next);
    }
    MUST(next == spool_->newest());
  }

  static std::vector<std::string> ids(const agent::Spool& spool) {
    std::vector<std::string> out;
    spool.each([&](const v1::Record& record) { out.push_back(record.id()); });
    return out;
  }

  // Other files of the directory: read, or as if they were not there.
  static void readSiteFiles() {
    agent::SiteFiles files(directory());
    MUST(files.agentId()->size() == 32);
    (void)files.assignment();
    (void)files.status();
    (void)files.book();
    wire::ClockOffset clock;
    if (const auto saved = files.clock()) clock.restore(*saved, 1'800'000'000 * kSecond, kHour);
    if (clock.known()) {
      const auto saved = clock.save(1'800'000'000 * kSecond, kHour);
      MUST(files.saveClock(saved).has_value());
    } else {
      MUST(files.saveClock({.wall = 1'700'000'000 * kSecond, .wall_offset = 5, .error = 9, .drift_ppm = 1.5})
               .has_value());
    }
  }

  void record(std::uint8_t size) {
    v1::Record one;
    one.set_id("id-" + std::to_string(++made_));
    one.mutable_help()->set_text(std::string(size, 'x'));
    MUST(spool_->append(one).has_value());
    confirmed_[one.id()] = newestSegment();
  }

  void acknowledge(std::uint8_t left) {
    if (spool_->pending() <= left) return;
    MUST(spool_->acknowledged(spool_->newest() - left).has_value());
    std::set<std::string> waiting;
    for (const auto& entry : spool_->read(spool_->acked(), 1 << 20)) {
      v1::Record one;
      MUST(one.ParseFromString(entry.bytes));
      waiting.insert(one.id());
    }
    std::erase_if(confirmed_, [&](const auto& each) { return !waiting.contains(each.first); });
  }

  // Which file each confirmed record lies in: a new spool may have moved them.
  void place() {
    for (const auto& path : listed()) {
      if (!path.ends_with(".log")) continue;
      for (const auto& one : agent::salvageSegment(readFile(path).value_or("")))
        if (const auto found = confirmed_.find(one.id()); found != confirmed_.end()) found->second = path;
    }
  }

  static std::vector<std::string> listed() {
    std::vector<std::string> paths;
    for (const auto& entry : fs::directory_iterator(directory()))
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  static std::string newestSegment() {
    std::string last;
    for (const auto& path : listed())
      if (path.ends_with(".log")) last = path;
    return last;
  }
  const std::string* file(std::uint8_t at) {
    files_ = listed();
    return files_.empty() ? nullptr : &files_[at % files_.size()];
  }

  // Null: the file goes.
  void change(std::uint8_t at, const std::string* content) {
    const auto* path = file(at);
    if (path == nullptr) return;
    spool_.reset();
    if (content == nullptr) {
      fs::remove(*path);
    } else {
      std::ofstream(*path, std::ios::binary | std::ios::trunc) << *content;
    }
    if (path->ends_with("/epoch") || path->ends_with("/acked")) trusted_ = false;
    std::erase_if(confirmed_, [&](const auto& each) { return each.second == *path; });
    open();
  }
  void flip(std::uint8_t at, std::uint8_t place, std::uint8_t value) {
    const auto* path = file(at);
    if (path == nullptr) return;
    auto content = readFile(*path).value_or("");
    if (content.empty()) return;
    content[place % content.size()] = static_cast<char>(value);
    change(at, &content);
  }
  void cut(std::uint8_t at, std::uint8_t length) {
    const auto* path = file(at);
    if (path == nullptr) return;
    const auto content = readFile(*path).value_or("").substr(0, length);
    change(at, &content);
  }

  std::unique_ptr<agent::Spool> spool_;
  std::map<std::string, std::string> confirmed_;  // id -> its file; not acknowledged
  std::vector<std::string> files_;
  bool trusted_ = true;  // nobody changed what says which are acknowledged
  int made_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::quietLog();
  Hall hall;
  fuzz::Script script{fuzz::asText(data, size)};
  for (int steps = 0; steps < 40 && !script.rest.empty(); ++steps) hall.step(script);
  hall.finish();
  return 0;
}
