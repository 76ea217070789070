#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <forebay/export.hpp>

namespace forebay {

enum class value_kind : std::uint8_t { null, boolean, integer, real, text, bytes, timestamp };

FOREBAY_API std::string_view to_string(value_kind kind) noexcept;

// One cell: what a driver hands over for a column, and what is bound to a placeholder. Sixteen bytes; text and bytes
// are views, valid as long as what they were made from (a driver's cells: until its next row). Immutable.
class value {
 public:
  constexpr value() noexcept : integer_(0) {}

  static constexpr value boolean(bool v) noexcept { return {value_kind::boolean, v ? 1 : 0}; }
  static constexpr value integer(std::int64_t v) noexcept { return {value_kind::integer, v}; }
  static constexpr value real(double v) noexcept {
    value r;
    r.kind_ = value_kind::real;
    r.real_ = v;
    return r;
  }
  // Microseconds since 1970-01-01 00:00 UTC.
  static constexpr value timestamp(std::int64_t ticks) noexcept { return {value_kind::timestamp, ticks}; }
  // Texts and bytes of 4 GiB and more cannot be bound: throws value_out_of_range.
  static constexpr value text(std::string_view v) { return {value_kind::text, v.data(), checked_size(v.size())}; }
  static value bytes(const void* data, std::size_t size) {
    return {value_kind::bytes, static_cast<const char*>(data), checked_size(size)};
  }

  [[nodiscard]] constexpr value_kind kind() const noexcept { return kind_; }
  [[nodiscard]] constexpr bool is_null() const noexcept { return kind_ == value_kind::null; }

  // Each is only for its own kind; asking another kind's is a bug of the caller and gives an unspecified value.
  [[nodiscard]] constexpr std::int64_t as_integer() const noexcept { return integer_; }  // boolean and timestamp too
  [[nodiscard]] constexpr double as_real() const noexcept { return real_; }
  [[nodiscard]] constexpr std::string_view as_text() const noexcept { return {data_, size_}; }  // bytes too

 private:
  constexpr value(value_kind kind, std::int64_t v) noexcept : kind_(kind), integer_(v) {}
  constexpr value(value_kind kind, const char* data, std::uint32_t size) noexcept
      : kind_(kind), size_(size), data_(data) {}

  static constexpr std::uint32_t checked_size(std::size_t size) {
    if (size > UINT32_MAX) throw_too_large();
    return static_cast<std::uint32_t>(size);
  }
  [[noreturn]] FOREBAY_API static void throw_too_large();

  value_kind kind_ = value_kind::null;
  std::uint32_t size_ = 0;
  union {
    std::int64_t integer_;
    double real_;
    const char* data_;
  };
};

}  // namespace forebay
