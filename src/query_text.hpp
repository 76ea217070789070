#pragma once

#include <string>

#include <forebay/query_base.hpp>
#include <forebay/sql/dialect.hpp>

namespace forebay::detail {

// Writes the statements of a query. Its parts are written in the order in which they stand in the text.
class query_writer {
 public:
  query_writer(const query_text& what, const dialect& d);

  [[nodiscard]] std::string name(const column_ref& c) const { return qualified_name(dialect_, c, tables_); }
  [[nodiscard]] std::string expression_text(const expression& e) const;

  // "id", "email" ..., or what is selected.
  [[nodiscard]] std::string columns() const;
  // from ... join ... where ... group by: binds the conditions.
  [[nodiscard]] std::string source(std::string_view also_holds = {}) const;
  // order by ...
  [[nodiscard]] std::string order(std::span<const ordering> by) const;
  // limit {} offset {}: binds what is there.
  [[nodiscard]] std::string limits() const;
  [[nodiscard]] std::string locks() const;

  // select ... : all of it. Binds the conditions and the limits.
  [[nodiscard]] std::string all() const;
  // select count(*), sum("x") ... over what all() gives.
  [[nodiscard]] std::string aggregated(const expression& e) const;
  // select 1 ... limit 1
  [[nodiscard]] std::string exists() const;

  // What a condition, and what limits() bind.
  void bind_conditions(std::vector<parameter>& out) const;
  void bind_limits(std::vector<parameter>& out) const;

 private:
  [[nodiscard]] bool groups() const;
  [[nodiscard]] bool counts_rows_of_a_part() const;

  const query_text& what_;
  const dialect& dialect_;
  std::vector<const entity_table*> tables_;  // of a join
};

// Whether there is an aggregate among what is selected.
[[nodiscard]] bool selects_groups(const query_text& what);
// "for update skip locked" in the dialect, with a blank before it; nothing where there are no row locks.
[[nodiscard]] std::string lock_clause(const dialect& d, lock how, lock_wait wait, std::string_view of = {});

}  // namespace forebay::detail
