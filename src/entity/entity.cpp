#include <forebay/entity/entity.hpp>

namespace forebay {

std::size_t heap_bytes(const row_shape& shape, const void* row) noexcept {
  std::size_t sum = 0;
  for (const column& c : shape.columns) sum += c.field->heap_bytes(static_cast<const std::byte*>(row) + c.offset);
  return sum;
}

}  // namespace forebay
