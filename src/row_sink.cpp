#include <forebay/row_sink.hpp>

#include <algorithm>

namespace forebay::detail {

row_sink::~row_sink() = default;

bool any_value(std::span<const value> cells) noexcept {
  return std::ranges::any_of(cells, [](const value& v) { return !v.is_null(); });
}

}  // namespace forebay::detail
