// The command line of diemcau-probe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/feed_address.hpp"
#include "base/result.hpp"
#include "diemcau/v1/feed.pb.h"

namespace diemcau::probe {

// What the program ends with.
enum ExitCode {
  kWell = 0,          // the feed or the time ended, or a person stopped it
  kUsage = 64,        // wrong option, or an address that cannot be a feed
  kBadData = 65,      // the file breaks before its end
  kNoInput = 66,      // the file is not there, or is of no known kind
  kNotPossible = 69,  // GStreamer or one of its elements is missing
  kStuck = 70,        // a decoder does not come back from a buffer
  kOutputGone = 74,   // nobody reads our output any more
};

enum class Mode { kPanel, kOnce, kJson, kChild, kListElements };

struct Options {
  Mode mode = Mode::kPanel;
  FeedAddress address;
  std::string uri;
  std::string passphrase;
  v1::Profile profile;
  v1::Depth::Name depth = v1::Depth::light;
  double seconds = 0;  // 0: no limit
  bool vietnamese = true;
  bool screen = false;  // --show auto
  bool colour = true;
};

// 1920x1080@25,h264,aac,3000-6000kbps; every part may be left out.
Result<v1::Profile> parseExpected(std::string_view text);

struct Parsed {
  std::optional<Options> options;
  int exit_code = 0;   // when there are no options
  std::string output;  // to standard output (help, version) or, with an exit code, to standard error
};
Parsed parseOptions(int argc, const char* const* argv);

}  // namespace diemcau::probe
