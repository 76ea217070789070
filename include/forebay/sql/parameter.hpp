#pragma once

#include <cstdint>
#include <ranges>
#include <span>
#include <string_view>
#include <vector>

#include <forebay/export.hpp>
#include <forebay/field.hpp>
#include <forebay/value.hpp>

namespace forebay {

// What stands behind one placeholder: a value, or the values of a list for `({})`. Views into what it was made from.
class parameter {
 public:
  parameter(value v) noexcept : single_(v) {}  // NOLINT(google-explicit-constructor): a conversion by design
  explicit parameter(std::vector<value> list) noexcept : list_(std::move(list)), is_list_(true) {}

  [[nodiscard]] bool is_list() const noexcept { return is_list_; }
  [[nodiscard]] std::span<const value> values() const noexcept {
    return is_list_ ? std::span<const value>(list_) : std::span<const value>(&single_, 1);
  }

 private:
  value single_;
  std::vector<value> list_;
  bool is_list_ = false;
};

namespace detail {

template <class T>
concept text_like = std::convertible_to<const T&, std::string_view>;

template <class T>
concept bindable_list = std::ranges::forward_range<const T> && !text_like<T> && !bindable<T> &&
                        bindable<std::ranges::range_value_t<const T>> &&
                        // What is bound views into the elements: they must not be made on the way.
                        (std::is_lvalue_reference_v<std::ranges::range_reference_t<const T>> ||
                         is_plain_value<std::ranges::range_value_t<const T>> ||
                         std::same_as<std::ranges::range_value_t<const T>, std::string_view>);

template <class T>
inline constexpr bool has_a_codec = bindable<T> || text_like<T> || bindable_list<T>;

}  // namespace detail

// The argument of a statement as a parameter: any type with a field_codec, texts, nullopt, and ranges of these.
template <class T>
[[nodiscard]] parameter make_parameter(const T& argument) {
  if constexpr (bindable<T>) {
    return field_codec<T>::write(argument);
  } else if constexpr (detail::text_like<T>) {
    if constexpr (std::is_pointer_v<T>) {
      if (argument == nullptr) return value();
    }
    return value::text(std::string_view(argument));
  } else if constexpr (std::is_same_v<T, std::nullopt_t>) {
    return value();
  } else if constexpr (!detail::bindable_list<T>) {
    static_assert(
        detail::has_a_codec<T>,
        "forebay: this argument can stand behind no placeholder: its type has no field_codec, or it is a range "
        "that makes its elements on the way");
    return value();
  } else {
    using element = std::ranges::range_value_t<const T>;
    std::vector<value> list;
    for (const auto& v : argument) list.push_back(field_codec<element>::write(v));
    return parameter(std::move(list));
  }
}

// Equal for equal parameters; tells repeats from variations without holding the values. Keyed with a random number of
// the process, so that it cannot be looked up.
FOREBAY_API std::uint64_t identity_of(std::span<const parameter> parameters) noexcept;

}  // namespace forebay
