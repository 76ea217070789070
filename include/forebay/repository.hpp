#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/database.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/handle.hpp>
#include <forebay/query.hpp>
#include <forebay/related.hpp>
#include <forebay/repository_base.hpp>
#include <forebay/repository_writes.hpp>

namespace forebay {

// The rows of one entity: reads by key go through the cache where the entity is cached, writes make what they wrote
// worthless in the cache after their commit. Cheap to make; any number of them. Thread-safe; outlived by its database.
//
// Reads are here, writes in repository_writes.hpp. Every call takes a context (a session, or a transaction within one)
// and throws within its deadline: what connection::run throws, pool_timeout, schema_mismatch. A read of the cache never
// fails: without a usable entry the database is asked.
template <entity T>
class repository : public repository_writes<T> {
 public:
  using key_type = key_t<T>;

  explicit repository(database& on) : repository_writes<T>(on) {}

  // The row with this key, or an empty handle. Keys are equal when their values are, whatever a column's collation
  // says: find("ANN") does not find "ann".
  [[nodiscard]] handle<T> find(context& in, const key_type& key, call_site where = call_site::here()) const {
    return handle<T>(repository_base::find(in, key_values<T>(key), where));
  }

  // The same for a number of another type than the key's. Throws value_out_of_range when the key cannot hold it.
  template <class Number>
    requires(std::is_arithmetic_v<Number>&& std::is_arithmetic_v<key_type> && !std::is_same_v<Number, key_type>)
  [[nodiscard]] handle<T> find(context& in, Number key, call_site where = call_site::here()) const {
    return find(in, detail::exactly<key_type>(key, "a key", where), where);
  }

  // The row with this key, read by the transaction and locked until its end; see lock. Throws invalid_option for
  // skip_locked and no_wait where the database has no row locks.
  [[nodiscard]] handle<T> find(transaction& in, const key_type& key, lock how, lock_wait wait = lock_wait::wait,
                               call_site where = call_site::here()) const {
    return handle<T>(repository_base::find_locked(in, key_values<T>(key), how, wait, where));
  }
  template <class Number>
    requires(std::is_arithmetic_v<Number>&& std::is_arithmetic_v<key_type> && !std::is_same_v<Number, key_type>)
  [[nodiscard]] handle<T> find(transaction& in, Number key, lock how, lock_wait wait = lock_wait::wait,
                               call_site where = call_site::here()) const {
    return find(in, detail::exactly<key_type>(key, "a key", where), how, wait, where);
  }

  // The row by a column that is unique: users.find_by<&User::email>(s, "a@b"). Equal is what the column's collation
  // takes for equal. From the database, not cached. Throws too_many_rows when several rows have the value.
  template <auto Member, class Value>
  [[nodiscard]] handle<T> find_by(context& in, const Value& value, call_site where = call_site::here()) const {
    static_assert(std::is_same_v<typename detail::owner_of<Member>::type, T>,
                  "forebay: find_by names a member of this repository's entity");
    return handle<T>(repository_base::find_by(in, col<Member> == value, where));
  }

  // Whether there is a row with this key; through the cache where the entity is cached.
  [[nodiscard]] bool exists(context& in, const key_type& key, call_site where = call_site::here()) const {
    return repository_base::exists(in, key_values<T>(key), where);
  }
  template <class Number>
    requires(std::is_arithmetic_v<Number>&& std::is_arithmetic_v<key_type> && !std::is_same_v<Number, key_type>)
  [[nodiscard]] bool exists(context& in, Number key, call_site where = call_site::here()) const {
    return exists(in, detail::exactly<key_type>(key, "a key", where), where);
  }

  // Rows in the table, counted by the database.
  [[nodiscard]] std::uint64_t count(context& in, call_site where = call_site::here()) const {
    return query(in, where).count();
  }

  // A handle for each key, in the order of the keys, empty where there is no row; one statement for all that are not
  // cached. Keys may repeat. Throws value_out_of_range for a number that the key cannot hold.
  template <std::ranges::forward_range Keys>
    requires std::convertible_to < std::ranges::range_reference_t<const Keys>,
  const key_type& > [[nodiscard]] std::vector<handle<T>> find_many(context& in, const Keys& keys,
                                                                   call_site where = call_site::here()) const {
    std::vector<key_type> copies;  // what is bound views into them
    if constexpr (std::ranges::sized_range<const Keys>) copies.reserve(std::ranges::size(keys));
    for (auto&& k : keys) copies.push_back(detail::exactly<key_type>(k, "a key", where));
    std::vector<value> values;
    values.reserve(copies.size() * key_size<T>);
    for (const key_type& k : copies) {
      for (const value& v : key_values<T>(k)) values.push_back(v);
    }
    std::vector<handle<T>> found;
    found.reserve(copies.size());
    for (lookup& l : repository_base::find_many(in, values, where)) found.emplace_back(std::move(l));
    return found;
  }
  [[nodiscard]] std::vector<handle<T>> find_many(context& in, std::initializer_list<key_type> keys,
                                                 call_site where = call_site::here()) const {
    return find_many(in, std::span<const key_type>(keys.begin(), keys.size()), where);
  }

