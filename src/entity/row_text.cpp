#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>

#include <forebay/entity/entity.hpp>
#include <forebay/error.hpp>

namespace forebay {

namespace {

constexpr std::size_t longest_text = 64;
constexpr std::size_t longest_bytes = 16;

std::string hexadecimal(unsigned char c) {
  char text[3];
  std::snprintf(text, sizeof text, "%02x", unsigned{c});
  return text;
}

std::string cut_off(std::size_t size, std::size_t shown) {
  return size > shown ? "... (" + std::to_string(size) + " bytes)" : std::string();
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, longest_text)) {
    if (c == '"' || c == '\\') out += '\\';
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += "\\x" + hexadecimal(static_cast<unsigned char>(c));
    }
  }
  return out + "\"" + cut_off(text.size(), longest_text);
}

std::string in_bytes(std::string_view bytes) {
  std::string out = "x'";
  for (const char c : bytes.substr(0, longest_bytes)) out += hexadecimal(static_cast<unsigned char>(c));
  return out + "'" + cut_off(bytes.size(), longest_bytes);
}

std::string shortest(double number) {
  char text[32];
  const auto [end, ignored] = std::to_chars(text, text + sizeof text, number);
  return {text, end};
}

std::string text_of(const value& v) {
  switch (v.kind()) {
    case value_kind::null: return "NULL";
    case value_kind::boolean: return v.as_integer() != 0 ? "true" : "false";
    case value_kind::integer: return std::to_string(v.as_integer());
    case value_kind::real: return shortest(v.as_real());
    case value_kind::text: return quoted(v.as_text());
    case value_kind::bytes: return in_bytes(v.as_text());
    case value_kind::timestamp: return detail::timestamp_text(v.as_integer());
  }
  return "?";
}

std::string text_of(const column& c, const void* row) {
  if (c.sensitive) return "***";
  try {
    return text_of(c.field->write(static_cast<const std::byte*>(row) + c.offset));
  } catch (const error&) {
    return "(cannot be stored)";  // an unsigned beyond 64 signed bits, say
  }
}

}  // namespace

std::string to_text(const row_shape& shape, const void* row) {
  std::string text(shape.type_name);
  const char* joint = "{";
  for (const column& c : shape.columns) {
    text += joint + std::string(c.name) + ": " + text_of(c, row);
    joint = ", ";
  }
  return text + "}";
}

}  // namespace forebay
