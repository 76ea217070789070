#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/assignment.hpp>
#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/predicate.hpp>
#include <forebay/repository_base.hpp>

namespace forebay {

namespace detail {

template <entity T>
class key_collector final : public key_sink {
 public:
  void take(const void* row) override { collected.push_back(forebay::key_of(*static_cast<const T*>(row))); }
  std::vector<key_t<T>> collected;
};

template <class Rows, class T>
concept rows_of = std::ranges::forward_range<const Rows> && std::same_as<std::ranges::range_value_t<const Rows>, T>;

// Whether a range holds its elements, instead of making them on the way.
template <class Rows>
inline constexpr bool holds_its_rows = std::is_lvalue_reference_v<std::ranges::range_reference_t<Rows>>;

template <class Pointer, class Rows>
std::vector<Pointer> pointers_to(Rows& rows) {
  std::vector<Pointer> pointers;
  if constexpr (std::ranges::sized_range<Rows>) pointers.reserve(std::ranges::size(rows));
  for (auto& row : rows) pointers.push_back(&row);
  return pointers;
}

}  // namespace detail

// The writing half of repository<T>.
//
// Each call is one statement, or all or nothing: what takes many rows runs in a transaction of its own when `in` is a
// session, and within a savepoint when it is a transaction. What was written is worthless in the cache when the call
// returns, or when the transaction has committed; other rows stay. Each throws duplicate_key and constraint_violation,
// which name the columns or the constraint where the database does.
//
// A text of a key is equal to those bytes only, whatever the column's collation says.
template <entity T>
class repository_writes : protected repository_base {
 public:
  using key_type = key_t<T>;

  // Returns the key of the row: the one that the database made, where the entity has a .generated key and its member
  // still holds the value of a default-constructed T, and the row's own otherwise. .filled and .read_only members are
  // left to the database.
  key_type insert(context& in, const T& row, call_site where = call_site::here()) const {
    const void* one = &row;
    return std::move(insert_all(in, {&one, 1}, "insert", where).front());
  }

  // The row as it is stored, with what the database filled in.
  T insert_returning(context& in, const T& row, call_site where = call_site::here()) const {
    T stored{};
    repository_base::insert_returning(in, &row, &stored, where);
    return stored;
  }

  // The keys, in the order of the rows. An error says which row could not be stored.
  template <detail::rows_of<T> Rows>
  std::vector<key_type> insert_many(context& in, const Rows& rows, call_site where = call_site::here()) const {
    if constexpr (detail::holds_its_rows<const Rows>) {
      return insert_all(in, detail::pointers_to<const void*>(rows), "insert_many", where);
    } else {
      return insert_many(in, std::vector<T>(std::ranges::begin(rows), std::ranges::end(rows)), where);
    }
  }

  // Inserts the row, or writes it over the one that has its key: all columns that an insert writes, except the key and
  // the version, which is raised by one. Returns the key of the row that is now there. A generated key must be set.
  key_type upsert(context& in, const T& row, call_site where = call_site::here()) const {
    const void* one = &row;
    return std::move(upsert_all(in, {&one, 1}, table_of<T>.key, "upsert", where).front());
  }
  // The same over the row that has equal values in other columns, of a unique index: that row keeps its key.
  template <int... Column>
  key_type upsert(context& in, const T& row, conflict_target<T, Column...>, call_site where = call_site::here()) const {
    const void* one = &row;
    return std::move(upsert_all(in, {&one, 1}, conflict_target<T, Column...>::columns, "upsert", where).front());
  }

  // The keys, in the order of the rows. Of two rows with the same key the later one stays.
  template <detail::rows_of<T> Rows>
  std::vector<key_type> upsert_many(context& in, const Rows& rows, call_site where = call_site::here()) const {
    return upsert_range(in, rows, table_of<T>.key, where);
  }
  template <detail::rows_of<T> Rows, int... Column>
  std::vector<key_type> upsert_many(context& in, const Rows& rows, conflict_target<T, Column...>,
                                    call_site where = call_site::here()) const {
    return upsert_range(in, rows, conflict_target<T, Column...>::columns, where);
  }

  // Writes all columns but .read_only ones, if the row still has the version that `row` was read with, and raises the
  // version, in the database and in `row`. Throws conflict otherwise: somebody else has changed or removed it; `row` is
  // as it was. After a rollback read the row again: its version has been raised here and not there.
  void update(context& in, T& row, call_site where = call_site::here()) const {
    static_assert(table_of<T>.version >= 0, "forebay: update needs an entity with a .version column");
    void* one = &row;
    repository_base::update(in, {&one, 1}, "update", where);
  }

