#include <forebay/entity/key_codec.hpp>

#include <bit>
#include <cmath>

#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>

namespace forebay {

namespace {

template <class Number>
std::array<char, sizeof(Number)> big_endian(Number n) {
  std::array<char, sizeof(Number)> bytes;
  for (std::size_t i = 0; i < sizeof n; ++i) bytes[i] = static_cast<char>(n >> (8 * (sizeof n - 1 - i)));
  return bytes;
}

}  // namespace

void detail::throw_not_of_its_type(std::string_view what, const call_site& where) {
  throw_error(errc::value_out_of_range,
              {.message = "the number that is given for " + std::string(what) + " does not fit the type of the member",
               .where = where,
               .fix = "give the member a wider type"});
}

void key_bytes::append(const value& part) {
  switch (part.kind()) {
    case value_kind::boolean:
    case value_kind::integer:
    case value_kind::timestamp: {
      const auto bytes = big_endian(static_cast<std::uint64_t>(part.as_integer()));
      return append_bytes(bytes.data(), bytes.size());
    }
    case value_kind::real: {
      if (std::isnan(part.as_real())) break;
      const auto bytes = big_endian(std::bit_cast<std::uint64_t>(part.as_real() + 0.0));  // -0.0 equals 0.0
      return append_bytes(bytes.data(), bytes.size());
    }
    case value_kind::text:
    case value_kind::bytes: {
      const auto length = big_endian(static_cast<std::uint32_t>(part.as_text().size()));
      append_bytes(length.data(), length.size());
      return append_bytes(part.as_text().data(), part.as_text().size());
    }
    case value_kind::null: break;
  }
  throw_error(errc::value_out_of_range, {.message = "a key cannot be NULL or NaN"});
}

void key_bytes::append_bytes(const void* data, std::size_t size) {
  if (size == 0) return;
  if (heap_.empty() && size_ + size <= inline_.size()) {
    std::memcpy(inline_.data() + size_, data, size);
    size_ += size;
    return;
  }
  if (heap_.empty()) heap_.assign(inline_.data(), size_);
  heap_.append(static_cast<const char*>(data), size);
}

std::vector<value> key_values_of(const entity_table& table, const void* row) {
  std::vector<value> values;
  values.reserve(table.key.size());
  for (const int index : table.key) {
    values.push_back(read_member(table.row.columns[static_cast<std::size_t>(index)], row));
  }
  return values;
}

key_bytes key_bytes_of(const entity_table& table, const void* row) {
  key_bytes key;
  for (const int index : table.key) {
    key.append(read_member(table.row.columns[static_cast<std::size_t>(index)], row));
  }
  return key;
}

}  // namespace forebay
