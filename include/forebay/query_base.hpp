#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>
#include <forebay/lock.hpp>
#include <forebay/predicate.hpp>
#include <forebay/repository_base.hpp>
#include <forebay/row_sink.hpp>

namespace forebay::detail {

struct joined_table {
  const entity_table* table;
  bool optional;  // a left join
  condition on;
};

// One column of a result, under the name by which it is read.
struct selected_column {
  expression what;
  std::string_view name;
};

// What a query asks for, without its entities' types.
struct query_text {
  const entity_table* table = nullptr;
  std::vector<joined_table> joined{};
  std::vector<selected_column> selected{};  // none: all columns of all entities
  bool distinct = false;
  std::vector<condition> where{};  // all of them hold
  std::vector<ordering> order{};
  std::optional<std::uint64_t> limit{};
  std::uint64_t offset = 0;
  forebay::lock lock = lock::none;
  forebay::lock_wait lock_wait = lock_wait::wait;
};

// What a page is besides its rows.
struct page_ends {
  std::string next{};
  std::string previous{};
  bool has_more = false;
  bool backward = false;  // the rows came in the opposite order
};

// A query without its types: all of its code.
class FOREBAY_API query_base {
 protected:
  query_base(const repository_base& runner, const entity_table& table, context& in, call_site where);

  void add_join(const repository_base& other, joined_table how);
  // All columns of the row, each from the entity that has a column of its name.
  void select_by_name(const row_shape& row);
  void select_each(const row_shape& row, std::span<const expression> what);
  void lock_rows(lock how);
  void wait_for_locks(lock_wait how);

  void run(const char* name, row_sink& sink) const;
  void run_limited(const char* name, std::uint64_t most, row_sink& sink) const;
  [[noreturn]] void throw_no_row(const char* name) const;
  [[nodiscard]] std::uint64_t run_count() const;
  [[nodiscard]] bool run_exists() const;
  void run_aggregate(const char* name, const expression& what, row_sink& sink) const;
  page_ends run_page(row_sink& sink) const;

  repository_base runner_;  // a copy: the repository may be a temporary
  context* in_;
  call_site where_;
  query_text text_;
  std::string cursor_;
  bool backward_ = false;

 private:
  void run_text(const char* name, const std::string& text, const std::vector<parameter>& bound, row_sink& sink) const;
  [[nodiscard]] bool groups() const noexcept;
  void check_page() const;
};

}  // namespace forebay::detail
