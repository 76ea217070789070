#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/entity/key_codec.hpp>
#include <forebay/page.hpp>
#include <forebay/query_base.hpp>
#include <forebay/related.hpp>

namespace forebay {

template <entity T>
class repository;

// The rows that a query gives, one way or another; each call is one statement, and none changes the query, which can be
// run again. A session's query neither reads nor fills the cache. One thread at a time; used within the session or
// transaction that it was made for.
template <class Row>
class row_query : protected detail::query_base {
 public:
  // Rows that are equal in all their columns are given once.
  row_query& distinct() & { return text_.distinct = true, *this; }
  row_query&& distinct() && { return std::move(distinct()); }

  // All rows; in any order unless order_by gives one.
  [[nodiscard]] std::vector<Row> all() const {
    detail::collector<Row> rows;
    run("query", rows);
    return std::move(rows.collected);
  }

  // The first row, if there is one; asks for no more.
  [[nodiscard]] std::optional<Row> first() const {
    detail::only_row<Row> row;
    run_limited("first", 1, row);
    return std::move(row.found);
  }

  // The one row. Throws not_found when there is none, too_many_rows when there is a second one.
  [[nodiscard]] Row one() const {
    detail::only_row<Row> row;
    run_limited("one", 2, row);
    if (!row.found) throw_no_row("one");
    return *std::move(row.found);
  }

  // Hands each row to each(Row&) as it comes, in bounded memory; the row may be moved from. When `each` gives bool,
  // false ends the reading. The statement keeps its connection, and with it its snapshot, until the end: what `each`
  // does with the session meanwhile needs another connection, so that pool_options::max_size nested readings wait for
  // themselves; within a transaction everything has the transaction's. An exception of `each` ends the reading and is
  // passed on.
  template <class Function>
  void for_each(Function&& each) const {
    static_assert(std::is_invocable_v<Function&, Row&>, "forebay: for_each calls its function with a Row&");
    detail::row_by_row<Row, std::remove_reference_t<Function>> rows(each);
    run("for_each", rows);
  }

  // How many rows all() would give, counted by the database.
  [[nodiscard]] std::uint64_t count() const { return run_count(); }
  // Whether all() would give a row.
  [[nodiscard]] bool exists() const { return run_exists(); }

  // A part of the rows: see after().
  // Throws invalid_cursor for a cursor that was damaged, or made by a query with another order, other joins or other
  // conditions (their values may differ). Throws invalid_option without a limit, with an offset, for groups and
  // distinct rows, and for an order by a sensitive column, be it the key's, whose value a cursor would carry.
  [[nodiscard]] forebay::page<Row> page() const {
    detail::collector<Row> rows;
    detail::page_ends ends = run_page(rows);
    if (ends.backward) std::reverse(rows.collected.begin(), rows.collected.end());
    return {std::move(rows.collected), std::move(ends.next), std::move(ends.previous), ends.has_more};
  }

 protected:
  using detail::query_base::query_base;
  explicit row_query(detail::query_base base) : detail::query_base(std::move(base)) {}

