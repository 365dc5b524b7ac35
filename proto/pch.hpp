// Precompiled for everybody: the standard library, the messages and the logger. Nothing of ours that changes
// often.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/command.pb.h"
#include "diemcau/v1/link.pb.h"
#include "diemcau/v1/report.pb.h"
#include "diemcau/v1/view.pb.h"
