#include "sqlite_statement.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <forebay/error.hpp>
#include <forebay/field.hpp>

#include "sqlite_commits.hpp"
#include "sqlite_error.hpp"
#include "sqlite_foreign_keys.hpp"
#include "sqlite_list.hpp"

namespace forebay::soci {

namespace {

// sqlite3_value_*, not sqlite3_column_*: the latter take a mutex for each cell. Safe because one thread owns the
// connection.
value read_cell(sqlite3_stmt* s, int index) {
  sqlite3_value* cell = sqlite3_column_value(s, index);
  switch (sqlite3_value_type(cell)) {
    case SQLITE_INTEGER: return value::integer(sqlite3_value_int64(cell));
    case SQLITE_FLOAT: return value::real(sqlite3_value_double(cell));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(cell));
      return value::text({text, static_cast<std::size_t>(sqlite3_value_bytes(cell))});
    }
    case SQLITE_BLOB: {
      const void* bytes = sqlite3_value_blob(cell);
      return value::bytes(bytes, static_cast<std::size_t>(sqlite3_value_bytes(cell)));
    }
    default: return {};
  }
}

// Of a long list, which is one parameter.
constexpr std::size_t any_size = SIZE_MAX;

std::size_t size_of(const parameter& p) noexcept {
  return is_long_list(sqlite_dialect, p) ? any_size : p.values().size();
}

// Comments and blanks compile to no statement.
bool holds_a_statement(sqlite3* handle, std::string_view tail) {
  while (!tail.empty()) {
    sqlite3_stmt* next = nullptr;
    const char* rest = nullptr;
    const int rc = sqlite3_prepare_v2(handle, tail.data(), static_cast<int>(tail.size()), &next, &rest);
    const bool found = next != nullptr;
    sqlite3_finalize(next);
    if (found || rc != SQLITE_OK) return true;
    tail.remove_prefix(static_cast<std::size_t>(rest - tail.data()));
  }
  return false;
}

}  // namespace

void sqlite_statement::finalizer::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

sqlite_statement::sqlite_statement(sqlite3* handle, sqlite_commits& commits, sqlite_write_recorder& recorder,
                                   const dialect& d, const statement& what)
    : handle_(handle), commits_(commits), recorder_(recorder), text_(what.text) {
  for (const parameter& p : what.parameters) list_sizes_.push_back(size_of(p));
  const std::string rendered = render(d, what);
  sqlite3_stmt* prepared = nullptr;
  const char* tail = nullptr;
  recorder_.start();
  const int rc = sqlite3_prepare_v3(handle, rendered.data(), static_cast<int>(rendered.size()),
                                    SQLITE_PREPARE_PERSISTENT, &prepared, &tail);
  recorder_.stop();
  prepared_.reset(prepared);
  if (rc != SQLITE_OK) throw_sqlite_error(handle, rc);
  if (prepared == nullptr) throw_error(errc::query_failed, {.message = "the statement is empty"});
  if (holds_a_statement(handle, {tail, static_cast<std::size_t>(rendered.data() + rendered.size() - tail)})) {
    throw_error(errc::query_failed, {.message = "more than one statement in one text; only the first would run",
                                     .fix = "make one call for each statement"});
  }
  const int needed = sqlite3_bind_parameter_count(prepared);
  std::size_t given = 0;
  for (const std::size_t n : list_sizes_) given += n == any_size ? 1 : n;
  if (std::cmp_not_equal(needed, given)) {
    throw_error(errc::query_failed, {.message = "the statement has parameters of its own beside its {}",
                                     .fix = "write every parameter as {}"});
  }
  read_only_ = sqlite3_stmt_readonly(prepared) != 0;
  learn_columns();
  learn_effects();
}

sqlite_statement::~sqlite_statement() { close(); }

bool sqlite_statement::fits(const statement& what) const noexcept {
  return text_ == what.text && std::ranges::equal(list_sizes_, what.parameters, {}, {}, &size_of);
}

void sqlite_statement::open(std::span<const parameter> parameters) {
  open_ = true;
  stepped_ = false;
  changes_ = 0;
  changed_beyond_ = true;
  commits_by_itself_ = false;
  int index = 0;
  for (const parameter& p : parameters) {
    if (is_long_list(sqlite_dialect, p)) {
      const int rc = bind_sqlite_list(prepared_.get(), ++index, p);
      if (rc != SQLITE_OK) throw_sqlite_error(handle_, rc);
      continue;
    }
    for (const value& v : p.values()) bind(++index, v);
  }
}