 private:
  template <entity First, class... Joined>
  friend class query;
};

namespace detail {

template <class First, class... Joined>
struct query_row {
  using type = std::tuple<First, Joined...>;
};
template <class First>
struct query_row<First> {
  using type = First;
};

// Owner's members are equal to the key of Target.
template <auto... ForeignKey, entity Owner, entity Target>
predicate<Owner, Target> points_to(type_tag<Owner>, type_tag<Target>) {
  static_assert(std::is_same_v<typename foreign_key<ForeignKey...>::type, key_t<Target>>,
                "forebay: the foreign key is not of the type of the key that it points to");
  const int own[] = {column_index<ForeignKey>()...};
  const auto part = [&](std::size_t i) {
    return predicate<Owner, Target>(column_ref{&table_of<Owner>, own[i]}, comparison::equal,
                                    column_ref{&table_of<Target>, table_of<Target>.key[i]});
  };
  predicate<Owner, Target> all = part(0);
  for (std::size_t i = 1; i < sizeof...(ForeignKey) && i < table_of<Target>.key.size(); ++i) {
    all = std::move(all) && part(i);
  }
  return all;
}

// How many columns of the entities have the name of a member of Row: of the member with the fewest, and with the most.
struct namesakes {
  int fewest = 1;
  int most = 1;
};
template <class Row, class... E>
consteval namesakes count_namesakes() {
  namesakes found;
  for (const column& member : description_of<Row>.columns) {
    int same = 0;
    const auto count_in = [&](const auto& columns) {
      for (const column& c : columns) same += c.name == member.name ? 1 : 0;
    };
    (count_in(description_of<E>.columns), ...);
    if (same < found.fewest) found.fewest = same;
    if (same > found.most) found.most = same;
  }
  return found;
}

template <entity T, class M>
constexpr expression as_expression(const column_of<T, M>& c) {
  return {c.ref()};
}
template <entity... T>
constexpr expression as_expression(const aggregate_of<T...>& a) {
  return a;
}

template <entity T, class M>
constexpr order<T> as_order(const column_of<T, M>& c) {
  return c;
}
template <entity... T>
constexpr const order<T...>& as_order(const order<T...>& o) {
  return o;
}

template <class M>
using sum_of = std::conditional_t<std::is_floating_point_v<typename without_optional<M>::type>, double, std::int64_t>;

}  // namespace detail

// Rows by conditions on an entity, and on others that are joined to it: the rows are First, or a
// std::tuple<First, Joined...>, where what a left join adds is std::optional. Built step by step: each step changes the
// query and gives it back, but joins and select, which give another one.
//
//   orders.query(s).where(col<&Order::total_cents> > 1000).order_by(col<&Order::id>.descending()).limit(50).all()
//   orders.query(s).join<&Order::user_id>(users).where(col<&User::email>.like("%@acme.io")).all()
template <entity First, class... Joined>
class query : public row_query<typename detail::query_row<First, Joined...>::type> {
  using base = row_query<typename detail::query_row<First, Joined...>::type>;
  template <class U>
  static constexpr bool has = std::is_same_v<U, First> ||
                              (std::is_same_v<U, typename detail::joined_part<Joined>::type> || ...);

 public:
  // Conditions add up: all of them hold.
  template <entity... E>
  query& where(predicate<E...> p) & {
    static_assert((has<E> && ...), "forebay: the condition is on an entity that this query does not read");
    this->text_.where.push_back(std::move(p));
    return *this;
  }
  // order_by(col<&User::name>.nulls_last(), col<&User::id>.descending()); further calls add to the order.
  template <class... Order>
  query& order_by(const Order&... by) & {
    (add_order(detail::as_order(by)), ...);
    return *this;
  }
  // At most so many rows; beyond 2^63 - 1 it is that.
  query& limit(std::uint64_t n) & { return this->text_.limit = n, *this; }
  // Leaves out so many rows first. The database reads them all the same: see after() for walking through many.
  query& offset(std::uint64_t n) & { return this->text_.offset = n, *this; }

  // Keyset paging: page() gives up to limit() rows that follow a place in the order, and the cursors to go on with. A
  // page costs what its rows cost, however far it is from the start, where an index serves the order; and rows that are
  // inserted or removed elsewhere meanwhile make no row that stays come twice or never.
  //
  // The order is the query's with the keys of its entities appended, so that it is total; NULLs stand where order_by
  // puts them. An update that changes a row's place in the order moves it, as in any list that is read in parts.
  //
  // after: the rows that follow the one of this cursor; from the start when it is empty.
  query& after(std::string_view cursor) & { return set_cursor(cursor, false); }
  // before: the last rows ahead of that one, in the query's order; the end of all rows when it is empty.
  query& before(std::string_view cursor) & { return set_cursor(cursor, true); }

