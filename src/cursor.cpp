#include "cursor.hpp"

#include <bit>
#include <optional>

#include <forebay/error.hpp>

namespace forebay::detail {

namespace {

// version | query | for each value: kind, and eight bytes, or a length of four bytes and that many | check
constexpr char version = 1;
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";  // RFC 4648, 5

// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv).
std::uint64_t hash_of(std::string_view bytes) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

template <class Number>
void append_number(std::string& out, Number n) {
  for (std::size_t i = 0; i < sizeof n; ++i) out += static_cast<char>(n >> (8 * i));
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += alphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += alphabet[bits << (6 - count) & 63];
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count);
    }
  }
  // Only one text stands for the bytes: a changed one is noticed, whichever character was changed.
  if (count >= 6 || (bits & ((1u << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

[[noreturn]] void refuse(const char* why, const call_site& where) {
  throw invalid_cursor({.message = why,
                        .where = where,
                        .fix = "use a cursor with the query that gave it, or start again from the first page"});
}

[[noreturn]] void refuse_damaged(const call_site& where) {
  refuse("the cursor is damaged: it is not one that page() gave", where);
}

class cursor_reader {
 public:
  cursor_reader(std::string_view bytes, const call_site& where) : rest_(bytes), where_(where) {}

  template <class Number>
  Number number() {
    const std::string_view bytes = take(sizeof(Number));
    Number n = 0;
    for (std::size_t i = sizeof n; i-- > 0;) n = static_cast<Number>(n << 8 | static_cast<unsigned char>(bytes[i]));
    return n;
  }
  value next_value() {
    const auto kind = static_cast<value_kind>(take(1)[0]);
    switch (kind) {
      case value_kind::null: return {};
      case value_kind::boolean: return value::boolean(integer() != 0);
      case value_kind::integer: return value::integer(integer());
      case value_kind::timestamp: return value::timestamp(integer());
      case value_kind::real: return value::real(std::bit_cast<double>(number<std::uint64_t>()));
      case value_kind::text: return value::text(take(number<std::uint32_t>()));
      case value_kind::bytes: {
        const std::string_view bytes = take(number<std::uint32_t>());
        return value::bytes(bytes.data(), bytes.size());
      }
    }
    refuse_damaged(where_);
  }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::int64_t integer() { return static_cast<std::int64_t>(number<std::uint64_t>()); }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) refuse_damaged(where_);
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  const call_site& where_;
};

void append_value(std::string& out, const value& v) {
  out += static_cast<char>(v.kind());
  switch (v.kind()) {
    case value_kind::null: return;
    case value_kind::boolean:
    case value_kind::integer:
    case value_kind::timestamp: return append_number(out, static_cast<std::uint64_t>(v.as_integer()));
    case value_kind::real: return append_number(out, std::bit_cast<std::uint64_t>(v.as_real()));
    case value_kind::text:
    case value_kind::bytes:
      append_number(out, static_cast<std::uint32_t>(v.as_text().size()));
      out += v.as_text();
      return;
  }
}

}  // namespace

std::uint64_t cursor_identity(std::string_view query) noexcept { return hash_of(query); }

std::string encode_cursor(std::uint64_t query, std::span<const owned_value> place) {
  std::string bytes(1, version);
  append_number(bytes, query);
  for (const owned_value& v : place) append_value(bytes, v.view());
  append_number(bytes, hash_of(bytes));
  return to_base64(bytes);
}

std::vector<owned_value> decode_cursor(std::string_view cursor, std::uint64_t query, std::size_t values,
                                       const call_site& where) {
  constexpr std::size_t check_size = sizeof(std::uint64_t);
  const std::optional<std::string> bytes = from_base64(cursor);
  if (!bytes || bytes->size() < 1 + 2 * check_size) refuse_damaged(where);
  const std::string_view all = *bytes;
  const std::string_view checked = all.substr(0, all.size() - check_size);
  cursor_reader check(all.substr(checked.size()), where);
  if (check.number<std::uint64_t>() != hash_of(checked)) refuse_damaged(where);
  if (checked[0] != version) refuse("the cursor was made by another version of the library", where);
  cursor_reader from(checked.substr(1), where);
  if (from.number<std::uint64_t>() != query) {
    refuse("the cursor was made by another query: one with another order, other joins or other conditions", where);
  }
  std::vector<owned_value> place;
  for (std::size_t i = 0; i < values; ++i) place.emplace_back(from.next_value());
  if (!from.at_end()) refuse_damaged(where);
  return place;
}

}  // namespace forebay::detail