  [[nodiscard]] forebay::query<T> query(context& in, call_site where = call_site::here()) const {
    return {*this, in, where};
  }

  // The cure for N+1: everything that belongs to a batch of rows, in one statement (one for every few thousand keys).
  // `batch` is a range of rows, handles or optionals, or what load_for gave. When the foreign key is a member of T: the
  // rows of T of each given parent, not cached. When it is a member of the given rows: the T that each of them points
  // to, through the cache. Several members for a key of several columns, in its order.
  template <auto... ForeignKey, std::ranges::forward_range Batch>
  [[nodiscard]] auto load_for(context& in, const Batch& batch, call_site where = call_site::here()) const {
    static_assert(sizeof...(ForeignKey) > 0, "forebay: name the foreign key: load_for<&Order::user_id>(s, users)");
    using element = detail::batch_element<std::ranges::range_value_t<const Batch>>;
    using given = typename element::type;
    using owner = detail::owner_of<ForeignKey...>;
    using foreign = typename detail::foreign_key<ForeignKey...>::type;
    static_assert(owner::same, "forebay: the foreign key's members are of several entities");
    if constexpr (std::is_same_v<typename owner::type, T>) {
      static_assert(std::is_same_v<foreign, key_t<given>>,
                    "forebay: the foreign key is not of the type of the given rows' key");
      if constexpr (std::is_same_v<foreign, key_t<given>>) {
        return load_children<given, element, ForeignKey...>(in, batch, where);
      } else {
        return children_of<given, T>();
      }
    } else if constexpr (std::is_same_v<typename owner::type, given>) {
      static_assert(std::is_same_v<foreign, key_type>,
                    "forebay: the foreign key is not of the type of this entity's key");
      if constexpr (std::is_same_v<foreign, key_type>) {
        return load_parents<given, element, ForeignKey...>(in, batch, where);
      } else {
        return parents_of<given, T, ForeignKey...>();
      }
    } else {
      static_assert(
          std::is_same_v<typename owner::type, T>,
          "forebay: the member for load_for belongs neither to this repository's entity nor to the given rows");
    }
  }

 private:
  template <entity U, class... V>
  friend class query;

  template <class Parent, class Element, auto... ForeignKey, class Batch>
  auto load_children(context& in, const Batch& batch, call_site where) const {
    std::set<key_t<Parent>> keys;
    for (const auto& e : batch) {
      if (const Parent* p = Element::get(e)) keys.insert(key_of(*p));
    }
    std::vector<value> values;
    for (const auto& k : keys) {
      for (const value& v : key_values<Parent>(k)) values.push_back(v);
    }
    detail::collector<T> rows;
    constexpr int columns[] = {detail::column_index<ForeignKey>()...};
    repository_base::find_related(in, columns, values, rows, where);

    std::map<key_t<Parent>, std::vector<T>> of_parent;
    for (T& row : rows.collected) {
      if (auto key = detail::foreign_key<ForeignKey...>::of(row)) of_parent[*std::move(key)].push_back(std::move(row));
    }
    children_of<Parent, T> found;
    found.rows_.reserve(rows.collected.size());
    for (auto& [key, children] : of_parent) {
      found.by_parent_.emplace(key, typename children_of<Parent, T>::part{found.rows_.size(), children.size()});
      std::ranges::move(children, std::back_inserter(found.rows_));
    }
    return found;
  }

  template <class Child, class Element, auto... ForeignKey, class Batch>
  auto load_parents(context& in, const Batch& batch, call_site where) const {
    std::set<key_type> keys;
    for (const auto& e : batch) {
      const Child* c = Element::get(e);
      if (c == nullptr) continue;
      if (auto key = detail::foreign_key<ForeignKey...>::of(*c)) keys.insert(*std::move(key));
    }
    parents_of<Child, T, ForeignKey...> found;
    found.keys_.assign(keys.begin(), keys.end());
    found.rows_ = find_many(in, found.keys_, where);
    return found;
  }
};

}  // namespace forebay
