#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/entity/entity.hpp>
#include <forebay/sql/dialect.hpp>
#include <forebay/sql/parameter.hpp>

#include "key_condition.hpp"
#include "statement_text.hpp"
#include "write_statements.hpp"

namespace forebay::detail {

// The statements of a repository, written once for an entity in a dialect. Reads over many rows exist for 1, 2, 4 ...
// 64 rows, so that drivers prepare few. Immutable.
struct entity_statements {
  entity_statements(const entity_table& table, const dialect& d);

  static constexpr std::size_t sizes = 7;
  static constexpr std::size_t most_rows = std::size_t{1} << (sizes - 1);

  std::string columns;                            // "id", "email", ... for a select
  std::string from;                               // the quoted table
  statement_text find;                            // binds the key
  statement_text exists;                          // binds the key
  statement_text find_list;                       // a key of one column: binds one list
  std::array<statement_text, sizes> find_tuples;  // a key of several columns: binds a list for each key
  write_statements writes;
};

// "col" in ({}), or (a, b) in (values ({}), ({})) for so many tuples of several columns.
[[nodiscard]] std::string in_tuples(const entity_table& table, const dialect& d, std::span<const int> columns,
                                    std::size_t count);

}  // namespace forebay::detail
