#include "entity_statements.hpp"

#include <utility>

namespace forebay::detail {

namespace {

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
      writes(table, d) {}

std::string in_tuples(const entity_table& table, const dialect& d, std::span<const int> columns, std::size_t count) {
  if (columns.size() == 1) return quoted_column(table, d, columns[0]) + " in ({})";
  return "(" + name_list(table, d, columns) + ") in (values " + lists(count) + ")";
}

}  // namespace forebay::detail
