#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/block.hpp>
#include <forebay/export.hpp>
#include <forebay/value.hpp>

namespace forebay {

// What came of reading a cell into a member.
enum class read_status : std::uint8_t {
  ok,
  null,
  wrong_type,    // the cell is of a kind that the member never takes
  out_of_range,  // a number that the member cannot hold
  malformed      // of the right kind, but not what the member takes: another length, an unknown name, no decimal
};

// Finds by argument-dependent lookup what is declared beside T: forebay_describe, forebay_names.
template <class T>
struct type_tag {
  using type = T;
};

// How a C++ type stands in a column or behind a placeholder: the one place to make a type of your own known.
// Specialise it, in namespace forebay, before the type is used in a declaration:
//
//   static read_status read(const value&, T&);   // T is unspecified unless ok
//   static value write(const T&);                // may view into its argument; throws value_out_of_range
//   static constexpr std::string_view name;      // for messages: "std::string"
//   static std::size_t heap_bytes(const T&);     // optional: memory owned beyond sizeof(T)
//
// or, when it is stored as another type is, derive from stored_as:
//
//   template <> struct forebay::field_codec<isbn> : forebay::stored_as<isbn, &isbn::digits> {
//     static constexpr std::string_view name = "isbn";
//   };
//
// Provided here: bool, integers, float, double, std::string (any bytes: neither NUL nor invalid UTF-8 is touched),
// std::vector<std::byte>, enumerations (by name where forebay_names is declared, else by their underlying integer),
// system_clock time points (with microseconds), durations (a number of the member's own unit: std::chrono::seconds are
// seconds in the column) and std::optional of all of these. In headers of their own: fields/fixed_bytes.hpp,
// fields/decimal.hpp, fields/json_text.hpp.
template <class T>
struct field_codec;

template <class T>
concept field = requires(const value& cell, T& out, const T& in) {
  { field_codec<T>::read(cell, out) } -> std::same_as<read_status>;
  { field_codec<T>::write(in) } -> std::same_as<value>;
};

namespace detail {

FOREBAY_API read_status read_integer(const value& cell, std::int64_t& out) noexcept;
FOREBAY_API read_status read_real(const value& cell, double& out) noexcept;
FOREBAY_API read_status read_text(const value& cell, std::string& out);
FOREBAY_API read_status read_bytes(const value& cell, std::vector<std::byte>& out);
// Microseconds since 1970. Accepts a timestamp, or text in the form "2026-11-24 10:30:00[.ffffff][Z]" with a blank or a
// T in the middle.
FOREBAY_API read_status read_timestamp(const value& cell, std::int64_t& ticks) noexcept;
// "2026-11-24T10:30:00.000000Z". Sorts as text in the order of time, which is why it throws value_out_of_range outside
// the years 0 to 9999.
FOREBAY_API std::string timestamp_text(std::int64_t ticks);
[[noreturn]] FOREBAY_API void throw_unsigned_too_large();
[[noreturn]] FOREBAY_API void throw_time_point_too_far();

template <class T>
concept plain_integer =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

}  // namespace detail

template <detail::plain_integer T>
struct field_codec<T> {
  static constexpr std::string_view name = std::is_signed_v<T> ? "signed integer" : "unsigned integer";
  static read_status read(const value& cell, T& out) noexcept {
    std::int64_t wide = 0;
    const read_status status = detail::read_integer(cell, wide);
    if (status != read_status::ok) return status;
    if (!std::in_range<T>(wide)) return read_status::out_of_range;
    out = static_cast<T>(wide);
    return read_status::ok;
  }
  static value write(const T& in) {
    if (!std::in_range<std::int64_t>(in)) detail::throw_unsigned_too_large();
    return value::integer(static_cast<std::int64_t>(in));
  }
};

template <>
struct field_codec<bool> {
  static constexpr std::string_view name = "bool";
  static read_status read(const value& cell, bool& out) noexcept {
    std::int64_t wide = 0;
    const read_status status = detail::read_integer(cell, wide);
    if (status != read_status::ok) return status;
    if (wide != 0 && wide != 1) return read_status::out_of_range;
    out = wide == 1;
    return read_status::ok;
  }
  static value write(bool in) noexcept { return value::boolean(in); }
};

template <std::floating_point T>
  requires(sizeof(T) <= sizeof(double))
struct field_codec<T> {
  static constexpr std::string_view name = sizeof(T) == sizeof(float) ? "float" : "double";
  static read_status read(const value& cell, T& out) noexcept {
    double wide = 0;
    const read_status status = detail::read_real(cell, wide);
    if (status != read_status::ok) return status;
    constexpr double limit = std::numeric_limits<T>::max();
    const bool infinite = wide - wide != 0;
    if (!infinite && (wide > limit || wide < -limit)) return read_status::out_of_range;
    out = static_cast<T>(wide);
    return read_status::ok;
  }
  static value write(T in) noexcept { return value::real(static_cast<double>(in)); }
};

template <>
struct field_codec<std::string> {
  static constexpr std::string_view name = "std::string";
  static read_status read(const value& cell, std::string& out) { return detail::read_text(cell, out); }
  static value write(const std::string& in) { return value::text(in); }
  static std::size_t heap_bytes(const std::string& s) noexcept { return payload_traits<std::string>::heap_bytes(s); }
};

template <>
struct field_codec<std::vector<std::byte>> {
  static constexpr std::string_view name = "std::vector<std::byte>";
  static read_status read(const value& cell, std::vector<std::byte>& out) { return detail::read_bytes(cell, out); }
  static value write(const std::vector<std::byte>& in) { return value::bytes(in.data(), in.size()); }
  static std::size_t heap_bytes(const std::vector<std::byte>& b) noexcept { return b.capacity(); }
};

// An enumeration that is stored by name says so beside itself, before it is used in a declaration:
//
//   enum class colour { red, green };
//   consteval auto forebay_names(forebay::type_tag<colour>) {
//     return forebay::names<colour>({{colour::red, "red"}, {colour::green, "green"}});
//   }
//
// Case matters. A name that is not listed cannot be read; a value that is not listed cannot be written.
template <class T>
struct name_of {
  T value;
  std::string_view name;
};
template <class T, std::size_t N>
consteval std::array<name_of<T>, N> names(const name_of<T> (&list)[N]) {
  std::array<name_of<T>, N> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = list[i];
  return all;
}

namespace detail {

template <class T>
concept named_enumeration = std::is_enum_v<T> && requires {
  forebay_names(type_tag<T>{});
};
template <class T>
inline constexpr auto names_of = forebay_names(type_tag<T>{});

[[noreturn]] FOREBAY_API void throw_unnamed_enumerator();

}  // namespace detail

template <class T>
  requires(std::is_enum_v<T> && !detail::named_enumeration<T> && field<std::underlying_type_t<T>>)
struct field_codec<T> {
  using underlying = std::underlying_type_t<T>;
  static constexpr std::string_view name = "enumeration";
  static read_status read(const value& cell, T& out) noexcept {
    underlying number{};
    const read_status status = field_codec<underlying>::read(cell, number);
    if (status == read_status::ok) out = static_cast<T>(number);
    return status;
  }
  static value write(T in) { return field_codec<underlying>::write(static_cast<underlying>(in)); }
};

template <detail::named_enumeration T>
struct field_codec<T> {
  static constexpr std::string_view name = "enumeration with names";
  static read_status read(const value& cell, T& out) noexcept {
    if (cell.is_null()) return read_status::null;
    if (cell.kind() != value_kind::text) return read_status::wrong_type;
    for (const name_of<T>& n : detail::names_of<T>) {
      if (n.name == cell.as_text()) return out = n.value, read_status::ok;
    }
    return read_status::malformed;
  }
  static value write(T in) {
    for (const name_of<T>& n : detail::names_of<T>) {
      if (n.value == in) return value::text(n.name);
    }
    detail::throw_unnamed_enumerator();
  }
};

template <class Number, class Period>
  requires field<Number>
struct field_codec<std::chrono::duration<Number, Period>> {
  using type = std::chrono::duration<Number, Period>;
  static constexpr std::string_view name = "duration";
  static read_status read(const value& cell, type& out) noexcept {
    Number count{};
    const read_status status = field_codec<Number>::read(cell, count);
    if (status == read_status::ok) out = type(count);
    return status;
  }
  static value write(const type& in) { return field_codec<Number>::write(in.count()); }
};

template <class Duration>
struct field_codec<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  using type = std::chrono::time_point<std::chrono::system_clock, Duration>;
  static constexpr std::string_view name = "time point";
  static read_status read(const value& cell, type& out) noexcept {
    std::int64_t ticks = 0;
    const read_status status = detail::read_timestamp(cell, ticks);
    if (status != read_status::ok) return status;
    const std::chrono::microseconds since_epoch{ticks};
    if constexpr (std::ratio_less_v<typename Duration::period, std::micro>) {
      constexpr auto limit = std::chrono::floor<std::chrono::microseconds>(Duration::max());
      if (since_epoch > limit || since_epoch < -limit) return read_status::out_of_range;
    }
    out = type{std::chrono::floor<Duration>(since_epoch)};
    return read_status::ok;
  }
  static value write(const type& in) {
    if constexpr (std::ratio_greater_v<typename Duration::period, std::micro>) {
      constexpr auto largest = std::chrono::floor<Duration>(std::chrono::microseconds::max());
      constexpr auto smallest = std::chrono::ceil<Duration>(std::chrono::microseconds::min());
      if (in.time_since_epoch() > largest || in.time_since_epoch() < smallest) detail::throw_time_point_too_far();
    }
    return value::timestamp(std::chrono::floor<std::chrono::microseconds>(in.time_since_epoch()).count());
  }
};

