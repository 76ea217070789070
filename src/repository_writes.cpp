#include <forebay/repository_base.hpp>

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>

#include "database_core.hpp"
#include "entity_statements.hpp"
#include "repository_statements.hpp"
#include "write_run.hpp"

namespace forebay {

namespace detail {

key_sink::~key_sink() = default;

void note_effects(const write_effects& effects, write_set& writes) {
  writes.everything = writes.everything || !effects.known;
  writes.tables.insert(writes.tables.end(), effects.beyond.begin(), effects.beyond.end());
}

std::uint64_t run_write(connection& on, const operation& op, const statement& what, write_set& writes) {
  rows written = on.run(op, what);
  return finish_write(written, writes, [] {});
}

}  // namespace detail

using detail::make_statement;
using detail::statement_text;

void repository_base::note_written(write_set& writes, std::span<const value> key) const {
  writes.rows.push_back({std::string(table_->name), space_, std::string(key_bytes(key).view())});
}

void repository_base::note_table(write_set& writes) const { writes.tables.emplace_back(table_->name); }

void repository_base::read_key(rows& from, const operation& op, void* row) const try {
  for (std::size_t part = 0; part < table_->key.size(); ++part) {
    const column& c = table_->row.columns[static_cast<std::size_t>(table_->key[part])];
    from.read_cell(part, *c.field, static_cast<std::byte*>(row) + c.offset);
  }
} catch (const error& e) {
  if (op.in.in_transaction() != nullptr) throw;
  error_details d = e.details();
  d.outcome = outcome::applied;  // the row is written, though nobody can be told its key
  throw_error(e.code(), std::move(d));
}

void repository_base::check_version_can_be_raised(const void* row, const operation& op) const {
  const column& version = table_->row.columns[static_cast<std::size_t>(table_->version)];
  if (read_member(version, row).as_integer() < detail::highest_of(version)) return;
  throw_error(errc::value_out_of_range,
              {.message = std::string(op.name) + " of " + std::string(table_->row.type_name) + ": the version in " +
                          std::string(version.name) + " is the highest of its type",
               .where = op.where,
               .fix = "give the version member a wider type"});
}

void repository_base::bind_update(const void* row, std::vector<parameter>& bound) const {
  bound.clear();
  for (const int c : statements_->writes.updated_columns) {
    bound.emplace_back(read_member(table_->row.columns[static_cast<std::size_t>(c)], row));
  }
  const std::int64_t version = bound.back().values()[0].as_integer();
  bound.back() = value::integer(version + 1);
  detail::bind_key(*table_, core_->router.sql_dialect(), key_values_of(*table_, row), bound);
  bound.emplace_back(value::integer(version));
}

void repository_base::update(context& in, std::span<void* const> rows, const char* name, call_site where) const {
  const operation op = core_->describe(in, name, where);
  for (const void* row : rows) check_version_can_be_raised(row, op);
  if (rows.size() == 1) {
    update_one(op, rows[0]);
  } else if (!rows.empty()) {
    update_all(op, rows);
  }
  const column& version = table_->row.columns[static_cast<std::size_t>(table_->version)];
  for (void* row : rows) {
    const value next = value::integer(read_member(version, row).as_integer() + 1);
    version.field->read(next, static_cast<std::byte*>(row) + version.offset);
  }
}

void repository_base::update_one(const operation& op, const void* row) const {
  std::vector<parameter> bound;
  bind_update(row, bound);
  const statement what = make_statement(statements_->writes.update, bound, statement_intent::write, table_->name);
  const std::uint64_t changed = core_->write(op, [&](connection& on, write_set& writes) {
    note_written(writes, key_values_of(*table_, row));
    return detail::run_write(on, op, what, writes);
  });
  if (changed == 0) throw_lost_update(op, row, "the row");
}

// Row after row, until one is not changed.
class repository_base::rows_to_update final : public parameter_batch {
 public:
  rows_to_update(const repository_base& of, std::span<void* const> rows, std::size_t& at)
      : of_(of), rows_(rows), at_(at) {}

