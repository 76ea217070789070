#include "written_rows.hpp"

#include <algorithm>
#include <utility>

#include <forebay/block.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/entity/row_codec.hpp>

#include "cache/dependency_stamps.hpp"

namespace forebay::detail {

namespace {

constexpr std::size_t most_keys = 1024;  // of one statement; beyond, dropping the table is cheaper

bool same_table(std::string_view a, std::string_view b) noexcept { return dependency_stamps::same_table(a, b); }

bool holds(const std::vector<std::string>& tables, std::string_view table) {
  return std::ranges::any_of(tables, [&](const std::string& t) { return same_table(t, table); });
}

bool is_cached(cached_tables cached, std::string_view table) {
  return std::ranges::any_of(cached, [&](const entity_table* t) { return same_table(t->name, table); });
}

// A statement with the database's and the schema's word on it.
struct written {
  const operation& op;
  const statement& what;
  const schema_facts& facts;
  cached_tables cached;

  void note_why(const std::string& table, wide_reason why, write_set& writes) const {
    const bool counts = table.empty() ? !cached.empty() : is_cached(cached, table);
    if (!counts || !op.events().active()) return;
    writes.note_wide({table, std::string(what.text), op.where, why});
  }
  void note_everything(write_set& writes) const {
    writes.everything = true;
    note_why({}, wide_reason::tables_not_known, writes);
  }
  void note_whole(const std::string& table, wide_reason why, write_set& writes) const {
    if (!holds(writes.tables, table)) writes.tables.push_back(table);
    note_why(table, why, writes);
  }
};

bool equal(const value& a, const value& b) noexcept {
  const auto number = [](const value& v) { return v.kind() == value_kind::boolean || v.kind() == value_kind::integer; };
  if (number(a) && number(b)) return a.as_integer() == b.as_integer();
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case value_kind::null: return false;
    case value_kind::real: return a.as_real() == b.as_real();
    case value_kind::text:
    case value_kind::bytes: return a.as_text() == b.as_text();
    default: return a.as_integer() == b.as_integer();
  }
}

bool same_column(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// SQLite's other names of an integer primary key.
bool is_row_id(std::string_view column) noexcept {
  return same_column(column, "rowid") || same_column(column, "_rowid_") || same_column(column, "oid");
}

// Reads keys of one entity from values of the database or of the application, with a row to read them into.
class key_reader {
 public:
  explicit key_reader(const entity_table& table) : table_(table), row_(block::make(*table.row.payload)) {}

  [[nodiscard]] const column& key_column(std::size_t part) const {
    return table_.row.columns[static_cast<std::size_t>(table_.key[part])];
  }
  // False when the value is not exactly one of the member's: what the database takes for equal to it is not known.
  [[nodiscard]] bool read(std::size_t part, const value& v) {
    const column& c = key_column(part);
    if (c.field->read(v, static_cast<std::byte*>(row_->payload()) + c.offset) != read_status::ok) return false;
    return equal(read_member(c, row_->payload()), v);
  }
  [[nodiscard]] std::string key() const {
    return std::string(key_bytes(key_values_of(table_, row_->payload())).view());
  }

 private:
  const entity_table& table_;
  block_ptr row_;
};

}  // namespace

// Its keys, as long as they are known.
struct raw_write::candidate {
  explicit candidate(const entity_table& t, std::uint32_t s) : table(&t), space(s), reader(t) {}

  void find_in_where(const statement_analysis& text, const statement& what, bool texts_are_exact);
  void find_in_returning(const statement_analysis& text, std::span<const std::string> columns);
  void returned(std::span<const value> cells);

  const entity_table* table;
  std::uint32_t space;
  key_reader reader;
  bool by_where = false;
  bool by_returning = false;
  std::vector<std::size_t> places{};  // of the key's columns in RETURNING
  std::vector<std::string> keys{};

