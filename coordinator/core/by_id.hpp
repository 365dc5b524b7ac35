// Objects by their id, found by any kind of string in one step. In no order: who goes through all of them and
// tells of it has to sort.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace diemcau::core {

struct IdHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
};

template <class Object>
using ById = std::unordered_map<std::string, Object, IdHash, std::equal_to<>>;

}  // namespace diemcau::core
