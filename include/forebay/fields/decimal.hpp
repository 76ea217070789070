#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <forebay/block.hpp>
#include <forebay/export.hpp>
#include <forebay/field.hpp>
#include <forebay/value.hpp>

namespace forebay {

// A decimal number as its text, digit for digit: an amount that passes through unchanged. It does not calculate; hand
// text() to the arithmetic of your choice. The form is an optional sign, digits, and at most one point between digits
// or before or after them: "12.50", "-3", ".5"; no exponent, no blanks, no infinity.
//
// Stored as text, and read from text or an integer. A floating-point cell is refused, because its digits are lost: on
// SQLite declare the column TEXT, which DECIMAL and NUMERIC are not.
class decimal {
 public:
  decimal() = default;  // 0
  // Throws value_out_of_range for a text of another form.
  FOREBAY_API explicit decimal(std::string text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] FOREBAY_API static bool is_decimal(std::string_view text) noexcept;

  // The same text: 1.5 and 1.50 differ, as do 0 and -0.
  friend bool operator==(const decimal&, const decimal&) = default;

 private:
  std::string text_ = "0";
};

template <>
struct field_codec<decimal> {
  static constexpr std::string_view name = "decimal";
  FOREBAY_API static read_status read(const value& cell, decimal& out);
  static value write(const decimal& in) { return value::text(in.text()); }
  static std::size_t heap_bytes(const decimal& in) noexcept {
    return payload_traits<std::string>::heap_bytes(in.text());
  }
};

}  // namespace forebay
