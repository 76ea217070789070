#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/export.hpp>
#include <forebay/field.hpp>
#include <forebay/sql/dialect.hpp>
#include <forebay/sql/owned_value.hpp>
#include <forebay/sql/parameter.hpp>

// Conditions on the columns of an entity, for repository::query:
//
//   users.query(s).where(col<&User::email>.like("%@acme.io") && col<&User::version> > 3)
//                 .order_by(col<&User::id>.descending()).limit(50).all()

namespace forebay {

enum class comparison : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  like,
  is_null,
  in
};

// A condition without its entity's type: a program in postfix order, so that all its code is in one place.
class FOREBAY_API condition {
 public:
  condition(int column, comparison how, std::vector<owned_value> values);

  // The text with {} for each value, in the dialect's quotes.
  [[nodiscard]] std::string text(const dialect& d, const row_shape& shape) const;
  // One for each placeholder, in order; views into this.
  void append_parameters(std::vector<parameter>& out) const;

 protected:
  enum class combination : std::uint8_t { leaf, both, either, negation };
  void combine(condition&& other, combination how);
  void negate();

 private:
  struct step {
    combination what;
    comparison how;
    int column;
    std::uint32_t first_value;
    std::uint32_t value_count;
  };
  std::vector<step> steps_;
  std::vector<owned_value> values_;
};

template <entity T>
class predicate : public condition {
 public:
  using condition::condition;
  friend predicate operator&&(predicate a, predicate b) { return a.combine(std::move(b), combination::both), a; }
  friend predicate operator||(predicate a, predicate b) { return a.combine(std::move(b), combination::either), a; }
  friend predicate operator!(predicate a) { return a.negate(), a; }
};

struct ordering {
  int column = 0;
  bool descending = false;
};

template <entity T>
struct order : ordering {};

namespace detail {

template <class P>
struct member_pointer;
template <class T, class M>
struct member_pointer<M T::*> {
  using object = T;
  using member = M;
};

template <class M>
struct without_optional {
  using type = M;
  static const M* get(const M& m) noexcept { return &m; }
};
template <class M>
struct without_optional<std::optional<M>> {
  using type = M;
  static const M* get(const std::optional<M>& m) noexcept { return m ? &*m : nullptr; }
};

template <auto Member>
consteval int column_index() {
  return column_index<typename member_pointer<decltype(Member)>::object>(place_of(Member));
}

}  // namespace detail

// A column of T with values of type M. Compare it to get a predicate.
template <entity T, class M>
class column_of {
 public:
  using value_type = typename detail::without_optional<M>::type;
  consteval explicit column_of(int index) : index_(index) {}

  template <class V>
  friend predicate<T> operator==(column_of c, const V& v) {
    return c.compared(comparison::equal, v);
  }
  template <class V>
  friend predicate<T> operator!=(column_of c, const V& v) {
    return c.compared(comparison::not_equal, v);
  }
  template <class V>
  friend predicate<T> operator<(column_of c, const V& v) {
    return c.compared(comparison::less, v);
  }
  template <class V>
  friend predicate<T> operator<=(column_of c, const V& v) {
    return c.compared(comparison::less_or_equal, v);
  }
  template <class V>
  friend predicate<T> operator>(column_of c, const V& v) {
    return c.compared(comparison::greater, v);
  }
  template <class V>
  friend predicate<T> operator>=(column_of c, const V& v) {
    return c.compared(comparison::greater_or_equal, v);
  }
  // % stands for any text, _ for any character; upper and lower case as the server compares them.
  [[nodiscard]] predicate<T> like(const std::string& pattern) const requires std::same_as<value_type, std::string> {
    return compared(comparison::like, pattern);
  }
  [[nodiscard]] predicate<T> is_null() const { return {index_, comparison::is_null, {}}; }
  // An empty list holds nothing.
  [[nodiscard]] predicate<T> in(std::span<const value_type> list) const {
    std::vector<owned_value> values;
    for (const value_type& v : list) values.emplace_back(field_codec<value_type>::write(v));
    return {index_, comparison::in, std::move(values)};
  }

  [[nodiscard]] order<T> ascending() const { return {{index_, false}}; }
  [[nodiscard]] order<T> descending() const { return {{index_, true}}; }
  operator order<T>() const { return ascending(); }  // NOLINT(google-explicit-constructor): order_by(col<&User::id>)

 private:
  template <class V>
  predicate<T> compared(comparison how, const V& v) const {
    static_assert(is_comparable<V>, "forebay: a column is compared with a value of its member's type");
    std::vector<owned_value> values;
    if constexpr (std::is_same_v<V, value_type>) {
      values.emplace_back(field_codec<value_type>::write(v));
    } else if constexpr (is_comparable<V>) {
      const value_type exact = detail::exactly<value_type>(v, "a column");
      values.emplace_back(field_codec<value_type>::write(exact));
    }
    return {index_, how, std::move(values)};
  }
  template <class V>
  static constexpr bool is_comparable = std::is_convertible_v<const V&, value_type>;

  int index_;
};

template <auto Member>
inline constexpr column_of<typename detail::member_pointer<decltype(Member)>::object,
                           typename detail::member_pointer<decltype(Member)>::member>
    col{detail::column_index<Member>()};

}  // namespace forebay
