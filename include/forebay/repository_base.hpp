#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <forebay/cache/lookup.hpp>
#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/database.hpp>
#include <forebay/db/connection.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>
#include <forebay/lock.hpp>
#include <forebay/predicate.hpp>
#include <forebay/value.hpp>

namespace forebay {

struct write_set;

namespace detail {
struct entity_statements;
class query_base;
}  // namespace detail

// A repository without its entity's type: all of its code. Used through repository<T>.
class FOREBAY_API repository_base {
 protected:
  repository_base(database& on, const entity_table& table);

  [[nodiscard]] lookup find(context& in, std::span<const value> key, call_site where) const;
  // `keys` holds the values of one key after the other.
  [[nodiscard]] std::vector<lookup> find_many(context& in, std::span<const value> keys, call_site where) const;
  [[nodiscard]] lookup find_locked(transaction& in, std::span<const value> key, lock how, lock_wait wait,
                                   call_site where) const;
  [[nodiscard]] lookup find_by(context& in, const condition& unique, call_site where) const;
  [[nodiscard]] bool exists(context& in, std::span<const value> key, call_site where) const;
  // Rows whose columns are equal to one of the tuples, which stand in `values` one after the other.
  void find_related(context& in, std::span<const int> columns, std::span<const value> values, detail::row_sink& sink,
                    call_site where) const;
  void insert(context& in, std::span<const void* const> rows, const char* name, call_site where) const;
  void update(context& in, void* row, call_site where) const;
  [[nodiscard]] bool remove(context& in, std::span<const value> key, call_site where) const;

 private:
  friend class detail::query_base;
  class row_loader;
  class batch_row_loader;

  [[nodiscard]] std::vector<parameter> key_parameters(std::span<const value> key) const;
  void insert_rows(const operation& op, std::span<const void* const> rows) const;
  void note_written(write_set& writes, std::span<const value> key) const;
  void insert_chunk(connection& on, const operation& op, std::span<const void* const> rows, write_set& writes) const;
  [[nodiscard]] bool cached_for(const context& in) const noexcept;
  [[nodiscard]] const dialect& sql_dialect() const noexcept;
  void check_lock(const context& in, lock how, lock_wait wait, const call_site& where) const;

  detail::database_core* core_;
  const entity_table* table_;
  const detail::entity_statements* statements_;
  std::uint32_t space_;  // in the cache
};

}  // namespace forebay
