#include "write_statements.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <forebay/block.hpp>
#include <forebay/entity/row_codec.hpp>

#include "key_condition.hpp"

namespace forebay::detail {

namespace {

bool is_of_key(const entity_table& table, int index) { return std::ranges::find(table.key, index) != table.key.end(); }

std::string names(const entity_table& table, const dialect& d, std::span<const int> columns) {
  std::string list;
  for (const int c : columns) list += (list.empty() ? "" : ", ") + quoted_column(table, d, c);
  return list;
}

template <class Holds>
std::vector<int> columns_that(const entity_table& table, Holds holds) {
  std::vector<int> chosen;
  for (int i = 0; const column& c : table.row.columns) {
    if (holds(c, i)) chosen.push_back(i);
    ++i;
  }
  return chosen;
}

std::vector<int> columns_of_update(const entity_table& table) {
  std::vector<int> chosen = columns_that(table, [&](const column& c, int index) {
    return !c.read_only && !is_of_key(table, index) && index != table.version;
  });
  if (table.version >= 0) chosen.push_back(table.version);
  return chosen;
}

insert_statement write_insert(const entity_table& table, const dialect& d, bool with_generated) {
  std::vector<int> columns = columns_that(
      table, [&](const column& c, int) { return !c.read_only && !c.filled && (with_generated || !c.generated); });
  std::string text = "insert into " + quote_identifier(d, table.name);
  if (columns.empty()) {
    text += " default values";
  } else {
    std::string marks = "{}";
    for (std::size_t i = 1; i < columns.size(); ++i) marks += ", {}";
    text += " (" + names(table, d, columns) + ") values (" + marks + ")";
  }
  return {std::move(columns), statement_text(text), statement_text(text + " returning " + names(table, d, table.key))};
}

std::string write_update(const entity_table& table, const dialect& d, std::span<const int> columns) {
  std::string assignments;
  for (const int c : columns) assignments += (assignments.empty() ? "" : ", ") + quoted_column(table, d, c) + " = {}";
  std::string text = "update " + quote_identifier(d, table.name) + " set " + assignments + key_condition(table, d);
  if (table.version >= 0) text += " and " + quoted_column(table, d, table.version) + " = {}";
  return text;
}

std::string write_remove_list(const entity_table& table, const dialect& d) {
  return "delete from " + quote_identifier(d, table.name) + " where " + quoted_column(table, d, table.key[0]) +
         " in ({})";
}

std::int64_t value_when_unset(const entity_table& table) {
  if (table.generated < 0) return 0;
  const block_ptr fresh = block::make(*table.row.payload);
  return read_member(table.row.columns[static_cast<std::size_t>(table.generated)], fresh->payload()).as_integer();
}

// The version after this one, of a row that is called `prefix`.
std::string raised_version(const entity_table& table, const dialect& d, const std::string& prefix) {
  const std::string version = prefix + quoted_column(table, d, table.version);
  if (d.overflow.empty()) return version + " + 1";
  const std::int64_t highest = highest_of(table.row.columns[static_cast<std::size_t>(table.version)]);
  return "case when " + version + " < " + std::to_string(highest) + " then " + version + " + 1 else " +
         std::string(d.overflow) + " end";
}

bool is_checked_sum(const dialect& d, const column_assignment& a) {
  return a.what == column_assignment::kind::integer_sum && !d.overflow.empty();
}

std::string right_side(const entity_table& table, const dialect& d, const column_assignment& a) {
  const std::string name = quoted_column(table, d, a.column);
  if (a.what == column_assignment::kind::value) return "{}";
  if (!is_checked_sum(d, a)) return name + " + {}";
  return "case when " + name + " between {} and {} then " + name + " + {} when " + name + " is null then null else " +
         std::string(d.overflow) + " end";
}

}  // namespace

write_statements::write_statements(const entity_table& table, const dialect& d)
    : insert(write_insert(table, d, true)),
      insert_unset(write_insert(table, d, false)),
      updated_columns(columns_of_update(table)),
      update(write_update(table, d, updated_columns)),
      remove("delete from " + quote_identifier(d, table.name) + key_condition(table, d)),
      remove_list(write_remove_list(table, d)),
      returning_key(" returning " + names(table, d, table.key)),
      returning_row(" returning " + names(table, d, columns_that(table, [](const column&, int) { return true; }))),
      unset(value_when_unset(table)) {}

bool key_is_unset(const entity_table& table, const write_statements& known, const void* row) {
  if (table.generated < 0) return false;
  return read_member(table.row.columns[static_cast<std::size_t>(table.generated)], row).as_integer() == known.unset;
}

std::int64_t highest_of(const column& integers) {
  static constexpr std::array<std::int64_t, 7> limits{INT64_MAX, UINT32_MAX, INT32_MAX, UINT16_MAX,
                                                      INT16_MAX, UINT8_MAX,  INT8_MAX};
  alignas(std::int64_t) std::byte scratch[sizeof(std::int64_t)];  // any integer member fits
  return *std::ranges::find_if(limits, [&](std::int64_t limit) {
    return limit == INT8_MAX || integers.field->read(value::integer(limit), scratch) == read_status::ok;
  });
}

std::string write_assignments(const entity_table& table, const dialect& d, std::span<const column_assignment> what) {
  std::string assignments;
  for (const column_assignment& a : what) {
    assignments +=
        (assignments.empty() ? "" : ", ") + quoted_column(table, d, a.column) + " = " + right_side(table, d, a);
  }
  if (table.version >= 0)
    assignments += ", " + quoted_column(table, d, table.version) + " = " + raised_version(table, d, "");
  return "update " + quote_identifier(d, table.name) + " set " + assignments;
}

void bind_assignments(const dialect& d, std::span<const column_assignment> what, std::vector<parameter>& out) {
  for (const column_assignment& a : what) {
    if (is_checked_sum(d, a)) {
      out.emplace_back(value::integer(a.lowest));
      out.emplace_back(value::integer(a.highest));
    }
    out.emplace_back(a.operand.view());
  }
}

std::string write_upsert(const entity_table& table, const dialect& d, const insert_statement& insert,
                         std::span<const int> target) {
  static const std::string stored = "stored.";  // the row that is there
  std::string assignments;
  const auto assign = [&](int index, const std::string& to) {
    assignments += (assignments.empty() ? "" : ", ") + quoted_column(table, d, index) + " = " + to;
  };
  for (const int c : insert.columns) {
    if (!is_of_key(table, c) && c != table.version) assign(c, "excluded." + quoted_column(table, d, c));
  }
  if (table.version >= 0) assign(table.version, raised_version(table, d, stored));
  // "do nothing" would return no key.
  if (assignments.empty()) assign(target[0], stored + quoted_column(table, d, target[0]));
  std::string text = insert.text.text;
  const std::size_t behind_table = ("insert into " + quote_identifier(d, table.name)).size();
  text.insert(behind_table, " as stored");
  return text + " on conflict (" + names(table, d, target) + ") do update set " + assignments + " returning " +
         names(table, d, table.key);
}

}  // namespace forebay::detail
