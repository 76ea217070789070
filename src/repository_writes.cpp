#include <forebay/repository.hpp>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "database_core.hpp"
#include "entity_statements.hpp"
#include "repository_statements.hpp"

namespace forebay {

namespace {

using detail::make_statement;
using detail::statement_text;

// The caller has noted its own rows; foreign keys and triggers may have changed any row of their tables.
void note_effects(const write_effects& effects, write_set& writes) {
  writes.everything = writes.everything || !effects.known;
  writes.tables.insert(writes.tables.end(), effects.beyond.begin(), effects.beyond.end());
}

std::uint64_t run_write(connection& on, const operation& op, const statement& what, write_set& writes) {
  rows result = on.run(op, what);
  try {
    result.finish();
  } catch (...) {  // "on conflict fail" in a schema keeps the rows before the one that failed
    note_effects(result.effects(), writes);
    throw;
  }
  note_effects(result.effects(), writes);
  return result.finish();
}

void check_version_can_be_raised(const entity_table& table, const column& version, std::int64_t from, call_site where) {
  alignas(std::int64_t) std::byte scratch[sizeof(std::int64_t)];  // any integer member fits
  const bool fits = from < INT64_MAX && version.field->read(value::integer(from + 1), scratch) == read_status::ok;
  if (fits) return;
  throw_error(errc::value_out_of_range,
              {.message = "update of " + std::string(table.row.type_name) + ": the version in " +
                          std::string(version.name) + " is the highest of its type",
               .where = where,
               .fix = "give the version member a wider type"});
}

}  // namespace

void repository_base::note_written(write_set& writes, std::span<const value> key) const {
  writes.rows.push_back({std::string(table_->name), space_, std::string(key_bytes(key).view())});
}

void repository_base::insert(context& in, std::span<const void* const> rows, const char* name, call_site where) const {
  const operation op = core_->describe(in, name, where);
  if (rows.empty()) return;
  if (rows.size() > 1 && in.in_transaction() == nullptr) {
    transaction tx = core_->begin(op);
    insert_rows({tx, op.name, op.where, op.id}, rows);
    return tx.commit();
  }
  insert_rows(op, rows);
}

void repository_base::insert_rows(const operation& op, std::span<const void* const> rows) const {
  const std::size_t fit = core_->router.sql_dialect().max_parameters / table_->row.columns.size();
  const std::size_t most = std::bit_floor(std::min(fit, detail::entity_statements::most_rows));
  core_->write(op, [&](connection& on, write_set& writes) {
    // An insert ends "there is no such row" in the cache.
    for (const void* row : rows) note_written(writes, key_values_of(*table_, row));
    std::optional<savepoint> all_or_none;
    if (rows.size() > 1) all_or_none.emplace(on, op);
    for (std::size_t done = 0; done < rows.size();) {
      const std::size_t count = std::bit_floor(std::min(most, rows.size() - done));
      insert_chunk(on, op, rows.subspan(done, count), writes);
      done += count;
    }
    if (all_or_none) all_or_none->release();
    return true;
  });
}

void repository_base::insert_chunk(connection& on, const operation& op, std::span<const void* const> rows,
                                   write_set& writes) const {
  std::vector<parameter> bound;
  for (const void* row : rows) {
    std::vector<value> cells;
    cells.reserve(table_->row.columns.size());
    write_row(table_->row, row, cells);
    bound.emplace_back(std::move(cells));
  }
  const statement_text& text = statements_->insert[static_cast<std::size_t>(std::bit_width(rows.size() - 1))];
  run_write(on, op, make_statement(text, bound, statement_intent::write, table_->name), writes);
}

void repository_base::update(context& in, void* row, call_site where) const {
  const operation op = core_->describe(in, "update", where);
  const column& version = table_->row.columns[static_cast<std::size_t>(table_->version)];
  const std::int64_t old_version = read_member(version, row).as_integer();
  check_version_can_be_raised(*table_, version, old_version, where);
  const std::vector<value> key = key_values_of(*table_, row);
  std::vector<value> cells;
  write_row(table_->row, row, cells);
  cells[static_cast<std::size_t>(table_->version)] = value::integer(old_version + 1);
  std::vector<parameter> bound(cells.begin(), cells.end());
  detail::bind_key(*table_, core_->router.sql_dialect(), key, bound);
  bound.emplace_back(value::integer(old_version));
  const std::uint64_t changed = core_->write(op, [&](connection& on, write_set& writes) {
    note_written(writes, key);
    return run_write(on, op, make_statement(statements_->update, bound, statement_intent::write, table_->name), writes);
  });
  if (changed == 0) {
    // What the cache holds may be the version that lost: whoever reads again reads the database, though this
    // transaction will be rolled back. Without one it has been dropped already.
    if (in.in_transaction() != nullptr) {
      write_set lost;
      note_written(lost, key);
      core_->cache.apply(op, lost, position());
    }
    throw conflict({.message = "update of " + std::string(table_->row.type_name) + ": the row has another " +
                               std::string(version.name) + " than the one that was read, or is gone",
                    .statement = statements_->update.text,
                    .where = where,
                    .endpoint = std::string(core_->router.endpoint()),
                    .fix = "read it again, apply the change to what is there now, and update that"});
  }
  const value next = value::integer(old_version + 1);
  version.field->read(next, static_cast<std::byte*>(row) + version.offset);
}

bool repository_base::remove(context& in, std::span<const value> key, call_site where) const {
  const operation op = core_->describe(in, "remove", where);
  const std::vector<parameter> bound = key_parameters(key);
  return core_->write(op, [&](connection& on, write_set& writes) {
    note_written(writes, key);
    return run_write(on, op, make_statement(statements_->remove, bound, statement_intent::write, table_->name),
                     writes) > 0;
  });
}

}  // namespace forebay