  // The same for all rows or none; a conflict says which row it was.
  template <std::ranges::forward_range Rows>
  requires std::same_as<std::ranges::range_reference_t<Rows>, T&> void update_many(
      context& in, Rows&& rows, call_site where = call_site::here()) const {
    static_assert(table_of<T>.version >= 0, "forebay: update_many needs an entity with a .version column");
    repository_base::update(in, detail::pointers_to<void*>(rows), "update_many", where);
  }

  // Writes these columns of one row, whoever changed it meanwhile, and raises its version, if it has one: the update of
  // entities without a version. False when there is no such row. The call is reported at its first assignment.
  //   users.set(s, 43, set<&User::name>("Eve"), increment<&User::visits>(1));
  // Throws invalid_option when a column is assigned twice.
  template <std::same_as<assignment<T>>... More>
  bool set(context& in, const key_type& key, assignment<T> first, More... more) const {
    const column_assignment all[] = {std::move(first), std::move(more)...};
    return repository_base::set(in, key_values<T>(key), all);
  }
  template <class Number, std::same_as<assignment<T>>... More>
    requires(std::is_arithmetic_v<Number>&& std::is_arithmetic_v<key_type> && !std::is_same_v<Number, key_type>)
  bool set(context& in, Number key, assignment<T> first, More... more) const {
    const key_type exact = detail::exactly<key_type>(key, "a key", first.where);
    return set(in, exact, std::move(first), std::move(more)...);
  }

  // The same for all rows for which the condition holds; tells how many.
  template <std::same_as<assignment<T>>... More>
  std::uint64_t set_where(context& in, const predicate<T>& which, assignment<T> first, More... more) const {
    const column_assignment all[] = {std::move(first), std::move(more)...};
    return repository_base::set_where(in, which, all);
  }

  // False when there was no such row.
  bool remove(context& in, const key_type& key, call_site where = call_site::here()) const {
    return repository_base::remove(in, key_values<T>(key), where);
  }
  template <class Number>
    requires(std::is_arithmetic_v<Number>&& std::is_arithmetic_v<key_type> && !std::is_same_v<Number, key_type>)
  bool remove(context& in, Number key, call_site where = call_site::here()) const {
    return remove(in, detail::exactly<key_type>(key, "a key", where), where);
  }

  // Tells how many there were. Keys may repeat.
  template <std::ranges::forward_range Keys>
    requires std::convertible_to < std::ranges::range_reference_t<const Keys>,
  const key_type& >
      std::uint64_t remove_many(context& in, const Keys& keys, call_site where = call_site::here()) const {
    std::vector<key_type> copies;  // what is bound views into them
    for (auto&& k : keys) copies.push_back(detail::exactly<key_type>(k, "a key", where));
    std::vector<value> values;
    values.reserve(copies.size() * key_size<T>);
    for (const key_type& k : copies) {
      for (const value& v : key_values<T>(k)) values.push_back(v);
    }
    return repository_base::remove_many(in, values, where);
  }
  std::uint64_t remove_many(context& in, std::initializer_list<key_type> keys,
                            call_site where = call_site::here()) const {
    return remove_many(in, std::span<const key_type>(keys.begin(), keys.size()), where);
  }

  // All rows for which the condition holds; tells how many.
  std::uint64_t remove_where(context& in, const predicate<T>& which, call_site where = call_site::here()) const {
    return repository_base::remove_where(in, which, where);
  }

 protected:
  explicit repository_writes(database& on) : repository_base(on, table_of<T>) {}

 private:
  std::vector<key_type> insert_all(context& in, std::span<const void* const> rows, const char* name,
                                   call_site where) const {
    detail::key_collector<T> keys;
    keys.collected.reserve(rows.size());
    repository_base::insert(in, rows, name, keys, where);
    return std::move(keys.collected);
  }

  std::vector<key_type> upsert_all(context& in, std::span<const void* const> rows, std::span<const int> target,
                                   const char* name, call_site where) const {
    detail::key_collector<T> keys;
    keys.collected.reserve(rows.size());
    repository_base::upsert(in, rows, target, name, keys, where);
    return std::move(keys.collected);
  }

  template <class Rows>
  std::vector<key_type> upsert_range(context& in, const Rows& rows, std::span<const int> target,
                                     call_site where) const {
    if constexpr (detail::holds_its_rows<const Rows>) {
      return upsert_all(in, detail::pointers_to<const void*>(rows), target, "upsert_many", where);
    } else {
      const std::vector<T> made(std::ranges::begin(rows), std::ranges::end(rows));
      return upsert_range(in, made, target, where);
    }
  }
};

}  // namespace forebay