template <field T>
struct field_codec<std::optional<T>> {
  static constexpr std::string_view name = field_codec<T>::name;
  static read_status read(const value& cell, std::optional<T>& out) {
    if (!cell.is_null()) return field_codec<T>::read(cell, out.emplace());
    out.reset();
    return read_status::ok;
  }
  static value write(const std::optional<T>& in) { return in ? field_codec<T>::write(*in) : value(); }
  static std::size_t heap_bytes(const std::optional<T>& in) noexcept {
    if constexpr (requires { field_codec<T>::heap_bytes(*in); }) return in ? field_codec<T>::heap_bytes(*in) : 0;
    return 0;
  }
};

// Text that is only written, never read into: parameters may be string literals and views.
template <>
struct field_codec<std::string_view> {
  static constexpr std::string_view name = "std::string_view";
  static value write(std::string_view in) { return value::text(in); }
};

// The codec of a T that is stored as another type is; derive field_codec<T> from it. `To` gives what is stored: a
// member of T, a const member function of it, or a function of T; it returns a reference into its argument, or a
// number. `From` makes a T of what was read: by default its constructor from it, or the function given, which may
// return std::optional<T>: none means that the text or number is no T (schema_mismatch).
struct by_constructor {};
template <class T, auto To, auto From = by_constructor{}>
struct stored_as {
 private:
  static constexpr decltype(auto) stored(const T& in) {
    if constexpr (std::is_member_object_pointer_v<decltype(To)>) {
      return (in.*To);
    } else if constexpr (std::is_member_function_pointer_v<decltype(To)>) {
      return (in.*To)();
    } else {
      return To(in);
    }
  }
  using result = decltype(stored(std::declval<const T&>()));
  using type = std::remove_cvref_t<result>;

