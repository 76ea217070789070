#include "key_condition.hpp"

namespace forebay::detail {

std::string quoted_column(const entity_table& table, const dialect& d, int index) {
  return quote_identifier(d, table.row.columns[static_cast<std::size_t>(index)].name);
}

bool needs_exact_comparison(const entity_table& table, const dialect& d, int column) {
  return !d.exact.empty() && !table.row.columns[static_cast<std::size_t>(column)].field->plain;
}

std::string key_condition(const entity_table& table, const dialect& d) {
  std::string condition;
  for (const int k : table.key) {
    const std::string equal = quoted_column(table, d, k) + " = {}";
    condition += (condition.empty() ? "" : " and ") + equal;
    if (needs_exact_comparison(table, d, k)) condition += " and " + equal + std::string(d.exact);
  }
  return " where " + condition;
}

void bind_key(const entity_table& table, const dialect& d, std::span<const value> key, std::vector<parameter>& out) {
  for (std::size_t part = 0; part < key.size(); ++part) {
    out.emplace_back(key[part]);
    if (needs_exact_comparison(table, d, table.key[part])) out.emplace_back(key[part]);
  }
}

}  // namespace forebay::detail
