#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ranges>
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

// A column of an entity's table.
struct column_ref {
  const entity_table* table = nullptr;
  int index = 0;

  [[nodiscard]] const column& meant() const { return table->row.columns[static_cast<std::size_t>(index)]; }
  friend bool operator==(const column_ref&, const column_ref&) = default;
};

namespace detail {

// The tables that a statement joins, in order: "t1", "t2" ... stand for them. Empty for a statement on one table, in
// which columns are named as they are.
using joined_tables = std::span<const entity_table* const>;

// The column's name in quotes, behind its table's where there are several.
FOREBAY_API std::string qualified_name(const dialect& d, const column_ref& c, joined_tables tables);

}  // namespace detail

enum class comparison : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  like,
  between,
  in,
  not_in,
  is_null,
  is_not_null
};

// A condition without its entity's type: a program in postfix order, so that all its code is in one place.
class FOREBAY_API condition {
 public:
  condition(const column_ref& left, comparison how, std::vector<owned_value> values);
  condition(const column_ref& left, comparison how, const value& right);
  condition(const column_ref& left, comparison how, const column_ref& right);

  // The text with {} for each value, in the dialect's quotes.
  [[nodiscard]] std::string text(const dialect& d, detail::joined_tables tables = {}) const;
  // One for each placeholder, in order; views into this.
  void append_parameters(std::vector<parameter>& out) const;

 protected:
  enum class combination : std::uint8_t { leaf, both, either, negation };
  void combine(condition&& other, combination how);
  void negate();

 private:
  struct step {
    combination what;
    comparison how{};
    column_ref left{};
    column_ref right{};  // no table: the values
    std::uint32_t first_value = 0;
    std::uint32_t value_count = 0;
  };
  std::vector<step> steps_;
  std::vector<owned_value> values_;
};

template <entity... T>
class predicate;

namespace detail {

// predicate<A, B> for conditions on A and B together.
template <class P, class... More>
struct merged {
  using type = P;
};
template <entity... T, class U, class... More>
struct merged<predicate<T...>, U, More...>
    : merged<std::conditional_t<(std::is_same_v<T, U> || ...), predicate<T...>, predicate<T..., U>>, More...> {};

}  // namespace detail

// A condition on the columns of these entities; of several only in queries that join them.
template <entity... T>
class predicate : public condition {
 public:
  using condition::condition;
  explicit predicate(condition c) : condition(std::move(c)) {}

  friend predicate operator&&(predicate a, predicate b) { return a.combine(std::move(b), combination::both), a; }
  friend predicate operator||(predicate a, predicate b) { return a.combine(std::move(b), combination::either), a; }
  friend predicate operator!(predicate a) { return a.negate(), a; }

  template <entity... U>
  friend typename detail::merged<predicate, U...>::type operator&&(predicate a, predicate<U...> b) {
    return a.combine(std::move(b), combination::both), typename detail::merged<predicate, U...>::type(std::move(a));
  }
  template <entity... U>
  friend typename detail::merged<predicate, U...>::type operator||(predicate a, predicate<U...> b) {
    return a.combine(std::move(b), combination::either), typename detail::merged<predicate, U...>::type(std::move(a));
  }
};

// Where NULLs stand in an order. `server`: where the database puts them, which differs: SQLite and MySQL take NULL for
// the smallest value, PostgreSQL for the largest.
enum class null_order : std::uint8_t { server, first, last };

enum class aggregate : std::uint8_t { none, count, sum, min, max, avg };

namespace detail {

// A column, or an aggregate over one; count is of rows and has no column.
struct expression {
  column_ref column{};
  aggregate function = aggregate::none;
};

struct ordering {
  expression by{};
  bool descending = false;
  null_order nulls = null_order::server;
};

}  // namespace detail

// A part of an order: by a column of the entity T, or by an aggregate.
template <entity... T>
struct order : detail::ordering {
  [[nodiscard]] constexpr order nulls_first() const { return with(null_order::first); }
  [[nodiscard]] constexpr order nulls_last() const { return with(null_order::last); }

