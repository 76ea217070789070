#pragma once

#include <string>
#include <string_view>

#include <forebay/field.hpp>

namespace forebay {

// JSON as its text. Only says what it is, for the reader and for databases that have a type for it: it is neither
// parsed nor checked nor brought into another form.
struct json_text {
  std::string text;
  friend bool operator==(const json_text&, const json_text&) = default;
};

template <>
struct field_codec<json_text> : stored_as<json_text, &json_text::text> {
  static constexpr std::string_view name = "JSON text";
};

}  // namespace forebay
