#include <forebay/fields/fixed_bytes.hpp>

#include <cstring>

namespace forebay::detail {

namespace {

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "01234567-89ab-cdef-0123-456789abcdef", exactly.
bool parse_uuid(std::string_view text, unsigned char* out) noexcept {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '-') {
      if (text[i] != '-') return false;
      continue;
    }
    const int high = digit_of(text[i]);
    const int low = digit_of(text[++i]);
    if (high < 0 || low < 0) return false;
    *out++ = static_cast<unsigned char>(high << 4 | low);
  }
  return true;
}

}  // namespace

read_status read_fixed_bytes(const value& cell, void* out, std::size_t size) noexcept {
  if (cell.is_null()) return read_status::null;
  const std::string_view bytes = cell.kind() == value_kind::bytes ? cell.as_text() : std::string_view();
  if (cell.kind() == value_kind::text && size == 16) {
    return parse_uuid(cell.as_text(), static_cast<unsigned char*>(out)) ? read_status::ok : read_status::malformed;
  }
  if (cell.kind() != value_kind::bytes) return read_status::wrong_type;
  if (bytes.size() != size) return read_status::malformed;
  if (size > 0) std::memcpy(out, bytes.data(), size);
  return read_status::ok;
}

}  // namespace forebay::detail
