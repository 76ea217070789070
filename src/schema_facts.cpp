#include "schema_facts.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include <forebay/error.hpp>
#include <forebay/sql/fingerprint.hpp>

#include "cache/dependency_stamps.hpp"
#include "sql/lexer.hpp"

namespace forebay::detail {

namespace {

bool mentions(std::string_view text, std::string_view lower_case_word) {
  const auto same = [](unsigned char c, char lower_case) { return std::tolower(c) == lower_case; };
  return std::search(text.begin(), text.end(), lower_case_word.begin(), lower_case_word.end(), same) != text.end();
}

rows run(connection& on, const operation& op, std::string_view text) {
  return on.run(op, {.text = text, .text_hash = text_hash_of(text)});
}

// One line of a sqlite_master. A page is where the b-tree of a table or index begins.
struct sqlite_object {
  std::string type;
  std::string name;
  std::string table;
  std::int64_t page = 0;
  std::string sql;
};

// EXPLAIN does not notice that a prepared statement is older than the schema: its text is another for each schema.
std::string explain_view(connection& on, const operation& op, const std::string& view) {
  rows version = run(on, op, "pragma main.schema_version");
  const std::string number = version.next() ? std::to_string(version.cells()[0].as_integer()) : std::string();
  return "explain select * from main." + quote_identifier(sqlite_dialect, view) + " -- " + number;
}

std::vector<sqlite_object> sqlite_objects(connection& on, const operation& op) {
  std::vector<sqlite_object> objects;
  // On an adopted handle reads see what is temporary, too.
  rows found = run(on, op,
                   "select type, name, tbl_name, rootpage, coalesce(sql, '') from main.sqlite_master union all "
                   "select 'temporary ' || type, name, tbl_name, 0, '' from temp.sqlite_master");
  while (found.next()) {
    const std::span<const value> c = found.cells();
    if (c.size() != 5) break;  // some other server that says that it is SQLite
    objects.push_back({std::string(c[0].as_text()), std::string(c[1].as_text()), std::string(c[2].as_text()),
                       c[3].as_integer(), std::string(c[4].as_text())});
  }
  return objects;
}

// The tables that a view reads, by the b-trees that its program opens. False when it reads something else too, or does
// not compile: a view may be older than its tables, and outlive them.
bool tables_behind(connection& on, const operation& op, const std::string& view,
                   const std::map<std::int64_t, std::string>& table_by_page, std::vector<std::string>& out) try {
  const std::string text = explain_view(on, op, view);
  rows program = run(on, op, text);
  while (program.next()) {
    const std::string_view opcode = program.cells()[1].as_text();
    if (opcode == "VOpen") return false;
    if (opcode != "OpenRead") continue;
    const auto table = table_by_page.find(program.cells()[3].as_integer());
    const bool in_main = program.cells()[4].as_integer() == 0;
    if (!in_main || table == table_by_page.end()) return false;
    out.push_back(table->second);
  }
  return true;
} catch (const error& e) {
  if (e.code() != errc::schema_mismatch && e.code() != errc::query_failed) throw;
  return false;
}

// Such a key changes with other columns, and nobody is told.
bool has_computed_key(connection& on, const operation& op, const entity_table& table, const std::string& name) {
  const parameter bound{value::text(name)};
  constexpr std::string_view question = "select name from pragma_table_xinfo({}, 'main') where hidden in (2, 3)";
  rows computed = on.run(op, {.text = question, .text_hash = text_hash_of(question), .parameters = {&bound, 1}});
  bool found = false;
  while (computed.next()) {
    const std::string_view column = computed.cells()[0].as_text();
    found = found || std::ranges::any_of(table.key, [&](int k) {
              return same_letters(table.row.columns[static_cast<std::size_t>(k)].name, column);
            });
  }
  return found;
}

}  // namespace

schema_facts::schema_facts(connection& on, const operation& op, const dialect& d,
                           std::span<const entity_table* const> cached)
    : exact_by_dialect_(d.exact.empty()) {
  if (d.name == sqlite_dialect.name) ask_sqlite(on, op, cached);
}

// The words are looked for in the whole text of CREATE TABLE: a comment that holds one costs a needless load, nothing
// more. A column's collation can come from nowhere else.
void schema_facts::ask_sqlite(connection& on, const operation& op, std::span<const entity_table* const> cached) {
  const std::vector<sqlite_object> objects = sqlite_objects(on, op);
  std::map<std::int64_t, std::string> table_by_page;
  for (const sqlite_object& o : objects) {
    if (o.page > 0) table_by_page.emplace(o.page, o.table);
  }
  for (const sqlite_object& o : objects) {
    const auto is_this = [&](const entity_table* t) { return dependency_stamps::same_table(t->name, o.name); };
    if (std::ranges::none_of(cached, is_this)) continue;
    if (o.type == "temporary view") views_.push_back({o.name, true, {}});
    if (o.type != "table" && o.type != "view") continue;
    if (o.type == "table") {
      const bool unseen = mentions(o.sql, "replace") || std::ranges::any_of(cached, [&](const entity_table* t) {
                            return is_this(t) && has_computed_key(on, op, *t, o.name);
                          });
      tables_.push_back({o.name, !mentions(o.sql, "collate"), unseen});
      continue;
    }
    cached_view view{o.name, false, {}};
    view.of_any_table = !tables_behind(on, op, o.name, table_by_page, view.tables);
    views_.push_back(std::move(view));
  }
}

bool schema_facts::compares_texts_exactly(std::string_view table) const noexcept {
  return exact_by_dialect_ || std::ranges::any_of(tables_, [&](const cached_table& t) {
           return t.exact_texts && dependency_stamps::same_table(t.name, table);
         });
}

bool schema_facts::rows_go_unseen(std::string_view table) const noexcept {
  return std::ranges::any_of(
      tables_, [&](const cached_table& t) { return t.rows_go_unseen && dependency_stamps::same_table(t.name, table); });
}

std::vector<std::string> schema_facts::views_of(std::string_view table) const {
  std::vector<std::string> found;
  for (const cached_view& v : views_) {
    const bool shows =
        std::ranges::any_of(v.tables, [&](const std::string& t) { return dependency_stamps::same_table(t, table); });
    if (v.of_any_table || shows) found.push_back(v.name);
  }
  return found;
}

}  // namespace forebay::detail
