#include <forebay/schema_check.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <forebay/block.hpp>
#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>

#include "catalogue.hpp"
#include "database_core.hpp"

namespace forebay {

namespace {

using detail::catalogue_column;
using detail::catalogue_table;
using detail::storage;
using severity = schema_severity;

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// What a member writes, found out by writing and reading it: any codec can be asked that way.
class member_probe {
 public:
  member_probe(const row_shape& shape, const column& c)
      : column_(c), row_(block::make(*shape.payload)), member_(static_cast<std::byte*>(row_->payload()) + c.offset) {}

  // Unknown for a member that is not made from any of the samples.
  [[nodiscard]] std::optional<value_kind> written() {
    if (const auto kind = kind_now()) return kind;
    static constexpr char zeros[16]{};
    const value samples[]{value::integer(0),      value::real(0.5),
                          value::text("0"),       value::text("2000-01-01T00:00:00Z"),
                          value::bytes(zeros, 0), value::bytes(zeros, sizeof zeros)};
    for (const value& v : samples) {
      if (!reads(v)) continue;
      if (const auto kind = kind_now()) return kind;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool reads(const value& v) const { return column_.field->read(v, member_) == read_status::ok; }

 private:
  [[nodiscard]] std::optional<value_kind> kind_now() const {
    try {
      const value v = read_member(column_, row_->payload());
      return v.is_null() ? std::nullopt : std::optional(v.kind());
    } catch (const error&) {  // an enumeration whose zero has no name
      return std::nullopt;
    }
  }

  const column& column_;
  block_ptr row_;
  void* member_;
};

enum class fit : std::uint8_t { good, doubtful, bad };

// Whether what a member writes comes back as it was. A database that is not strict stores a value that it cannot
// convert as it is.
fit fit_of(value_kind written, storage column, bool strict) {
  const bool keeps_any = column == storage::any || (column == storage::bytes && !strict);
  if (keeps_any) return fit::good;
  switch (written) {
    case value_kind::boolean:
    case value_kind::integer: return column == storage::integer || column == storage::number ? fit::good : fit::bad;
    case value_kind::real:
      if (column == storage::real || column == storage::number) return fit::good;
      return column == storage::integer && !strict ? fit::good : fit::bad;
    case value_kind::text: return column == storage::text ? fit::good : fit::bad;
    case value_kind::timestamp:
      if (column == storage::text || (column == storage::number && !strict)) return fit::good;
      return strict ? fit::bad : fit::doubtful;
    case value_kind::bytes:
      if (column == storage::bytes) return fit::good;
      return strict ? fit::bad : fit::doubtful;
    case value_kind::null: break;
  }
  return fit::good;
}

// Compares one entity with its table.
class entity_comparison {
 public:
  entity_comparison(const entity_table& entity, const catalogue_table& table, bool cached,
                    std::vector<schema_difference>& found)
      : entity_(entity), table_(table), cached_(cached), found_(found) {}

  void run() {
    if (table_.what == catalogue_table::kind::none) {
      return add(severity::error, {}, "there is no such table", "create it, or name the right one in the declaration");
    }
    for (const column& c : entity_.row.columns) compare(c);
    if (table_.what == catalogue_table::kind::view) return compare_view();
    compare_key();
    find_unwritten_columns();
    if (cached_) find_what_drops_rows();
  }

 private:
  void add(severity how_bad, std::string_view column, std::string message, std::string fix) {
    found_.push_back({how_bad, std::string(entity_.row.type_name), std::string(entity_.name), std::string(column),
                      std::move(message), std::move(fix)});
  }
  [[nodiscard]] const catalogue_column* find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(table_.columns, [&](const catalogue_column& c) { return same_name(c.name, name); });
    return found == table_.columns.end() ? nullptr : &*found;
  }

  void compare(const column& member);
  void compare_type(const column& member, const catalogue_column& column);
  void compare_null(const column& member, const catalogue_column& column);
  void compare_origin(const column& member, const catalogue_column& column);
  void compare_key();
  void compare_view();
  void find_unwritten_columns();
  void find_what_drops_rows();

  const entity_table& entity_;
  const catalogue_table& table_;
  const bool cached_;
  std::vector<schema_difference>& found_;
};

void entity_comparison::compare(const column& member) {
  const catalogue_column* column = find(member.name);
  if (column == nullptr) {
    return add(severity::error, member.name, "there is no such column",
               "add it, or take the member out of the declaration");
  }
  const bool computed_by_view = table_.what == catalogue_table::kind::view && column->declared.empty();
  if (!computed_by_view) compare_type(member, *column);
  if (table_.what == catalogue_table::kind::view) return;
  compare_null(member, *column);
  compare_origin(member, *column);
}

void entity_comparison::compare_type(const column& member, const catalogue_column& column) {
  member_probe probe(entity_.row, member);
  const std::optional<value_kind> kind = probe.written();
  if (!kind) return;
  const fit how = fit_of(*kind, column.stores, table_.strict);
  if (how != fit::good) {
    add(how == fit::bad ? severity::error : severity::warning, member.name,
        "the column is declared \"" + column.declared + "\", and the member, " + std::string(member.field->type_name) +
            ", is stored as " + std::string(to_string(*kind)),
        "make the column's type the member's");
  }
  const bool is_number = *kind == value_kind::integer;
  if (is_number && how == fit::good && !probe.reads(value::integer(INT64_MAX))) {
    add(severity::info, member.name, "the column holds integers of 64 bits, the member fewer",
        "a row with a larger one cannot be read: give the member a wider type, or the column a CHECK");
  }
}

void entity_comparison::compare_null(const column& member, const catalogue_column& column) {
  const bool may_be_null = !column.not_null;
  if (may_be_null && !member.field->nullable) {
    const bool is_key = std::ranges::any_of(
        entity_.key, [&](int k) { return &entity_.row.columns[static_cast<std::size_t>(k)] == &member; });
    add(is_key ? severity::info : severity::warning, member.name, "the column may be NULL, the member not",
        "make the column NOT NULL, or the member std::optional");
  } else if (!may_be_null && member.field->nullable) {
    add(severity::info, member.name, "the column is NOT NULL, the member optional",
        "the member need not be std::optional");
  }
}

void entity_comparison::compare_origin(const column& member, const catalogue_column& column) {
  if (column.computed && !member.read_only) {
    return add(severity::error, member.name, "the column is computed and cannot be written",
               "list the member in .read_only");
  }
  if (member.generated && !column.made_by_key && !column.has_default) {
    return add(severity::error, member.name, "the member is .generated, and the database makes no value for the column",
               "make the column INTEGER PRIMARY KEY, or take the member out of .generated");
  }
  const bool left_out = member.filled || (member.read_only && !column.computed);
  if (left_out && !column.has_default && !table_.has_triggers) {
    add(column.not_null ? severity::error : severity::warning, member.name,
        std::string("the member is ") + (member.filled ? ".filled" : ".read_only") +
            ", and neither a DEFAULT nor a trigger fills the column",
        "give the column a DEFAULT, or let the member be written");
  }
}

void entity_comparison::compare_key() {
  const auto is_of_key = [&](const std::string& name) {
    return std::ranges::any_of(
        entity_.key, [&](int k) { return same_name(entity_.row.columns[static_cast<std::size_t>(k)].name, name); });
  };
  const auto makes_unique = [&](const std::vector<std::string>& key) { return std::ranges::all_of(key, is_of_key); };
  if (std::ranges::any_of(table_.keys, makes_unique)) return;
  add(severity::error, {}, "nothing keeps the entity's key unique, and no index finds it",
      "make it the primary key, or add a unique index on its columns");
}

void entity_comparison::compare_view() {
  add(severity::info, {}, "it is a view: the entity is for reading",
      cached_ ? "every write to a table behind it drops all of its cached rows" : "write to the tables behind it");
}

void entity_comparison::find_unwritten_columns() {
  for (const catalogue_column& c : table_.columns) {
    const auto is_this = [&](const column& member) { return same_name(member.name, c.name); };
    const bool needed = c.not_null && !c.has_default && !c.computed && !c.made_by_key;
    if (!needed || std::ranges::any_of(entity_.row.columns, is_this)) continue;
    add(severity::warning, c.name, "the column is NOT NULL without a DEFAULT, and no member stands for it",
        "an insert of the entity fails: add a member, or give the column a DEFAULT");
  }
}

void entity_comparison::find_what_drops_rows() {
  if (table_.replaces_rows) {
    add(severity::warning, {},
        "the entity is cached, and the schema says ON CONFLICT REPLACE: rows go that no statement names",
        "every write drops all cached rows of the table; write an upsert instead");
  }
  for (const detail::catalogue_reference& r : table_.actions) {
    add(severity::info, {}, "the entity is cached, and a foreign key to " + r.table + " says " + r.action,
        "where that happens, all cached rows of the table are dropped");
  }
  if (table_.has_triggers) {
    add(severity::info, {}, "the entity is cached, and the table has triggers",
        "what they write is dropped from the cache as whole tables");
  }
}

}  // namespace

std::string to_text(const schema_difference& d) {
  const char* how_bad = d.severity == severity::error ? "error" : d.severity == severity::warning ? "warning" : "info";
  return std::string(how_bad) + ": " + d.table + (d.column.empty() ? "" : "." + d.column) + " of " + d.entity + ": " +
         d.message + "\n  fix  " + d.fix + "\n";
}

std::vector<schema_difference> check_schema(database& db, context& in, std::span<const entity_table* const> entities,
                                            call_site where) {
  detail::database_core& core = *db.core_;
  const operation op = core.describe(in, "check_schema", where);
  const detail::borrowed_connection on = core.connect(op, statement_intent::read);
  std::vector<schema_difference> found;
  for (const entity_table* e : entities) {
    const catalogue_table table = detail::read_catalogue(*on, op, core.router.sql_dialect(), e->name);
    const bool cached = std::ranges::find(core.cached, e) != core.cached.end();
    entity_comparison(*e, table, cached, found).run();
  }
  std::ranges::stable_sort(found, std::greater(), &schema_difference::severity);
  return found;
}

}  // namespace forebay
