#include <forebay/value.hpp>

#include <forebay/error.hpp>

namespace forebay {

std::string_view to_string(value_kind kind) noexcept {
  switch (kind) {
    case value_kind::null: return "NULL";
    case value_kind::boolean: return "a boolean";
    case value_kind::integer: return "an integer";
    case value_kind::real: return "a floating-point number";
    case value_kind::text: return "text";
    case value_kind::bytes: return "bytes";
    case value_kind::timestamp: return "a timestamp";
  }
  return "unknown";
}

void value::throw_too_large() {
  throw_error(errc::value_out_of_range, {.message = "a text or byte string of 4 GiB or more cannot be bound"});
}

}  // namespace forebay