  // Locks the rows that are read (of several entities those of First) until the transaction ends. Each throws
  // invalid_option outside of a transaction that may write; skip_locked and no_wait where the database has no row
  // locks: SQLite, whose one writer holds the whole database.
  query& for_update() & { return this->lock_rows(lock::update), *this; }
  query& for_share() & { return this->lock_rows(lock::share), *this; }
  query& skip_locked() & { return this->wait_for_locks(lock_wait::skip_locked), *this; }
  query& no_wait() & { return this->wait_for_locks(lock_wait::no_wait), *this; }

  template <entity... E>
  query&& where(predicate<E...> p) && {
    return std::move(where(std::move(p)));
  }
  template <class... Order>
  query&& order_by(const Order&... by) && {
    return std::move(order_by(by...));
  }
  query&& limit(std::uint64_t n) && { return std::move(limit(n)); }
  query&& offset(std::uint64_t n) && { return std::move(offset(n)); }
  query&& after(std::string_view cursor) && { return std::move(after(cursor)); }
  query&& before(std::string_view cursor) && { return std::move(before(cursor)); }
  query&& for_update() && { return std::move(for_update()); }
  query&& for_share() && { return std::move(for_share()); }
  query&& skip_locked() && { return std::move(skip_locked()); }
  query&& no_wait() && { return std::move(no_wait()); }

  // Adds the rows of another entity, along a foreign key: of an entity that is here to the key of the other, or of the
  // other to the key of First when that is the only one here. Several members for a key of several columns, in its
  // order. Throws invalid_option when the other repository is of another database.
  template <auto... ForeignKey, entity U>
  [[nodiscard]] query<First, Joined..., U> join(const repository<U>& other) const {
    return joined<U>(other, false, along<U, ForeignKey...>());
  }
  template <auto... ForeignKey, entity U>
  [[nodiscard]] query<First, Joined..., std::optional<U>> left_join(const repository<U>& other) const {
    return joined<std::optional<U>>(other, true, along<U, ForeignKey...>());
  }
  // The same by any condition: join(lines, col<&Line::order_id> == col<&Order::id>).
  template <entity U, entity... E>
  [[nodiscard]] query<First, Joined..., U> join(const repository<U>& other, predicate<E...> on) const {
    check_condition<U, E...>();
    return joined<U>(other, false, std::move(on));
  }
  template <entity U, entity... E>
  [[nodiscard]] query<First, Joined..., std::optional<U>> left_join(const repository<U>& other,
                                                                    predicate<E...> on) const {
    check_condition<U, E...>();
    return joined<std::optional<U>>(other, true, std::move(on));
  }

  // Only the columns that Row has, by name: select<UserName>(). Row is a FOREBAY_ROW.
  template <row_type Row>
  [[nodiscard]] row_query<Row> select() const {
    constexpr auto found = detail::count_namesakes<Row, First, typename detail::joined_part<Joined>::type...>();
    static_assert(found.fewest > 0, "forebay: a member of the row has the name of no column of the query's entities");
    static_assert(found.most < 2,
                  "forebay: a member of the row has the name of columns of several entities: list the columns as "
                  "arguments of select");
    row_query<Row> selected{static_cast<const detail::query_base&>(*this)};
    selected.select_by_name(shape_of<Row>);
    return selected;
  }
  // A column or an aggregate for each member of Row, in their order. With an aggregate among them, a row for each group
  // of equal values of the others: select<Revenue>(col<&Order::tenant>, sum(col<&Order::total_cents>), count()).
  template <row_type Row, class... Expression>
    requires(sizeof...(Expression) > 0)
  [[nodiscard]] row_query<Row> select(const Expression&... what) const {
    static_assert(sizeof...(Expression) == detail::description_of<Row>.columns.size(),
                  "forebay: select takes a column or an aggregate for each member of the row");
    const std::array<detail::expression, sizeof...(Expression)> each{detail::as_expression(what)...};
    row_query<Row> selected{static_cast<const detail::query_base&>(*this)};
    selected.select_each(shape_of<Row>, each);
    return selected;
  }

