// The floor's frames, however the network cuts them.
#include <vector>

#include "tests/bench/floor/words.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau::bench::floor;

namespace {

struct Heard {
  Word word;
  std::string payload;
  bool operator==(const Heard&) const = default;
};

// As they would be read when the bytes come in pieces of this size.
std::vector<Heard> heard(const std::string& bytes, std::size_t piece) {
  std::vector<Heard> out;
  std::string in;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    in += bytes.substr(at, piece);
    in.erase(0, frames(in, [&](Word word, std::string_view payload) {
               out.push_back({word, std::string(payload)});
             }));
  }
  CHECK(in.empty());
  return out;
}

}  // namespace

TEST_CASE("frames are the same in one piece and byte by byte") {
  std::string bytes;
  append(bytes, Word::kHello, "s");
  append(bytes, Word::kCommand, std::string(300, 'x'));
  append(bytes, Word::kWelcome, {});
  append(bytes, Word::kRecord, numberBytes(68) + "record");
  const auto whole = heard(bytes, bytes.size());
  REQUIRE(whole.size() == 4);
  CHECK(whole[1] == Heard{Word::kCommand, std::string(300, 'x')});
  CHECK(whole[2] == Heard{Word::kWelcome, ""});
  CHECK(numberIn(whole[3].payload) == 68);
  for (const std::size_t piece : {1U, 3U, 7U, 299U}) CHECK(heard(bytes, piece) == whole);
}

TEST_CASE("a number too short is none") {
  CHECK(numberIn("1234567") == 0);
}
