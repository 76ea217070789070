#pragma once

#include <span>
#include <string>
#include <vector>

#include <forebay/entity/entity.hpp>
#include <forebay/sql/dialect.hpp>
#include <forebay/sql/parameter.hpp>
#include <forebay/value.hpp>

namespace forebay::detail {

// The name of a column in quotes.
[[nodiscard]] std::string quoted_column(const entity_table& table, const dialect& d, int index);

// Whether a key column is compared twice.
[[nodiscard]] bool needs_exact_comparison(const entity_table& table, const dialect& d, int column);

// " where ...": the one row with a key. The first comparison of a text finds the row by its index, the second lets
// nothing pass that only a collation takes for equal.
[[nodiscard]] std::string key_condition(const entity_table& table, const dialect& d);
// What key_condition binds.
void bind_key(const entity_table& table, const dialect& d, std::span<const value> key, std::vector<parameter>& out);

}  // namespace forebay::detail
