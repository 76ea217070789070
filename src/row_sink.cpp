#include <forebay/row_sink.hpp>

namespace forebay::detail {

row_sink::~row_sink() = default;

}  // namespace forebay::detail