 private:
  [[nodiscard]] bool add_keys(std::span<const std::vector<value>> parts, std::size_t part);
};

namespace {

// The values that a condition compares with; none when they are not told.
std::vector<value> values_of(const key_condition& c, const statement& what) {
  switch (c.from) {
    case key_condition::source::argument:
      if (c.argument < what.parameters.size()) {
        const std::span<const value> bound = what.parameters[c.argument].values();
        return {bound.begin(), bound.end()};
      }
      return {value()};
    case key_condition::source::integer: return {value::integer(c.integer)};
    case key_condition::source::text: return {value::text(c.text)};
    case key_condition::source::placeholder:
    case key_condition::source::literal: break;
  }
  return {value()};  // NULL is nobody's key
}

}  // namespace

void raw_write::candidate::find_in_where(const statement_analysis& text, const statement& what, bool texts_are_exact) {
  if (text.table_wide) return;
  std::vector<std::vector<value>> parts;
  for (std::size_t part = 0; part < table->key.size(); ++part) {
    const auto named = std::ranges::find_if(
        text.keys, [&](const key_condition& c) { return same_column(c.column, reader.key_column(part).name); });
    if (named == text.keys.end()) return;
    parts.push_back(values_of(*named, what));
    const auto is_text = [](const value& v) { return v.kind() == value_kind::text; };
    if (!texts_are_exact && std::ranges::any_of(parts.back(), is_text)) return;
  }
  by_where = add_keys(parts, 0);
  if (!by_where) keys.clear();
}

// Every combination of the values of the key's parts.
bool raw_write::candidate::add_keys(std::span<const std::vector<value>> parts, std::size_t part) {
  if (part == parts.size()) {
    keys.push_back(reader.key());
    return keys.size() <= most_keys;
  }
  return std::ranges::all_of(parts[part],
                             [&](const value& v) { return reader.read(part, v) && add_keys(parts, part + 1); });
}

// A key column that the statement assigns has had another value, which is not returned.
void raw_write::candidate::find_in_returning(const statement_analysis& text, std::span<const std::string> columns) {
  for (std::size_t part = 0; part < table->key.size(); ++part) {
    const auto is_this = [&](const std::string& name) { return same_column(name, reader.key_column(part).name); };
    if (std::ranges::any_of(text.assigned, is_this)) return;
    const bool by_place = !text.returning_all && text.returning.size() == columns.size();
    if (!by_place && !text.returning_all) return;
    const std::span<const std::string> names = by_place ? std::span<const std::string>(text.returning) : columns;
    if (std::ranges::count_if(names, is_this) != 1) return;
    places.push_back(static_cast<std::size_t>(std::ranges::find_if(names, is_this) - names.begin()));
  }
  by_returning = true;
}

void raw_write::candidate::returned(std::span<const value> cells) {
  if (!by_returning) return;
  for (std::size_t part = 0; part < places.size(); ++part) {
    by_returning = by_returning && places[part] < cells.size() && reader.read(part, cells[places[part]]);
  }
  by_returning = by_returning && keys.size() < most_keys;
  if (by_returning) keys.push_back(reader.key());
}

void note_schema(const schema_facts& facts, std::size_t first_row, std::size_t first_table, write_set& writes) {
  std::vector<std::string> more;
  const auto follow = [&](const std::string& table) {
    if (facts.rows_go_unseen(table) && !holds(more, table)) more.push_back(table);
    for (std::string& view : facts.views_of(table)) {
      if (!holds(more, view)) more.push_back(std::move(view));
    }
  };
  std::string_view last;
  for (std::size_t i = first_row; i < writes.rows.size(); ++i) {
    if (writes.rows[i].table != last) follow(writes.rows[i].table);
    last = writes.rows[i].table;
  }
  for (std::size_t i = first_table; i < writes.tables.size(); ++i) follow(writes.tables[i]);
  for (std::string& table : more) {
    if (!holds(writes.tables, table)) writes.tables.push_back(std::move(table));
  }
}

raw_write::raw_write(const operation& op, const statement& what, const dialect& d, const schema_facts& facts,
                     cached_tables cached, const touched* said)
    : op_(op), what_(what), facts_(facts), cached_(cached), said_(said) {
  text_ = analyse(d, what.text);
  const bool keys_may_be_told = text_.tables_known && text_.tables_written.size() == 1 && !text_.replaces_rows &&
                                std::ranges::none_of(text_.assigned, is_row_id);
  if (!keys_may_be_told) return;
  for (std::size_t i = 0; i < cached.size(); ++i) {
    if (!names_table(d, text_.tables_written[0], cached[i]->name)) continue;
    candidate& c = candidates_.emplace_back(*cached[i], static_cast<std::uint32_t>(i));
    c.find_in_where(text_, what, facts.compares_texts_exactly(cached[i]->name));
  }
}

raw_write::~raw_write() = default;

void raw_write::returned(const rows& current) {
  for (candidate& c : candidates_) {
    if (c.by_where) continue;
    if (!returned_) c.find_in_returning(text_, current.columns());  // now they are what the database last compiled
    c.returned(current.cells());
  }
  returned_ = true;
}

void raw_write::note(const rows& result, bool ended, write_set& writes) {
  const write_effects& effects = result.effects();
  const written by{op_, what_, facts_, cached_};
  if (!effects.known) return by.note_everything(writes);
  for (const std::string& table : effects.beyond) by.note_whole(table, wide_reason::trigger_or_action, writes);
  note_said(writes);
  ended_ = ended;
  const bool nothing = ended && !returned_ && !result.columns().empty();  // every written row is returned
  for (const std::string& table : effects.tables) note_table(table, effects, nothing, writes);
  if (!text_.tables_known) return;
  for (const table_name& t : text_.tables_written) {  // where the database's word and the text's differ, both count
    if (!holds(effects.tables, t.name)) note_table(t.name, effects, nothing, writes);
  }
}

void raw_write::note_said(write_set& writes) const {
  if (said_ == nullptr) return;
  for (const touched::rows_of& rows : said_->tables()) {
    const std::string table(rows.table->name);
    if (rows.all) writes.tables.push_back(table);
    const auto space = std::ranges::find(cached_, rows.table);
    const auto number = static_cast<std::uint32_t>(space - cached_.begin());
    for (const std::string& key : rows.keys) {
      writes.rows.push_back({table, space == cached_.end() ? write_set::no_space : number, key});
    }
  }
}

bool raw_write::is_said(std::string_view table) const {
  if (said_ == nullptr) return false;
  const auto is_this = [&](const touched::rows_of& r) { return same_table(r.table->name, table); };
  return said_->tables().empty() || std::ranges::any_of(said_->tables(), is_this);
}

void raw_write::note_table(const std::string& table, const write_effects& effects, bool nothing,
                           write_set& writes) const {
  const written by{op_, what_, facts_, cached_};
  if (is_said(table) || holds(effects.beyond, table)) return;
  if (facts_.rows_go_unseen(table)) return by.note_whole(table, wide_reason::rows_replaced, writes);
  if (note_keys(table, nothing, writes)) return;
  by.note_whole(table, text_.replaces_rows ? wide_reason::rows_replaced : wide_reason::key_not_named, writes);
}

// True when every entity of the table has its keys told.
bool raw_write::note_keys(std::string_view table, bool nothing, write_set& writes) const {
  const auto of_table = [&](const entity_table* t) { return same_table(t->name, table); };
  const auto told = [&](const candidate& c) {
    return of_table(c.table) && (c.by_where || (ended_ && c.by_returning) || nothing);
  };
  const auto entities = std::ranges::count_if(cached_, of_table);
  if (entities == 0 || std::ranges::count_if(candidates_, told) != entities) return false;
  for (const candidate& c : candidates_) {
    for (const std::string& key : c.keys) writes.rows.push_back({std::string(table), c.space, key, true});
  }
  return true;
}

}  // namespace forebay::detail
