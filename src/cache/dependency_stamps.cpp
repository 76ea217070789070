#include "cache/dependency_stamps.hpp"

#include <functional>

namespace forebay {

std::size_t dependency_stamps::slot_of(std::string_view table) noexcept {
  return std::hash<std::string_view>{}(table) % slot_count;
}

}  // namespace forebay