 private:
  [[nodiscard]] constexpr order with(null_order where) const {
    order o = *this;
    o.nulls = where;
    return o;
  }
};

// sum(col<&Order::total_cents>), count(): what query::select takes beside columns.
template <entity... T>
struct aggregate_of : detail::expression {
  [[nodiscard]] constexpr order<T...> ascending() const { return {{*this, false}}; }
  [[nodiscard]] constexpr order<T...> descending() const { return {{*this, true}}; }
};

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

template <class M>
inline constexpr bool is_number = std::is_arithmetic_v<typename without_optional<M>::type> &&
                                  !std::is_same_v<typename without_optional<M>::type, bool>;

template <auto Member>
consteval int column_index() {
  return column_index<typename member_pointer<decltype(Member)>::object>(place_of(Member));
}

}  // namespace detail

template <entity T, class M>
class column_of;

namespace detail {

template <class T, class V>
struct compared_with {
  using type = predicate<T>;
  static constexpr bool column = false;
};
template <class T, class U, class N>
struct compared_with<T, column_of<U, N>> {
  using type = typename merged<predicate<T>, U>::type;
  static constexpr bool column = true;
};

}  // namespace detail

// A column of T with values of type M. Compare it with a value, or with a column of the same type, to get a predicate.
// How texts compare and order is the server's business, by the column's collation: SQLite compares bytes unless the
// column says otherwise. A comparison with NULL holds for no row, not even "!=".
template <entity T, class M>
class column_of {
 public:
  using value_type = typename detail::without_optional<M>::type;
  consteval explicit column_of(int index) : index_(index) {}

  template <class V>
  friend typename detail::compared_with<T, V>::type operator==(column_of c, const V& v) {
    return c.compared(comparison::equal, v);
  }
  template <class V>
  friend typename detail::compared_with<T, V>::type operator!=(column_of c, const V& v) {
    return c.compared(comparison::not_equal, v);
  }
  template <class V>
  friend typename detail::compared_with<T, V>::type operator<(column_of c, const V& v) {
    return c.compared(comparison::less, v);
  }
  template <class V>
  friend typename detail::compared_with<T, V>::type operator<=(column_of c, const V& v) {
    return c.compared(comparison::less_or_equal, v);
  }
  template <class V>
  friend typename detail::compared_with<T, V>::type operator>(column_of c, const V& v) {
    return c.compared(comparison::greater, v);
  }
  template <class V>
  friend typename detail::compared_with<T, V>::type operator>=(column_of c, const V& v) {
    return c.compared(comparison::greater_or_equal, v);
  }

  // % stands for any text, _ for any character. The rest is the server's: SQLite takes ASCII letters of both cases for
  // equal and knows no escape character; PostgreSQL tells cases apart and escapes with a backslash.
  [[nodiscard]] predicate<T> like(const std::string& pattern) const requires std::same_as<value_type, std::string> {
    return compared(comparison::like, pattern);
  }
  // Both ends belong to it.
  template <class Low, class High>
  [[nodiscard]] predicate<T> between(const Low& low, const High& high) const {
    std::vector<owned_value> ends;
    ends.push_back(own(low));
    ends.push_back(own(high));
    return {ref(), comparison::between, std::move(ends)};
  }
  // An empty list holds nothing.
  template <std::ranges::input_range List>
  [[nodiscard]] predicate<T> in(const List& list) const {
    return listed(comparison::in, list);
  }
  [[nodiscard]] predicate<T> in(std::initializer_list<value_type> list) const { return listed(comparison::in, list); }
  // NULL is in no list and outside of none but the empty one.
  template <std::ranges::input_range List>
  [[nodiscard]] predicate<T> not_in(const List& list) const {
    return listed(comparison::not_in, list);
  }
  [[nodiscard]] predicate<T> not_in(std::initializer_list<value_type> list) const {
    return listed(comparison::not_in, list);
  }
  [[nodiscard]] predicate<T> is_null() const { return {ref(), comparison::is_null, std::vector<owned_value>()}; }
  [[nodiscard]] predicate<T> is_not_null() const {
    return {ref(), comparison::is_not_null, std::vector<owned_value>()};
  }

