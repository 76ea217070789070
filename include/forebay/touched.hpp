#pragma once

#include <concepts>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>

namespace forebay {

template <entity T>
class repository;

// What a raw statement writes, where the application knows better than the text:
//
//   db.execute(s, touches(users, 42), "update users set visits = visits + 1 where email = {}", email);
//   db.execute(s, touches(users, ids) | touches_all<Order>(), "...");
//
// Replaces what the library would conclude for the tables of these entities, and is not checked: a row that is changed
// and not named stays in the cache until its time is up. Tables that are not named here, and what triggers and foreign
// keys change, are dropped in any case. A value.
class touched {
 public:
  struct rows_of {
    const entity_table* table;
    bool all = false;
    std::vector<std::string> keys{};  // key_bytes
  };

  touched() = default;
  explicit touched(rows_of rows) { tables_.push_back(std::move(rows)); }

  // Both.
  [[nodiscard]] friend touched operator|(touched a, const touched& b) {
    a.tables_.insert(a.tables_.end(), b.tables_.begin(), b.tables_.end());
    return a;
  }

  [[nodiscard]] std::span<const rows_of> tables() const noexcept { return tables_; }

 private:
  std::vector<rows_of> tables_;
};

// The rows with these keys. Throws value_out_of_range for a number that the key cannot hold.
template <entity T, std::ranges::forward_range Keys>
  requires(!std::convertible_to<const Keys&, key_t<T>>)
[[nodiscard]] touched touches(const repository<T>&, const Keys& keys) {
  touched::rows_of rows{&table_of<T>};
  for (const auto& k : keys) {
    const key_t<T> key(detail::exactly<key_t<T>>(k, "a key"));
    rows.keys.emplace_back(key_bytes(key_values<T>(key)).view());
  }
  return touched(std::move(rows));
}

// The row with this key.
template <entity T, std::convertible_to<key_t<T>> Key = key_t<T>>
[[nodiscard]] touched touches(const repository<T>& of, const Key& key) {
  const key_t<T> exact(detail::exactly<key_t<T>>(key, "a key"));
  return touches(of, std::span<const key_t<T>>(&exact, 1));
}

// Every row of the entity's table.
template <entity T>
[[nodiscard]] touched touches_all() {
  return touched({&table_of<T>, true});
}

// No row that is cached, of any table that the statement names or of a view of it: it writes a column that no entity
// has, for instance.
[[nodiscard]] inline touched touches_nothing() { return {}; }

}  // namespace forebay
