#pragma once

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
enum class read_status : std::uint8_t { ok, null, wrong_type, out_of_range };

// How a C++ type stands in a column or behind a placeholder. Specialise it for a type of your own:
//
//   static read_status read(const value&, T&);   // T is unspecified unless ok
//   static value write(const T&);                // may view into its argument; throws value_out_of_range
//   static constexpr std::string_view name;      // for messages: "std::string"
//   static std::size_t heap_bytes(const T&);     // optional: memory owned beyond sizeof(T)
//
// Provided: bool, integers, float, double, std::string, std::vector<std::byte>, enumerations (by their underlying
// integer), system_clock time points (stored with microseconds) and std::optional of all of these.
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

template <class T>
  requires(std::is_enum_v<T>&& field<std::underlying_type_t<T>>)
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

// What can stand behind a placeholder.
template <class T>
concept bindable = requires(const T& in) {
  { field_codec<T>::write(in) } -> std::same_as<value>;
};

namespace detail {

// The value is all there is to it: bound by copy, and equal in the database exactly where it is equal here.
template <class T>
inline constexpr bool is_plain_value = std::is_arithmetic_v<T> || std::is_enum_v<T>;
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
    field_codec<T>::name, is_plain_value<T>, is_optional<T>};

}  // namespace detail

}  // namespace forebay
