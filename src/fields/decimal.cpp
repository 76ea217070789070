#include <forebay/fields/decimal.hpp>

#include <algorithm>

#include <forebay/error.hpp>

namespace forebay {

bool decimal::is_decimal(std::string_view text) noexcept {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto points = std::ranges::count(text, '.');
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits > 0 && points <= 1 && static_cast<std::size_t>(digits + points) == text.size();
}

decimal::decimal(std::string text) : text_(std::move(text)) {
  if (is_decimal(text_)) return;
  throw_error(errc::value_out_of_range, {.message = "a text that is no decimal number was given for one",
                                         .fix = "an optional sign, digits, and at most one point; no exponent"});
}

read_status field_codec<decimal>::read(const value& cell, decimal& out) {
  if (cell.is_null()) return read_status::null;
  if (cell.kind() == value_kind::integer) {
    out = decimal(std::to_string(cell.as_integer()));
    return read_status::ok;
  }
  if (cell.kind() != value_kind::text) return read_status::wrong_type;
  if (!decimal::is_decimal(cell.as_text())) return read_status::malformed;
  out = decimal(std::string(cell.as_text()));
  return read_status::ok;
}

}  // namespace forebay
