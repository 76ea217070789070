#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <forebay/export.hpp>
#include <forebay/field.hpp>
#include <forebay/value.hpp>

// Bytes of a fixed number: std::array<std::byte, N> and std::array<unsigned char, N>. Stored as bytes; a cell of
// another length cannot be read. Sixteen bytes are also read from the text of a UUID,
// "01234567-89ab-cdef-0123-456789abcdef" in small or capital letters; they are written as bytes, so a key column that
// holds such texts is std::string instead.

namespace forebay {

namespace detail {

FOREBAY_API read_status read_fixed_bytes(const value& cell, void* out, std::size_t size) noexcept;

}  // namespace detail

template <class Byte, std::size_t N>
  requires(std::is_same_v<Byte, std::byte> || std::is_same_v<Byte, unsigned char>)
struct field_codec<std::array<Byte, N>> {
  static constexpr std::string_view name = N == 16 ? "16 bytes" : "bytes of a fixed number";
  static read_status read(const value& cell, std::array<Byte, N>& out) noexcept {
    return detail::read_fixed_bytes(cell, out.data(), N);
  }
  static value write(const std::array<Byte, N>& in) { return value::bytes(in.data(), N); }
};

}  // namespace forebay