 public:
  static constexpr std::string_view name = field_codec<type>::name;
  static read_status read(const value& cell, T& out) {
    type in{};
    const read_status status = field_codec<type>::read(cell, in);
    if (status != read_status::ok) return status;
    if constexpr (!std::is_same_v<std::remove_const_t<decltype(From)>, by_constructor>) {
      std::optional<T> made = From(static_cast<type&&>(in));
      if (!made) return read_status::malformed;
      out = static_cast<T&&>(*made);
    } else if constexpr (std::is_constructible_v<T, type>) {
      out = T(static_cast<type&&>(in));
    } else {
      out = T{static_cast<type&&>(in)};
    }
    return status;
  }
  static value write(const T& in) {
    static_assert(std::is_lvalue_reference_v<result> || std::is_arithmetic_v<type> || std::is_enum_v<type>,
                  "forebay: stored_as: what is stored is bound by its address, so To must return a reference");
    return field_codec<type>::write(stored(in));
  }
  static std::size_t heap_bytes(const T& in) noexcept {
    if constexpr (requires(const type& s) { field_codec<type>::heap_bytes(s); }) {
      return field_codec<type>::heap_bytes(stored(in));
    } else {
      return static_cast<void>(in), 0;
    }
  }
};

// What can stand behind a placeholder.
template <class T>
concept bindable = requires(const T& in) {
  { field_codec<T>::write(in) } -> std::same_as<value>;
};

namespace detail {

// The value is all there is to it: bound by copy, and equal in the database exactly where it is equal here.
template <class T>
inline constexpr bool is_plain_value = std::is_arithmetic_v<T> || (std::is_enum_v<T> && !named_enumeration<T>);
template <class Number, class Period>
inline constexpr bool is_plain_value<std::chrono::duration<Number, Period>> = is_plain_value<Number>;
template <class Duration>
inline constexpr bool is_plain_value<std::chrono::time_point<std::chrono::system_clock, Duration>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

}  // namespace detail

// A field's operations without its type: one constant a type, shared by all columns of that type.
struct field_operations {
  read_status (*read)(const value& cell, void* member);
  value (*write)(const void* member);
  std::size_t (*heap_bytes)(const void* member);
  std::string_view type_name;
  bool plain;     // see is_plain_value; false for text, whose equality depends on a collation
  bool nullable;  // the member can hold NULL: std::optional
};

namespace detail {

template <class T>
inline constexpr field_operations operations_of{
    [](const value& cell, void* member) { return field_codec<T>::read(cell, *static_cast<T*>(member)); },
    [](const void* member) { return field_codec<T>::write(*static_cast<const T*>(member)); },
    [](const void* member) -> std::size_t {
      if constexpr (requires(const T& v) { field_codec<T>::heap_bytes(v); }) {
        return field_codec<T>::heap_bytes(*static_cast<const T*>(member));
      } else {
        return static_cast<void>(member), 0;
      }
    },
    field_codec<T>::name,
    is_plain_value<T>,
    is_optional<T>};

}  // namespace detail

}  // namespace forebay
