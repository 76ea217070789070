#include "catalogue.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <forebay/error.hpp>
#include <forebay/sql/fingerprint.hpp>

namespace forebay::detail {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Calls `take(cells)` for each row of a question about one table.
template <class Take>
void ask(connection& on, const operation& op, std::string_view text, std::string_view table, Take take) {
  const parameter bound{value::text(table)};
  rows found = on.run(op, {.text = text, .text_hash = text_hash_of(text), .parameters = {&bound, 1}});
  while (found.next()) take(found.cells());
}

std::string text_of(const value& v) { return v.is_null() ? std::string() : std::string(v.as_text()); }

// https://www.sqlite.org/datatype3.html, 3.1
storage affinity_of(std::string_view declared, bool strict) {
  const std::string type = lower(declared);
  if (strict && type == "any") return storage::any;
  if (holds(type, "int")) return storage::integer;
  if (holds(type, "char") || holds(type, "clob") || holds(type, "text")) return storage::text;
  if (type.empty() || holds(type, "blob")) return storage::bytes;
  if (holds(type, "real") || holds(type, "floa") || holds(type, "doub")) return storage::real;
  return storage::number;
}

void read_columns(connection& on, const operation& op, std::string_view table, bool without_rowid,
                  catalogue_table& out) {
  std::vector<std::string> key;
  bool integer_key = false;
  constexpr std::string_view question =
      "select name, type, \"notnull\", dflt_value is not null, pk, hidden from pragma_table_xinfo({})";
  ask(on, op, question, table, [&](std::span<const value> c) {
    catalogue_column column{.name = text_of(c[0]), .declared = text_of(c[1])};
    column.stores = affinity_of(column.declared, out.strict);
    column.not_null = c[2].as_integer() != 0;
    column.has_default = c[3].as_integer() != 0;
    column.computed = c[5].as_integer() == 2 || c[5].as_integer() == 3;
    if (c[4].as_integer() > 0) {
      key.push_back(column.name);
      integer_key = lower(column.declared) == "integer";
    }
    out.columns.push_back(std::move(column));
  });
  if (key.empty()) return;
  const bool is_row_id = key.size() == 1 && integer_key && !without_rowid;
  for (catalogue_column& c : out.columns) {
    if (std::ranges::find(key, c.name) == key.end()) continue;
    c.made_by_key = is_row_id;
    c.not_null = c.not_null || is_row_id || without_rowid || out.strict;
  }
  out.keys.push_back(std::move(key));
}

void read_unique_indexes(connection& on, const operation& op, std::string_view table, catalogue_table& out) {
  constexpr std::string_view question =
      "select l.name, i.name from pragma_index_list({}) as l join pragma_index_info(l.name) as i "
      "where l.\"unique\" and not l.partial order by l.seq, i.seqno";
  std::string index;
  ask(on, op, question, table, [&](std::span<const value> c) {
    if (index != c[0].as_text()) out.keys.emplace_back();
    index = text_of(c[0]);
    out.keys.back().push_back(text_of(c[1]));  // empty for an expression: no column's name
  });
}

void read_actions(connection& on, const operation& op, std::string_view table, catalogue_table& out) {
  constexpr std::string_view question =
      "select distinct \"table\", on_delete, on_update from pragma_foreign_key_list({})";
  const auto writes = [](std::string_view action) { return action != "no action" && action != "restrict"; };
  ask(on, op, question, table, [&](std::span<const value> c) {
    const std::string on_delete = lower(c[1].as_text());
    const std::string on_update = lower(c[2].as_text());
    if (writes(on_delete)) out.actions.push_back({text_of(c[0]), "on delete " + on_delete});
    if (writes(on_update)) out.actions.push_back({text_of(c[0]), "on update " + on_update});
  });
}

catalogue_table read_sqlite(connection& on, const operation& op, std::string_view declared) {
  const std::size_t dot = declared.rfind('.');
  const std::string_view table = dot == std::string_view::npos ? declared : declared.substr(dot + 1);
  catalogue_table out;
  bool without_rowid = false;
  ask(on, op,
      "select t.type, t.strict, t.wr, lower(coalesce(m.sql, '')) from pragma_table_list as t join main.sqlite_master "
      "as m on m.name = t.name and m.type in ('table', 'view') where t.schema = 'main' and t.name = {} collate nocase",
      table, [&](std::span<const value> c) {
        out.what = c[0].as_text() == "view" ? catalogue_table::kind::view : catalogue_table::kind::table;
        out.strict = c[1].as_integer() != 0;
        without_rowid = c[2].as_integer() != 0;
        out.replaces_rows = holds(c[3].as_text(), "replace") && out.what == catalogue_table::kind::table;
      });
  if (out.what == catalogue_table::kind::none) return out;
  read_columns(on, op, table, without_rowid, out);
  read_unique_indexes(on, op, table, out);
  read_actions(on, op, table, out);
  ask(on, op, "select count(*) from main.sqlite_master where type = 'trigger' and tbl_name = {} collate nocase", table,
      [&](std::span<const value> c) { out.has_triggers = c[0].as_integer() > 0; });
  return out;
}

}  // namespace

catalogue_table read_catalogue(connection& on, const operation& op, const dialect& d, std::string_view table) {
  if (d.name == sqlite_dialect.name) return read_sqlite(on, op, table);
  throw invalid_option({.message = "check_schema: the catalogue of " + std::string(d.name) + " is not known",
                        .where = op.where,
                        .endpoint = on.endpoint()});
}

}  // namespace forebay::detail