// SQLITE_STATIC: what is bound outlives the run, by the contract of `statement`.
void sqlite_statement::bind(int index, const value& v) {
  sqlite3_stmt* s = prepared_.get();
  int rc = SQLITE_OK;
  switch (v.kind()) {
    case value_kind::null: rc = sqlite3_bind_null(s, index); break;
    case value_kind::boolean:
    case value_kind::integer: rc = sqlite3_bind_int64(s, index, v.as_integer()); break;
    case value_kind::real:
      if (std::isnan(v.as_real())) {
        throw_error(errc::value_out_of_range, {.message = "SQLite has no NaN: it would store NULL"});
      }
      rc = sqlite3_bind_double(s, index, v.as_real());
      break;
    case value_kind::text: {
      const std::string_view text = v.as_text();
      rc = sqlite3_bind_text64(s, index, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
      break;
    }
    case value_kind::bytes: {
      const std::string_view bytes = v.as_text();
      // A null pointer would bind NULL, not an empty blob.
      rc = bytes.empty() ? sqlite3_bind_zeroblob(s, index, 0)
                         : sqlite3_bind_blob64(s, index, bytes.data(), bytes.size(), SQLITE_STATIC);
      break;
    }
    case value_kind::timestamp: {
      const std::string text = detail::timestamp_text(v.as_integer());
      rc = sqlite3_bind_text64(s, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    }
  }
  if (rc != SQLITE_OK) throw_sqlite_error(handle_, rc);
}

std::span<const value> sqlite_statement::next() {
  sqlite3_stmt* s = prepared_.get();
  const bool first = !stepped_;
  if (first) first_step_is_due();
  const int rc = sqlite3_step(s);
  if (first) first_step_is_done();
  if (rc == SQLITE_DONE) {
    count_changes();
    return {};
  }
  if (rc != SQLITE_ROW) throw_failed_step(rc);
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = read_cell(s, static_cast<int>(i));
  return cells_;
}

// SQLite does not say which foreign key it was: those of the table, and those that point to it.
void sqlite_statement::throw_foreign_key(int rc) const {
  const outcome what_happened = outcome_of_failure(rc);
  const std::string table = effects_.tables.empty() ? std::string() : effects_.tables[0];
  const std::string keys = foreign_keys_around(handle_, table);
  throw constraint_violation(
      {.message = "a foreign key refused the change" + (keys.empty() ? std::string() : ", one of: " + keys),
       .fix = "write the row that is pointed to first, and remove those that point to a row before it",
       .sqlstate = std::to_string(SQLITE_CONSTRAINT_FOREIGNKEY),
       .outcome = what_happened});
}

void sqlite_statement::throw_failed_step(int rc) {
  sqlite3_stmt* s = prepared_.get();
  if (sqlite3_extended_errcode(handle_) == SQLITE_CONSTRAINT_FOREIGNKEY) throw_foreign_key(rc);
  if (rc == SQLITE_ERROR && !list_sizes_.empty()) {
    // Either the statement no longer fits the schema, which compiling it shows without its values, or it failed while
    // it ran, and the message may quote one.
    sqlite3_stmt* again = nullptr;
    const int compiled = sqlite3_prepare_v2(handle_, sqlite3_sql(s), -1, &again, nullptr);
    sqlite3_finalize(again);
    if (compiled != SQLITE_OK) throw_sqlite_error(handle_, compiled);
    sqlite3_reset(s);  // gives the message of the failed run back
  }
  const message_source source = list_sizes_.empty() ? message_source::text_only : message_source::bound_values;
  throw_sqlite_error(handle_, rc, source, outcome_of_failure(rc));
}

// INSERT OR FAIL and its like keep the rows before the one that failed; SQLite does not count what it has undone.
outcome sqlite_statement::outcome_of_failure(int rc) const noexcept {
  if (commits_by_itself_ && (rc & 0xff) == SQLITE_IOERR) return outcome::unknown;
  const bool something_stays = !read_only_ && sqlite3_total_changes64(handle_) != changes_before_;
  return something_stays ? outcome::applied : outcome::not_applied;
}

void sqlite_statement::first_step_is_due() {
  stepped_ = true;
  changes_before_ = sqlite3_total_changes64(handle_);
  commits_by_itself_ = !read_only_ && sqlite3_get_autocommit(handle_) != 0;
  if (commits_by_itself_) commits_.begin();
  if (!read_only_) recorder_.start();
}

void sqlite_statement::first_step_is_done() {
  recorder_.stop();
  if (sqlite3_stmt_status(prepared_.get(), SQLITE_STMTSTATUS_REPREPARE, 1) == 0) return;
  learn_columns();  // the schema had changed
  learn_effects();
}

void sqlite_statement::count_changes() noexcept {
  const auto in_all = static_cast<std::uint64_t>(sqlite3_total_changes64(handle_) - changes_before_);
  // sqlite3_changes alone still tells the last statement's number after one that changes no rows.
  changes_ = in_all == 0 ? 0 : static_cast<std::uint64_t>(sqlite3_changes64(handle_));
  changed_beyond_ = in_all > changes_;
}

void sqlite_statement::learn_columns() {
  columns_.clear();
  const int count = sqlite3_column_count(prepared_.get());
  for (int i = 0; i < count; ++i) columns_.emplace_back(sqlite3_column_name(prepared_.get(), i));
  cells_.assign(columns_.size(), value());
  forget_map();
}

void sqlite_statement::learn_effects() {
  effects_ = read_only_ ? write_effects{.known = true} : recorder_.effects(handle_);
  own_effects_ = effects_;
  own_effects_.beyond.clear();
}

void sqlite_statement::close() noexcept {
  if (!open_) return;
  sqlite3_reset(prepared_.get());
  sqlite3_clear_bindings(prepared_.get());
  if (std::exchange(commits_by_itself_, false)) commits_.end();
  open_ = false;
}

}  // namespace forebay::soci
