#include "entity_statements.hpp"

#include <utility>

namespace forebay::detail {

namespace {

std::string quoted_column(const entity_table& table, const dialect& d, int index) {
  return quote_identifier(d, table.row.columns[static_cast<std::size_t>(index)].name);
}

std::string column_list(const entity_table& table, const dialect& d) {
  std::string list;
  for (const column& c : table.row.columns) list += (list.empty() ? "" : ", ") + quote_identifier(d, c.name);
  return list;
}

std::string name_list(const entity_table& table, const dialect& d, std::span<const int> columns) {
  std::string list;
  for (const int c : columns) list += (list.empty() ? "" : ", ") + quoted_column(table, d, c);
  return list;
}

// The first comparison of a text finds the row by its index, the second lets nothing pass that only a collation takes
// for equal. See bind_key.
std::string key_condition(const entity_table& table, const dialect& d) {
  std::string condition;
  for (const int k : table.key) {
    const std::string equal = quoted_column(table, d, k) + " = {}";
    condition += (condition.empty() ? "" : " and ") + equal;
    if (needs_exact_comparison(table, d, k)) condition += " and " + equal + std::string(d.exact);
  }
  return " where " + condition;
}

// "({}), ({})": a list for each of `count` rows.
std::string lists(std::size_t count) {
  std::string text = "({})";
  for (std::size_t i = 1; i < count; ++i) text += ", ({})";
  return text;
}

template <class Write, std::size_t... I>
std::array<statement_text, sizeof...(I)> for_sizes(Write write, std::index_sequence<I...>) {
  return {statement_text(write(std::size_t{1} << I))...};
}

template <class Write>
auto for_sizes(Write write) {
  return for_sizes(write, std::make_index_sequence<entity_statements::sizes>{});
}

std::string write_update(const entity_table& table, const dialect& d) {
  std::string assignments;
  for (const column& c : table.row.columns) {
    assignments += (assignments.empty() ? "" : ", ") + quote_identifier(d, c.name) + " = {}";
  }
  std::string text = "update " + quote_identifier(d, table.name) + " set " + assignments + key_condition(table, d);
  if (table.version >= 0) text += " and " + quoted_column(table, d, table.version) + " = {}";
  return text;
}

}  // namespace

entity_statements::entity_statements(const entity_table& table, const dialect& d)
    : columns(column_list(table, d)),
      from(quote_identifier(d, table.name)),
      find("select " + columns + " from " + from + key_condition(table, d)),
      exists("select 1 from " + from + key_condition(table, d)),
      find_list("select " + columns + " from " + from + " where " + in_tuples(table, d, table.key.first(1), 1)),
      find_tuples(for_sizes([&](std::size_t n) {
        return "select " + columns + " from " + from + " where " + in_tuples(table, d, table.key, n);
      })),
      insert(for_sizes([&](std::size_t n) { return "insert into " + from + " (" + columns + ") values " + lists(n); })),
      update(write_update(table, d)),
      remove("delete from " + from + key_condition(table, d)) {}

bool needs_exact_comparison(const entity_table& table, const dialect& d, int column) {
  return !d.exact.empty() && !table.row.columns[static_cast<std::size_t>(column)].field->plain;
}

void bind_key(const entity_table& table, const dialect& d, std::span<const value> key, std::vector<parameter>& out) {
  for (std::size_t part = 0; part < key.size(); ++part) {
    out.emplace_back(key[part]);
    if (needs_exact_comparison(table, d, table.key[part])) out.emplace_back(key[part]);
  }
}

std::string in_tuples(const entity_table& table, const dialect& d, std::span<const int> columns, std::size_t count) {
  if (columns.size() == 1) return quoted_column(table, d, columns[0]) + " in ({})";
  return "(" + name_list(table, d, columns) + ") in (values " + lists(count) + ")";
}

}  // namespace forebay::detail