  // Over the rows that all() would give, NULLs left out; nullopt when that leaves none. The sum of integers throws
  // value_out_of_range beyond 64 bits.
  template <entity E, class M>
  [[nodiscard]] std::optional<detail::sum_of<M>> sum(column_of<E, M> c) const {
    return aggregated<detail::sum_of<M>>("sum", forebay::sum(c));
  }
  template <entity E, class M>
  [[nodiscard]] std::optional<double> avg(column_of<E, M> c) const {
    return aggregated<double>("avg", forebay::avg(c));
  }
  template <entity E, class M>
  [[nodiscard]] std::optional<typename column_of<E, M>::value_type> min(column_of<E, M> c) const {
    return aggregated<typename column_of<E, M>::value_type>("min", forebay::min(c));
  }
  template <entity E, class M>
  [[nodiscard]] std::optional<typename column_of<E, M>::value_type> max(column_of<E, M> c) const {
    return aggregated<typename column_of<E, M>::value_type>("max", forebay::max(c));
  }

 private:
  template <entity U>
  friend class repository;
  template <entity U, class... V>
  friend class query;

  query(const repository_base& runner, context& in, call_site where) : base(runner, table_of<First>, in, where) {}
  explicit query(detail::query_base from) : base(std::move(from)) {}

  query& set_cursor(std::string_view cursor, bool backward) {
    this->cursor_ = cursor;
    this->backward_ = backward;
    return *this;
  }

  template <entity... E>
  void add_order(const order<E...>& by) {
    static_assert((has<E> && ...), "forebay: the order is by an entity that this query does not read");
    this->text_.order.push_back(by);
  }

  template <class U, auto... ForeignKey>
  static auto along() {
    static_assert(sizeof...(ForeignKey) > 0, "forebay: name the foreign key: join<&Order::user_id>(users)");
    using owner = typename detail::owner_of<ForeignKey...>::type;
    static_assert(detail::owner_of<ForeignKey...>::same, "forebay: the foreign key's members are of several entities");
    static_assert(!has<U>, "forebay: an entity stands in a query once: declare another struct for the second time");
    if constexpr (std::is_same_v<owner, U>) {
      static_assert(sizeof...(Joined) == 0,
                    "forebay: say which entity the foreign key points to: join(lines, col<&Line::order_id> == "
                    "col<&Order::id>)");
      return detail::points_to<ForeignKey...>(type_tag<U>{}, type_tag<First>{});
    } else {
      static_assert(has<owner>, "forebay: the foreign key is a member of neither side of the join");
      return detail::points_to<ForeignKey...>(type_tag<owner>{}, type_tag<U>{});
    }
  }

  template <class U, class... E>
  static void check_condition() {
    static_assert(!has<U>, "forebay: an entity stands in a query once: declare another struct for the second time");
    static_assert(((has<E> || std::is_same_v<E, U>)&&...),
                  "forebay: the condition is on an entity that this query does not read");
  }

  template <class Part, entity U>
  query<First, Joined..., Part> joined(const repository<U>& other, bool optional, condition on) const {
    query<First, Joined..., Part> wider{static_cast<const detail::query_base&>(*this)};
    wider.add_join(other, {&table_of<U>, optional, std::move(on)});
    return wider;
  }

  template <class T, entity E>
  std::optional<T> aggregated(const char* name, const aggregate_of<E>& what) const {
    static_assert(has<E>, "forebay: the column is of an entity that this query does not read");
    detail::only_row<std::optional<T>> result;
    this->run_aggregate(name, what, result);
    return result.found.value_or(std::nullopt);
  }
};

}  // namespace forebay
