#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <forebay/assignment.hpp>
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

// Takes the keys of the rows that were written, each in a row of which nothing else need be set.
class FOREBAY_API key_sink {
 public:
  virtual ~key_sink();
  virtual void take(const void* row) = 0;
};

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

  void insert(context& in, std::span<const void* const> rows, const char* name, detail::key_sink& keys,
              call_site where) const;
  void insert_returning(context& in, const void* row, void* stored, call_site where) const;
  // `target`: the columns of the unique index, or the key.
  void upsert(context& in, std::span<const void* const> rows, std::span<const int> target, const char* name,
              detail::key_sink& keys, call_site where) const;
  void update(context& in, std::span<void* const> rows, const char* name, call_site where) const;
  [[nodiscard]] bool set(context& in, std::span<const value> key, std::span<const column_assignment> what) const;
  [[nodiscard]] std::uint64_t set_where(context& in, const condition& which,
                                        std::span<const column_assignment> what) const;
  [[nodiscard]] bool remove(context& in, std::span<const value> key, call_site where) const;
  [[nodiscard]] std::uint64_t remove_many(context& in, std::span<const value> keys, call_site where) const;
  [[nodiscard]] std::uint64_t remove_where(context& in, const condition& which, call_site where) const;

 private:
  friend class detail::query_base;
  class row_loader;
  class batch_row_loader;

  [[nodiscard]] std::vector<parameter> key_parameters(std::span<const value> key) const;
  void note_written(write_set& writes, std::span<const value> key) const;
  void note_table(write_set& writes) const;
  // Runs the statement that `start` starts, which returns the key of each row that it wrote: notes each, and hands it
  // to `keys`, if any.
  template <class Start>
  std::uint64_t run_returning_keys(const operation& op, Start start, write_set& writes, detail::key_sink* keys) const;
  // From a row of a result that is the key; what is left of `row` is not touched.
  void read_key(rows& from, const operation& op, void* row) const;
  struct insert_form;
  struct insert_forms;
  void write_rows(const operation& op, std::span<const void* const> rows, const insert_forms& forms,
                  detail::key_sink& keys) const;
  template <class Start>
  void run_insert(const operation& op, Start start, std::span<const void* const> some, const insert_form& form,
                  write_set& writes, detail::key_sink& keys) const;
  [[nodiscard]] std::uint64_t write_where(const operation& op, std::string text, const condition& which,
                                          std::vector<parameter> bound) const;
  void check_version_can_be_raised(const void* row, const operation& op) const;
  void bind_update(const void* row, std::vector<parameter>& bound) const;
  class rows_to_update;
  class keys_to_remove;
  void update_one(const operation& op, const void* row) const;
  void update_all(const operation& op, std::span<void* const> rows) const;
  [[noreturn]] void throw_lost_update(const operation& op, const void* row, const char* which) const;
  void check_assigned_once(std::span<const column_assignment> what, const operation& op) const;
  [[nodiscard]] std::uint64_t remove_lists(const operation& op, connection& on, std::span<const value> keys,
                                           write_set& writes) const;
  [[nodiscard]] bool cached_for(const context& in) const noexcept;
  [[nodiscard]] const dialect& sql_dialect() const noexcept;
  void check_lock(const context& in, lock how, lock_wait wait, const call_site& where) const;

  detail::database_core* core_;
  const entity_table* table_;
  const detail::entity_statements* statements_;
  std::uint32_t space_;  // in the cache
};

}  // namespace forebay