  bool next(std::uint64_t changed, std::vector<parameter>& bound) override {
    if (changed < at_ || at_ == rows_.size()) return false;
    of_.bind_update(rows_[at_++], bound);
    return true;
  }

 private:
  const repository_base& of_;
  std::span<void* const> rows_;
  std::size_t& at_;  // the row that is under way, from 1
};

void repository_base::update_all(const operation& op, std::span<void* const> rows) const {
  const statement what = make_statement(statements_->writes.update, {}, statement_intent::write, table_->name);
  std::size_t at = 0;
  detail::naming_row(at, rows.size(), [&] {
    detail::all_or_none(*core_, op, [&](const operation& within, connection& on, write_set& writes) {
      for (const void* row : detail::rows_to_note(space_, rows)) note_written(writes, key_values_of(*table_, row));
      rows_to_update batch(*this, rows, at);
      forebay::rows written = on.run_many(within, what, batch);
      const std::uint64_t changed = detail::finish_write(written, writes, [] {});
      if (changed < at) throw_lost_update(within, rows[at - 1], "a row");
    });
  });
}

void repository_base::throw_lost_update(const operation& op, const void* row, const char* which) const {
  // What the cache holds may be the version that lost: whoever reads again reads the database, though the transaction
  // will be rolled back. Without one it has been dropped already.
  if (op.in.in_transaction() != nullptr) {
    write_set lost;
    note_written(lost, key_values_of(*table_, row));
    core_->cache.apply(op, lost, position());
  }
  const column& version = table_->row.columns[static_cast<std::size_t>(table_->version)];
  std::string key;
  for (const int k : table_->key) {
    key += (key.empty() ? "" : ", ") + std::string(table_->row.columns[static_cast<std::size_t>(k)].name);
  }
  const std::string expected = version.sensitive ? "the one" : std::to_string(read_member(version, row).as_integer());
  throw conflict({.message = std::string(op.name) + " of " + std::string(table_->row.type_name) + ": " + which +
                             " (by " + key + ") has another " + std::string(version.name) + " than " + expected +
                             " that was read, or is gone",
                  .statement = statements_->writes.update.text,
                  .where = op.where,
                  .endpoint = std::string(core_->router.endpoint()),
                  .fix = "read it again, apply the change to what is there now, and update that"});
}

bool repository_base::set(context& in, std::span<const value> key, std::span<const column_assignment> what) const {
  const operation op = core_->describe(in, "set", what[0].where);
  check_assigned_once(what, op);
  const dialect& d = core_->router.sql_dialect();
  const statement_text text(detail::write_assignments(*table_, d, what) + detail::key_condition(*table_, d));
  std::vector<parameter> bound;
  detail::bind_assignments(d, what, bound);
  detail::bind_key(*table_, d, key, bound);
  return core_->write(op, [&](connection& on, write_set& writes) {
    note_written(writes, key);
    return detail::run_write(on, op, make_statement(text, bound, statement_intent::write, table_->name), writes) > 0;
  });
}

std::uint64_t repository_base::set_where(context& in, const condition& which,
                                         std::span<const column_assignment> what) const {
  const operation op = core_->describe(in, "set_where", what[0].where);
  check_assigned_once(what, op);
  const dialect& d = core_->router.sql_dialect();
  std::vector<parameter> bound;
  detail::bind_assignments(d, what, bound);
  return write_where(op, detail::write_assignments(*table_, d, what), which, std::move(bound));
}

void repository_base::check_assigned_once(std::span<const column_assignment> what, const operation& op) const {
  for (std::size_t i = 1; i < what.size(); ++i) {
    const auto before = what.first(i);
    if (std::ranges::find(before, what[i].column, &column_assignment::column) == before.end()) continue;
    const column& twice = table_->row.columns[static_cast<std::size_t>(what[i].column)];
    throw invalid_option({.message = std::string(op.name) + " of " + std::string(table_->row.type_name) + ": " +
                                     std::string(twice.name) + " is assigned twice",
                          .where = op.where,
                          .fix = "assign it once"});
  }
}

// Of a cached entity the statement returns the keys, so that the cache keeps all other rows.
std::uint64_t repository_base::write_where(const operation& op, std::string text, const condition& which,
                                           std::vector<parameter> bound) const {
  const bool cached = space_ != write_set::no_space;
  text += " where " + which.text(core_->router.sql_dialect());
  if (cached) text += statements_->writes.returning_key;
  const statement_text complete(std::move(text));
  which.append_parameters(bound);
  const statement what = make_statement(complete, bound, statement_intent::write, table_->name);
  return core_->write(op, [&](connection& on, write_set& writes) {
    if (cached)
      return run_returning_keys(
          op, [&] { return on.run(op, what); }, writes, nullptr);
    note_table(writes);
    return detail::run_write(on, op, what, writes);
  });
}

bool repository_base::remove(context& in, std::span<const value> key, call_site where) const {
  const operation op = core_->describe(in, "remove", where);
  const std::vector<parameter> bound = key_parameters(key);
  const statement what = make_statement(statements_->writes.remove, bound, statement_intent::write, table_->name);
  return core_->write(op, [&](connection& on, write_set& writes) {
    note_written(writes, key);
    return detail::run_write(on, op, what, writes) > 0;
  });
}

std::uint64_t repository_base::remove_where(context& in, const condition& which, call_site where) const {
  const operation op = core_->describe(in, "remove_where", where);
  return write_where(op, "delete from " + statements_->from, which, {});
}

// Keys that are compared exactly, or have several columns, one by one: by the same statement as remove.
class repository_base::keys_to_remove final : public parameter_batch {
 public:
  keys_to_remove(const repository_base& of, std::span<const value> keys) : of_(of), rest_(keys) {}