  [[nodiscard]] constexpr order<T> ascending() const { return {{{ref()}, false}}; }
  [[nodiscard]] constexpr order<T> descending() const { return {{{ref()}, true}}; }
  [[nodiscard]] constexpr order<T> nulls_first() const { return ascending().nulls_first(); }
  [[nodiscard]] constexpr order<T> nulls_last() const { return ascending().nulls_last(); }
  constexpr operator order<T>() const {  // NOLINT(google-explicit-constructor): order_by(col<&User::id>)
    return ascending();
  }

  [[nodiscard]] constexpr column_ref ref() const { return {&table_of<T>, index_}; }

 private:
  template <entity U, class N>
  friend class column_of;

  template <class V>
  static constexpr bool is_comparable = std::is_convertible_v<const V&, value_type>;

  template <class V>
  auto compared(comparison how, const V& v) const {
    if constexpr (detail::compared_with<T, V>::column) {
      static_assert(std::is_same_v<typename V::value_type, value_type>,
                    "forebay: a column is compared with a column of its member's type");
      return typename detail::compared_with<T, V>::type(ref(), how, v.ref());
    } else {
      static_assert(is_comparable<V>, "forebay: a column is compared with a value of its member's type");
      if constexpr (std::is_same_v<V, value_type>) {
        return predicate<T>(ref(), how, field_codec<value_type>::write(v));
      } else if constexpr (is_comparable<V>) {
        const value_type exact = detail::exactly<value_type>(v, "a column");
        return predicate<T>(ref(), how, field_codec<value_type>::write(exact));
      } else {
        return predicate<T>(ref(), how, value());
      }
    }
  }

  template <class V>
  static owned_value own(const V& v) {
    static_assert(is_comparable<V>, "forebay: a column is compared with values of its member's type");
    if constexpr (std::is_same_v<V, value_type>) {
      return owned_value(field_codec<value_type>::write(v));
    } else if constexpr (is_comparable<V>) {
      const value_type exact = detail::exactly<value_type>(v, "a column");
      return owned_value(field_codec<value_type>::write(exact));
    } else {
      return owned_value(value());
    }
  }

  template <class List>
  predicate<T> listed(comparison how, const List& list) const {
    std::vector<owned_value> values;
    for (const auto& v : list) values.push_back(own(v));
    return {ref(), how, std::move(values)};
  }

  int index_;
};

template <auto Member>
inline constexpr column_of<typename detail::member_pointer<decltype(Member)>::object,
                           typename detail::member_pointer<decltype(Member)>::member>
    col{detail::column_index<Member>()};

// Rows.
[[nodiscard]] constexpr aggregate_of<> count() { return {{{}, aggregate::count}}; }
// Over no rows, and over NULLs only, each of these is NULL.
template <entity T, class M>
[[nodiscard]] constexpr aggregate_of<T> sum(column_of<T, M> c) {
  static_assert(detail::is_number<M>, "forebay: a sum is made of numbers");
  return {{c.ref(), aggregate::sum}};
}
template <entity T, class M>
[[nodiscard]] constexpr aggregate_of<T> avg(column_of<T, M> c) {
  static_assert(detail::is_number<M>, "forebay: an average is made of numbers");
  return {{c.ref(), aggregate::avg}};
}
template <entity T, class M>
[[nodiscard]] constexpr aggregate_of<T> min(column_of<T, M> c) {
  return {{c.ref(), aggregate::min}};
}
template <entity T, class M>
[[nodiscard]] constexpr aggregate_of<T> max(column_of<T, M> c) {
  return {{c.ref(), aggregate::max}};
}

}  // namespace forebay
