#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <forebay/block.hpp>
#include <forebay/export.hpp>
#include <forebay/field.hpp>

// FOREBAY_ENTITY(User, "users", id, email, name)
// FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, email, name, version)
// FOREBAY_ROW(Revenue, tenant, sum)
//
// Beside the struct, in its namespace, at namespace scope. A member stands for the column of its name. An entity is a
// row of a table, found by its key; a row is the shape of a query's result. Structure only: whether and how long rows
// are cached is the database's business. At most 64 members, of the
// struct itself, not of a base; it must be default-constructible. The declaration ends with a semicolon.

namespace forebay {

template <class T>
struct type_tag {
  using type = T;
};

struct column {
  std::string_view name;
  std::uint32_t offset = 0;
  const field_operations* field = nullptr;
};

// The columns that a struct is made of.
struct row_shape {
  std::string_view type_name;
  std::span<const column> columns;
  const payload_type* payload = nullptr;
};

// A table and the struct that stands for one row of it. One constant an entity; its address identifies the entity.
struct entity_table {
  row_shape row;
  std::string_view name;
  std::span<const int> key;  // indexes of the key's columns
  int version = -1;          // index of the version column, or -1
};

namespace detail {

template <class M>
inline constexpr bool is_plain_integer = plain_integer<M>;

consteval int listed(int index) {
  if (index < 0) throw "this member is not listed in the declaration";
  return index;
}

}  // namespace detail

// Names a member within the options of E. Made from a member pointer, at compile time.
template <class E>
struct member_ref {
  int index = -1;
  consteval member_ref() = default;
  template <class M>
  consteval member_ref(M E::*p) : index(detail::listed(forebay_index(type_tag<E>{}, p))) {}
};

template <class E>
struct integer_member_ref {
  int index = -1;
  consteval integer_member_ref() = default;
  template <class M>
  consteval integer_member_ref(M E::*p) : index(detail::listed(forebay_index(type_tag<E>{}, p))) {
    static_assert(detail::is_plain_integer<M>, "forebay: the version is a member of an integer type");
  }
};

// One to four members: (.key = {&Line::order_id, &Line::position}).
template <class E>
struct key_ref {
  std::array<int, 4> index{};
  int size = 0;
  consteval key_ref() = default;
  template <class... M>
    requires(sizeof...(M) <= 4)
  consteval key_ref(M E::*... p) : index{detail::listed(forebay_index(type_tag<E>{}, p))...}, size(sizeof...(M)) {}
};

template <class E>
struct entity_options {
  std::string_view table{};
  key_ref<E> key{};                 // default: the first column
  integer_member_ref<E> version{};  // optimistic locking: raised by every update; default: none
};

namespace detail {

struct bad_description {};

template <class...>
struct types;

template <class M>
inline constexpr bool supported_field = field<M>;
template <class Pointer>
inline constexpr bool supported_member = false;
template <class T, class M>
inline constexpr bool supported_member<M T::*> = supported_field<M>;

template <class M>
consteval column make_column(std::string_view name, std::size_t offset) {
  if constexpr (supported_field<M>) {  // otherwise the declaration has been refused already
    return {name, static_cast<std::uint32_t>(offset), &operations_of<M>};
  } else {
    return {};
  }
}

template <class T, class A, class B>
constexpr bool same_member(A T::*a, B T::*b) {
  if constexpr (std::is_same_v<A, B>) {
    return a == b;
  } else {
    return false;
  }
}

template <class E, class Types, std::size_t N>
struct description {
  using types = Types;
  std::string_view type_name;
  entity_options<E> options;
  std::array<column, N> columns;
};

template <class E, class Types, std::size_t N>
consteval auto describe(std::string_view type_name, entity_options<E> options, const column (&columns)[N]) {
  if (options.key.size == 0) options.key.size = 1;
  description<E, Types, N> d{type_name, options, {}};
  for (std::size_t i = 0; i < N; ++i) d.columns[i] = columns[i];
  return d;
}

template <class T>
concept described = requires {
  forebay_declared(type_tag<T>{});
};
template <class T>
inline constexpr bool found_by_lookup = described<T>;

template <class T>
inline constexpr auto description_of = forebay_describe(type_tag<T>{});

template <int I, class List>
struct nth;
template <int I, class Head, class... Rest>
struct nth<I, types<Head, Rest...>> : nth<I - 1, types<Rest...>> {};
template <class Head, class... Rest>
struct nth<0, types<Head, Rest...>> {
  using type = Head;
};
template <int I, class T>
using member_type = typename nth<I, typename decltype(forebay_describe(type_tag<T>{}))::types>::type;

template <class T, class Sequence>
struct key_of;
template <class T, int... I>
struct key_of<T, std::integer_sequence<int, I...>> {
  static constexpr auto& index = description_of<T>.options.key.index;
  using type = std::conditional_t<sizeof...(I) == 1, member_type<index[0], T>, std::tuple<member_type<index[I], T>...>>;
};

}  // namespace detail

// A type declared by FOREBAY_ROW or FOREBAY_ENTITY.
template <class T>
concept row_type = detail::described<T>;

// A type declared by FOREBAY_ENTITY.
template <class T>
concept entity = row_type<T> && !detail::description_of<T>.options.table.empty();

template <row_type T>
inline constexpr row_shape shape_of{detail::description_of<T>.type_name, detail::description_of<T>.columns,
                                    &detail::payload_type_of<T>};

template <entity T>
inline constexpr entity_table table_of{
    shape_of<T>, detail::description_of<T>.options.table,
    std::span<const int>(detail::description_of<T>.options.key.index.data(),
                         static_cast<std::size_t>(detail::description_of<T>.options.key.size)),
    detail::description_of<T>.options.version.index};

// The type of an entity's key: the member's own, or a std::tuple of them.
template <entity T>
using key_t =
    typename detail::key_of<T, std::make_integer_sequence<int, detail::description_of<T>.options.key.size>>::type;

// Memory that a row owns beyond its struct.
FOREBAY_API std::size_t heap_bytes(const row_shape& shape, const void* row) noexcept;

template <row_type T>
struct payload_traits<T> {
  static std::size_t heap_bytes(const T& row) noexcept { return forebay::heap_bytes(shape_of<T>, &row); }
};

}  // namespace forebay

#include <forebay/entity/macros.hpp>
