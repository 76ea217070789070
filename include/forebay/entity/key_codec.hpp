#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <forebay/call_site.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>
#include <forebay/value.hpp>

namespace forebay {

// The canonical bytes of a key: equal keys of one entity have equal bytes. An integer is its eight bytes, most
// significant first; a text or bytes its length in four bytes and itself. Built on the stack; keys beyond 48 bytes
// allocate.
class key_bytes {
 public:
  key_bytes() noexcept = default;
  // Throws value_out_of_range for NULL: no row has it as its key.
  explicit key_bytes(std::span<const value> parts) {
    for (const value& part : parts) append(part);
  }

  FOREBAY_API void append(const value& part);
  [[nodiscard]] std::string_view view() const noexcept {
    return heap_.empty() ? std::string_view(inline_.data(), size_) : std::string_view(heap_);
  }

 private:
  void append_bytes(const void* data, std::size_t size);

  std::array<char, 48> inline_;
  std::size_t size_ = 0;
  std::string heap_;
};

// The values of a key, in the order of the entity's key columns; they view into the key.
template <entity T>
inline constexpr std::size_t key_size = detail::description_of<T>.key_size;

template <entity T>
[[nodiscard]] std::array<value, key_size<T>> key_values(const key_t<T>& key) {
  if constexpr (key_size<T> == 1) {
    return {field_codec<key_t<T>>::write(key)};
  } else {
    return std::apply(
        [](const auto&... part) {
          return std::array<value, key_size<T>>{
              detail::operations_of<std::remove_cvref_t<decltype(part)>>.write(&part)...};
        },
        key);
  }
}

// The same from a row.
FOREBAY_API std::vector<value> key_values_of(const entity_table& table, const void* row);
[[nodiscard]] FOREBAY_API key_bytes key_bytes_of(const entity_table& table, const void* row);

namespace detail {

[[noreturn]] FOREBAY_API void throw_not_of_its_type(std::string_view what, const call_site& where);

// A number that is given for a key or compared with a column, in the type of the member: never another number.
template <class To, class From>
[[nodiscard]] constexpr To exactly(const From& from, std::string_view what, const call_site& where = {}) {
  if constexpr (plain_integer<To> && plain_integer<From>) {
    if (!std::in_range<To>(from)) throw_not_of_its_type(what, where);
    return static_cast<To>(from);
  } else {
    static_assert(!(std::is_integral_v<To> && std::is_floating_point_v<From>),
                  "forebay: a floating-point number stands where the member is an integer");
    return static_cast<To>(from);
  }
}

}  // namespace detail

// The key of a row.
template <entity T>
[[nodiscard]] key_t<T> key_of(const T& row) {
  const auto member = [&]<class M>(int part, std::type_identity<M>) -> const M& {
    const column& c =
        table_of<T>.row.columns[static_cast<std::size_t>(table_of<T>.key[static_cast<std::size_t>(part)])];
    return *reinterpret_cast<const M*>(reinterpret_cast<const std::byte*>(&row) + c.offset);
  };
  if constexpr (key_size<T> == 1) {
    return member(0, std::type_identity<key_t<T>>{});
  } else {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return key_t<T>{member(I, std::type_identity<std::tuple_element_t<I, key_t<T>>>{})...};
    }
    (std::make_integer_sequence<int, static_cast<int>(key_size<T>)>{});
  }
}

}  // namespace forebay