  bool next(std::uint64_t, std::vector<parameter>& bound) override {
    if (rest_.empty()) return false;
    bound.clear();
    const std::size_t width = of_.table_->key.size();
    detail::bind_key(*of_.table_, of_.core_->router.sql_dialect(), rest_.first(width), bound);
    rest_ = rest_.subspan(width);
    return true;
  }

 private:
  const repository_base& of_;
  std::span<const value> rest_;
};

std::uint64_t repository_base::remove_many(context& in, std::span<const value> keys, call_site where) const {
  const operation op = core_->describe(in, "remove_many", where);
  if (keys.empty()) return 0;
  const std::size_t width = table_->key.size();
  std::uint64_t removed = 0;
  detail::all_or_none(*core_, op, [&](const operation& within, connection& on, write_set& writes) {
    for (std::size_t k = 0; k < keys.size(); k += width) note_written(writes, keys.subspan(k, width));
    if (width == 1 && !detail::needs_exact_comparison(*table_, core_->router.sql_dialect(), table_->key[0])) {
      removed = remove_lists(within, on, keys, writes);
      return;
    }
    keys_to_remove batch(*this, keys);
    rows written = on.run_many(
        within, make_statement(statements_->writes.remove, {}, statement_intent::write, table_->name), batch);
    removed = detail::finish_write(written, writes, [] {});
  });
  return removed;
}

std::uint64_t repository_base::remove_lists(const operation& op, connection& on, std::span<const value> keys,
                                            write_set& writes) const {
  constexpr std::size_t longest_list = 4096;
  std::uint64_t removed = 0;
  while (!keys.empty()) {
    const auto some = keys.first(std::min(longest_list, keys.size()));
    std::vector<value> list(some.begin(), some.end());
    // Filled up to a power of two, so that lists of all lengths share few prepared statements.
    list.resize(std::bit_ceil(list.size()), list.back());
    const parameter bound(std::move(list));
    removed += detail::run_write(
        on, op, make_statement(statements_->writes.remove_list, {&bound, 1}, statement_intent::write, table_->name),
        writes);
    keys = keys.subspan(some.size());
  }
  return removed;
}

}  // namespace forebay
