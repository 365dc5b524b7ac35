// The page's files, compiled in: page/* by embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace diemcau::agent {

struct PageFile {
  std::string_view path, type, body;
};
std::span<const PageFile> pageFiles();

}  // namespace diemcau::agent
