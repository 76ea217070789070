#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <forebay/assignment.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/sql/dialect.hpp>
#include <forebay/sql/parameter.hpp>

#include "statement_text.hpp"

namespace forebay::detail {

// An insert of one row: binds these columns, in order.
struct insert_statement {
  std::vector<int> columns;
  statement_text text;
  statement_text returning_key;
};

// The statements by which a repository writes. Immutable.
struct write_statements {
  write_statements(const entity_table& table, const dialect& d);

  insert_statement insert;           // with a generated key, where there is one
  insert_statement insert_unset;     // without it: the database makes it; the same where there is none
  std::vector<int> updated_columns;  // of `update`; the version, if any, is the last of them
  statement_text update;             // binds these columns, the key, the old version
  statement_text remove;             // binds the key
  statement_text remove_list;        // of a key of one column that is no text: binds one list
  std::string returning_key;
  std::string returning_row;
  std::int64_t unset = 0;  // what the generated key's member holds in a default-constructed row
};

// Whether the database is to make the key of this row.
[[nodiscard]] bool key_is_unset(const entity_table& table, const write_statements& known, const void* row);

// The highest number that a column of integers is read into.
[[nodiscard]] std::int64_t highest_of(const column& integers);

// "update ... set ...", to be followed by a condition. Raises the version.
[[nodiscard]] std::string write_assignments(const entity_table& table, const dialect& d,
                                            std::span<const column_assignment> what);
// What write_assignments binds.
void bind_assignments(const dialect& d, std::span<const column_assignment> what, std::vector<parameter>& out);

// An insert of one row that becomes an update where it meets a row with equal values in the columns `target`; returns
// the key. SQLite's and PostgreSQL's form; another database's belongs here.
[[nodiscard]] std::string write_upsert(const entity_table& table, const dialect& d, const insert_statement& insert,
                                       std::span<const int> target);

}  // namespace forebay::detail
