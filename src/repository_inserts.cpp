#include <algorithm>
#include <string>
#include <utility>

#include <forebay/block.hpp>
#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>
#include <forebay/repository_base.hpp>

#include "database_core.hpp"
#include "entity_statements.hpp"
#include "repository_statements.hpp"
#include "write_run.hpp"

namespace forebay {

namespace {

using detail::insert_statement;
using detail::make_statement;
using detail::statement_text;

void bind_columns(const entity_table& table, std::span<const int> columns, const void* row,
                  std::vector<parameter>& bound) {
  bound.clear();
  for (const int c : columns) bound.emplace_back(read_member(table.row.columns[static_cast<std::size_t>(c)], row));
}

// The values of some columns of row after row.
class rows_to_insert final : public parameter_batch {
 public:
  rows_to_insert(const entity_table& table, std::span<const int> columns, std::span<const void* const> rows,
                 std::size_t& at)
      : table_(table), columns_(columns), rows_(rows), at_(at) {}

  bool next(std::uint64_t, std::vector<parameter>& bound) override {
    if (done_ == rows_.size()) return false;
    ++at_;
    bind_columns(table_, columns_, rows_[done_++], bound);
    return true;
  }

 private:
  const entity_table& table_;
  std::span<const int> columns_;
  std::span<const void* const> rows_;
  std::size_t done_ = 0;
  std::size_t& at_;  // of all rows of the call, the one that is under way, from 1
};

}  // namespace

// How a row is written: these columns, by this statement.
struct repository_base::insert_form {
  std::span<const int> columns;
  const statement_text& text;
  bool returns_key;
};

// With the generated key in the row, or left to the database.
struct repository_base::insert_forms {
  insert_form set;
  insert_form unset;
};

void repository_base::insert(context& in, std::span<const void* const> rows, const char* name, detail::key_sink& keys,
                             call_site where) const {
  const insert_statement& set = statements_->writes.insert;
  const insert_statement& unset = statements_->writes.insert_unset;
  write_rows(core_->describe(in, name, where), rows,
             {.set = {set.columns, set.text, false}, .unset = {unset.columns, unset.returning_key, true}}, keys);
}

void repository_base::upsert(context& in, std::span<const void* const> rows, std::span<const int> target,
                             const char* name, detail::key_sink& keys, call_site where) const {
  const operation op = core_->describe(in, name, where);
  const detail::write_statements& known = statements_->writes;
  const bool key_is_needed = std::ranges::equal(target, table_->key);
  if (key_is_needed && std::ranges::any_of(rows, [&](const void* r) { return key_is_unset(*table_, known, r); })) {
    throw invalid_option(
        {.message = std::string(op.name) + " of " + std::string(table_->row.type_name) +
                    ": the generated key of a row is not set, so that it can meet no other row",
         .where = where,
         .fix = "insert the row, or name the columns of a unique index: upsert(s, row, on<&T::member>)"});
  }
  // Their key is returned because the row that was there keeps its own: on a column with a collation, another text.
  const statement_text set(write_upsert(*table_, core_->router.sql_dialect(), known.insert, target));
  const statement_text unset(write_upsert(*table_, core_->router.sql_dialect(), known.insert_unset, target));
  write_rows(op, rows, {.set = {known.insert.columns, set, true}, .unset = {known.insert_unset.columns, unset, true}},
             keys);
}

void repository_base::write_rows(const operation& op, std::span<const void* const> rows, const insert_forms& forms,
                                 detail::key_sink& keys) const {
  const auto is_unset = [&](const void* row) { return key_is_unset(*table_, statements_->writes, row); };
  if (rows.empty()) return;
  if (rows.size() == 1) {
    const insert_form& form = is_unset(rows[0]) ? forms.unset : forms.set;
    std::vector<parameter> bound;
    bind_columns(*table_, form.columns, rows[0], bound);
    const statement what = make_statement(form.text, bound, statement_intent::write, table_->name);
    core_->write(op, [&](connection& on, write_set& writes) {
      run_insert(
          op, [&] { return on.run(op, what); }, rows, form, writes, keys);
      return true;
    });
    return;
  }
  std::size_t at = 0;
  const auto write_all = [&](const operation& within, connection& on, write_set& writes) {
    for (auto rest = rows; !rest.empty();) {  // as many as are written by the same statement
      const bool unset = is_unset(rest[0]);
      const auto end = std::ranges::find_if(rest, [&](const void* row) { return is_unset(row) != unset; });
      const auto some = rest.first(static_cast<std::size_t>(end - rest.begin()));
      const insert_form& form = unset ? forms.unset : forms.set;
      const statement what = make_statement(form.text, {}, statement_intent::write, table_->name);
      rows_to_insert batch(*table_, form.columns, some, at);
      run_insert(
          within, [&] { return on.run_many(within, what, batch); }, some, form, writes, keys);
      rest = rest.subspan(some.size());
    }
  };
  detail::naming_row(at, rows.size(), [&] { detail::all_or_none(*core_, op, write_all); });
}

template <class Start>
void repository_base::run_insert(const operation& op, Start start, std::span<const void* const> some,
                                 const insert_form& form, write_set& writes, detail::key_sink& keys) const {
  if (form.returns_key) {
    run_returning_keys(op, start, writes, &keys);
    return;
  }
  // An insert ends "there is no such row" in the cache.
  for (const void* row : detail::rows_to_note(space_, some)) note_written(writes, key_values_of(*table_, row));
  rows written = start();
  detail::finish_write(written, writes, [] {});
  for (const void* row : some) keys.take(row);
}

void repository_base::insert_returning(context& in, const void* row, void* stored, call_site where) const {
  const operation op = core_->describe(in, "insert_returning", where);
  const bool unset = key_is_unset(*table_, statements_->writes, row);
  const insert_statement& insert = unset ? statements_->writes.insert_unset : statements_->writes.insert;
  const statement_text text(insert.text.text + statements_->writes.returning_row);
  std::vector<parameter> bound;
  bind_columns(*table_, insert.columns, row, bound);
  // A row that cannot be read is not to stay.
  detail::all_or_none(*core_, op, [&](const operation& within, connection& on, write_set& writes) {
    rows written = on.run(within, make_statement(text, bound, statement_intent::write, table_->name));
    detail::finish_write(written, writes, [&] { written.read(table_->row, stored); });
    note_written(writes, key_values_of(*table_, stored));
  });
}

}  // namespace forebay
