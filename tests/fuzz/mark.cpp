// A frame of a feed, in which a studio's mark is looked for. The first byte's lowest bit says in which
// coding.
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "wire/feed_mark.hpp"

using namespace diemcau;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto coding = (data[0] & 1) == 0 ? wire::VideoCoding::kH264 : wire::VideoCoding::kH265;
  const auto mark = wire::findFeedMark({data + 1, size - 1}, coding);
  if (!mark) return 0;
  MUST(validUtf8(mark->briefing()) && mark->briefing().size() <= 64 * 4);
  v1::FeedMark again;
  again.set_briefing(mark->briefing());
  again.set_picture(mark->picture());
  again.set_made_us(mark->made_us());
  const std::string unit = wire::writeFeedMark(again, coding);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(unit.data());
  MUST(wire::afterStartCode(bytes, unit.size(), 4) == unit.size());
  const auto found = wire::findFeedMark({bytes, unit.size()}, coding);
  MUST(found && found->SerializeAsString() == again.SerializeAsString());
  return 0;
}
