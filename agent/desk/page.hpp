// The desk's page, compiled in: page/, as Vite built it.
#pragma once

#include <span>

#include "net/asset.hpp"

namespace diemcau::agent {

std::span<const net::Asset> pageAssets();  // generated

}  // namespace diemcau::agent
