#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include <forebay/call_site.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/field.hpp>
#include <forebay/predicate.hpp>
#include <forebay/sql/owned_value.hpp>

// What an update writes, column by column, for repository::set and set_where:
//
//   users.set(s, 43, set<&User::name>("Eve"), increment<&User::visits>(1));

namespace forebay {

// An assignment without its entity's type. Owns its value.
struct column_assignment {
  enum class kind : std::uint8_t { value, integer_sum, real_sum };
  kind what;
  int column;
  owned_value operand;
  call_site where;
  // For an integer_sum: what may stand in the column before, so that the sum is a number of the member.
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

template <entity T>
struct assignment : column_assignment {};

namespace detail {

template <class T, int Index>
inline constexpr bool is_key_column = [] {
  for (const int k : table_of<T>.key) {
    if (k == Index) return true;
  }
  return false;
}();

template <auto Member>
constexpr void check_assignable() {
  using object = typename member_pointer<decltype(Member)>::object;
  constexpr int index = column_index<Member>();
  static_assert(!is_key_column<object, index>,
                "forebay: a member of the key cannot be assigned: insert another row and remove this one");
  static_assert(!table_of<object>.row.columns[index].read_only, "forebay: a .read_only member cannot be assigned");
  static_assert(index != table_of<object>.version,
                "forebay: the version cannot be assigned: every update raises it by itself");
}

template <class M, class V>
constexpr bool is_assignable = std::is_same_v<V, M> ||
                               std::is_convertible_v<const V&, typename without_optional<M>::type> ||
                               (std::is_same_v<V, std::nullopt_t> &&
                                !std::is_same_v<M, typename without_optional<M>::type>);

template <class M, class V>
owned_value assigned_value(const V& v, const call_site& where) {
  using plain = typename without_optional<M>::type;
  if constexpr (std::is_same_v<V, std::nullopt_t>) {
    return owned_value(value());
  } else if constexpr (std::is_same_v<V, M> || std::is_same_v<V, plain>) {
    return owned_value(field_codec<V>::write(v));
  } else {
    const plain exact = exactly<plain>(v, "a column", where);
    return owned_value(field_codec<plain>::write(exact));
  }
}

template <class M>
inline constexpr bool is_summable = plain_integer<M> || std::is_floating_point_v<M>;

}  // namespace detail

// The column gets this value: one of the member's type, a number that it can hold, a text for a std::string, nullopt
// for a std::optional. Throws value_out_of_range for a number that the member cannot hold. A member of the key, the
// version and .read_only members are refused by the compiler.
template <auto Member, class V>
[[nodiscard]] auto set(const V& v, call_site where = call_site::here()) {
  using pointer = detail::member_pointer<decltype(Member)>;
  using member = typename pointer::member;
  detail::check_assignable<Member>();
  static_assert(detail::is_assignable<member, V>, "forebay: a column is set to a value of its member's type");
  if constexpr (detail::is_assignable<member, V>) {
    return assignment<typename pointer::object>{{column_assignment::kind::value, detail::column_index<Member>(),
                                                 detail::assigned_value<member>(v, where), where}};
  }
}

// The database adds `by`, which may be negative, to what is in the column: nothing is lost when many do it at once.
// NULL stays NULL. The update throws value_out_of_range, and changes nothing, when a sum is beyond what the member
// holds.
template <auto Member, class Number>
[[nodiscard]] auto increment(Number by, call_site where = call_site::here()) {
  using pointer = detail::member_pointer<decltype(Member)>;
  using member = typename detail::without_optional<typename pointer::member>::type;
  detail::check_assignable<Member>();
  constexpr bool numbers = detail::is_summable<member> && detail::is_summable<Number>;
  static_assert(numbers, "forebay: only numbers are incremented, and by numbers");
  using assigned = assignment<typename pointer::object>;
  constexpr int column = detail::column_index<Member>();
  if constexpr (!numbers) {
    return;
  } else if constexpr (std::is_integral_v<member>) {
    const auto sum = detail::exactly<std::int64_t>(by, "an increment", where);
    constexpr std::int64_t top = std::in_range<std::int64_t>(std::numeric_limits<member>::max())
                                     ? static_cast<std::int64_t>(std::numeric_limits<member>::max())
                                     : INT64_MAX;
    constexpr auto bottom = static_cast<std::int64_t>(std::numeric_limits<member>::min());
    const std::int64_t lowest = sum >= 0 ? bottom : sum == INT64_MIN && bottom == 0 ? INT64_MAX : bottom - sum;
    return assigned{{column_assignment::kind::integer_sum, column, owned_value(value::integer(sum)), where, lowest,
                     sum > 0 ? top - sum : top}};
  } else {
    return assigned{
        {column_assignment::kind::real_sum, column, owned_value(value::real(static_cast<double>(by))), where}};
  }
}

// The columns by which upsert finds the row that is there: those of a unique index. users.upsert(s, u,
// on<&User::email>)
template <entity T, int... Column>
struct conflict_target {
  static constexpr int columns[] = {Column...};
};
template <auto First, auto... More>
inline constexpr conflict_target<typename detail::member_pointer<decltype(First)>::object,
                                 detail::column_index<First>(), detail::column_index<More>()...>
    on{};

}  // namespace forebay
