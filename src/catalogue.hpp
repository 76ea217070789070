#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <forebay/db/connection.hpp>
#include <forebay/sql/dialect.hpp>

namespace forebay::detail {

// What a column does to a value that is stored in it.
enum class storage : std::uint8_t { integer, real, text, bytes, number, any };

struct catalogue_column {
  std::string name;
  std::string declared;  // as it stands in the schema
  storage stores = storage::any;
  bool not_null = false;
  bool has_default = false;
  bool computed = false;     // GENERATED ALWAYS AS: cannot be written
  bool made_by_key = false;  // the database makes a value where none is given
};

struct catalogue_reference {
  std::string table;   // that the foreign key points to
  std::string action;  // "on delete cascade"
};

// A table as the database describes it.
struct catalogue_table {
  enum class kind : std::uint8_t { none, table, view };
  kind what = kind::none;
  bool strict = false;  // the database refuses values of another type instead of storing or converting them
  bool has_triggers = false;
  bool replaces_rows = false;  // ON CONFLICT REPLACE
  std::vector<catalogue_column> columns{};
  std::vector<std::vector<std::string>> keys{};  // sets of columns that are unique
  std::vector<catalogue_reference> actions{};    // foreign keys that write this table
};

// Throws invalid_option for a dialect whose catalogue is not known. Another database is another function in
// catalogue.cpp.
[[nodiscard]] catalogue_table read_catalogue(connection& on, const operation& op, const dialect& d,
                                             std::string_view table);

}  // namespace forebay::detail
