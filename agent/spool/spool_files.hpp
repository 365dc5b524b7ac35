// Small steps on files that the spool's parts share.
#pragma once

#include <string>
#include <string_view>

#include "agent/spool/disk.hpp"
#include "base/result.hpp"

namespace diemcau::agent {

// errno as a sentence for the person whose entry could not be saved.
tl::unexpected<Error> diskError(int code, const std::string& path);
// All bytes at that place, and on the disk.
Done writeWhole(DiskFile& file, std::string_view bytes, std::size_t at, const std::string& path);

}  // namespace diemcau::agent
