#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/export.hpp>
#include <forebay/sql/dialect.hpp>

namespace forebay {

enum class sql_operation : std::uint8_t {
  unknown,  // nothing below, several statements, or no statement at all
  select,   // VALUES and TABLE too
  insert,   // REPLACE too
  update,
  remove,  // DELETE
  merge,
  call,
  schema,       // CREATE, ALTER, DROP, TRUNCATE and their like
  transaction,  // BEGIN, COMMIT, SAVEPOINT and their like
};

FOREBAY_API std::string_view to_string(sql_operation what) noexcept;

// A table as a statement names it: without quotes, and folded to lower case where PostgreSQL folds it. SQLite's and
// MySQL's names are as they were written; see names_table.
struct table_name {
  std::string schema;  // empty when the statement names none
  std::string name;

  friend bool operator==(const table_name&, const table_name&) = default;
};

// Whether `written` may mean the table that an entity calls `declared` ("users", "main.users"). Schemas are compared
// only when both have one; SQLite's and MySQL's names without regard to case.
FOREBAY_API bool names_table(const dialect& d, const table_name& written, std::string_view declared) noexcept;

// "column = value" among the conditions that must all hold for a row to be changed.
struct key_condition {
  enum class source : std::uint8_t {
    argument,     // what is bound to the {} number `argument`; a list stands for each of its values
    placeholder,  // the database's own placeholder, as it stands at [at, at + length)
    integer,      // a literal, its value in `integer`
    text,         // a literal, its value in `text`
    literal       // another number or text, as it stands at [at, at + length)
  };
  std::string column;
  source from = source::argument;
  std::size_t argument = 0;  // from 0
  std::int64_t integer = 0;
  std::string text{};
  std::size_t at = 0;
  std::size_t length = 0;
};

// What can be told from the text of one statement, without asking the database: nothing here knows triggers, views,
// cascades, rules, or what functions do.
struct statement_analysis {
  sql_operation operation = sql_operation::unknown;
  bool may_write = true;
  bool locks = false;                    // SELECT ... FOR UPDATE and its like
  bool calls_unknown_functions = false;  // a function that is not known to be free of side effects

  // The tables below are all that the statement names. False whenever there is a doubt; then any table may be read and
  // written.
  bool tables_known = false;
  std::vector<table_name> tables_read;     // each once; names of WITH are none, nor is what a write only writes to
  std::vector<table_name> tables_written;  // each once

  // UPDATE and DELETE of one table: the equalities that a top-level AND demands of every row touched, so that rows with
  // other values are not. A column that SET assigns is not among them. With joins, USING, FROM, LIMIT, OR there are
  // none.
  std::vector<key_condition> keys;
  bool table_wide = true;  // an UPDATE or DELETE may touch any row: `keys` is empty

  // Of the one write: the columns that SET assigns (ON CONFLICT's and ON DUPLICATE KEY's too), in no particular form.
  std::vector<std::string> assigned;
  // The columns of the RETURNING list in its order, an empty name for what is no plain column.
  std::vector<std::string> returning;
  bool returning_all = false;  // with a * among them: their places are not known
  bool replaces_rows = false;  // REPLACE, INSERT and UPDATE OR REPLACE delete rows that nothing names
};

// Linear in the text's length, on any bytes. Immutable result; the text may go.
[[nodiscard]] FOREBAY_API statement_analysis analyse(const dialect& d, std::string_view text);

}  // namespace forebay
