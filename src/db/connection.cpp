#include <forebay/db/connection.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include <forebay/error.hpp>
#include <forebay/sql/fingerprint.hpp>

namespace forebay {

result::~result() = default;
parameter_batch::~parameter_batch() = default;
connection::~connection() = default;
connection::connection(std::string endpoint, const dialect& sql) : endpoint_(std::move(endpoint)), dialect_(sql) {}

const column_map& result::map_for(const row_shape& shape) {
  if (mapped_ != &shape) {
    map_ = map_columns(shape, columns());
    mapped_ = &shape;
  }
  return map_;
}

namespace {

// What a driver throws knows the database; what leaves here knows the statement and the call as well.
[[noreturn]] void rethrow_placed(const error& e, const operation& op, const std::string& endpoint,
                                 std::string_view statement) {
  // What ended the wait was not the time.
  const bool stopped =
      op.until().cancelled() && (e.code() == errc::deadline_exceeded || e.code() == errc::database_busy);
  if (stopped) throw_cancelled(op);
  error_details d = e.details();
  if (d.statement.empty()) d.statement = std::string(statement);
  if (d.where.line == 0) d.where = op.where;
  if (d.session.empty()) d.session = op.in.name();
  if (d.endpoint.empty()) d.endpoint = endpoint;
  throw_error(e.code(), std::move(d));
}

}  // namespace

// Where the database has plainly answered, or the rows do not fit the program, the conversation is sound.
void connection::note_failure(errc code) noexcept {
  switch (code) {
    case errc::constraint_violation:
    case errc::duplicate_key:
    case errc::schema_mismatch:
    case errc::value_out_of_range:
    case errc::not_found:
    case errc::too_many_rows: return;
    default: doubtful_ = true;
  }
}

bool connection::check(deadline until) noexcept try {
  if (!do_check(until)) return false;
  doubtful_ = false;
  return true;
} catch (...) {
  return false;
}

bool connection::do_check(deadline) { return usable(); }

template <class Step>
decltype(auto) connection::placed(const operation& op, Step step) {
  try {
    return step();
  } catch (const error& e) {
    note_failure(e.code());
    rethrow_placed(e, op, endpoint_, {});
  } catch (...) {
    doubtful_ = true;
    throw;
  }
}

template <class Step>
decltype(auto) rows::guarded(Step step) {
  try {
    return step();
  } catch (const error& e) {
    event_.failed = true;
    on_->note_failure(e.code());
    report(&e);
    rethrow_placed(e, *operation_, on_->endpoint(), statement_.text);
  } catch (...) {
    event_.failed = true;
    on_->doubtful_ = true;
    report(nullptr);
    throw;
  }
}

void connection::begin(const operation& op, transaction_mode mode, isolation_level isolation) {
  placed(op, [&] {
    if (isolation > isolation_level::serializable) {
      throw invalid_option({.message = "transaction_options::isolation is none of the levels"});
    }
    do_begin(mode, isolation, op.until());
  });
}

position connection::commit(const operation& op) {
  return placed(op, [&] {
    check_undone();
    return do_commit(op.until());
  });
}

void connection::rollback() noexcept {
  while (newest_rows_ != nullptr) newest_rows_->break_off();
  undo_failed_ = false;
  do_rollback();
}

void connection::check_undone() const {
  if (!undo_failed_) return;
  throw_error(errc::query_failed, {.message = "a savepoint could not be rolled back; nothing more can be done in the "
                                              "transaction",
                                   .fix = "let the error end the transaction"});
}

void connection::begin_savepoint(const operation& op) {
  placed(op, [&] {
    check_undone();
    do_savepoint(savepoint_step::begin, op.until());
  });
}

void connection::release_savepoint(const operation& op) {
  placed(op, [&] {
    check_undone();
    do_savepoint(savepoint_step::release, op.until());
  });
}

void connection::rollback_savepoint(const operation& op) {
  undo_failed_ = true;
  placed(op, [&] { do_savepoint(savepoint_step::rollback, op.until()); });
  undo_failed_ = false;
}

rows connection::run(const operation& op, const statement& what) {
  rows under_way(op, what, *this);
  under_way.guarded([&] {
    check_deadline(op);
    check_undone();
    under_way.result_ = &do_run(what, op.until());
  });
  return under_way;
}

namespace {

// While an event is made: without memory for the normal form, the text itself has to do.
std::uint64_t fingerprint_of(const dialect& d, const statement& s) noexcept try {
  return forebay::fingerprint_of(d, s.text, s.text_hash);
} catch (const std::bad_alloc&) {
  return s.text_hash;
}

}  // namespace

rows connection::run_many(const operation& op, const statement& what, parameter_batch& batch) {
  return {op, what, *this, &batch};
}

rows::rows(const operation& op, const statement& what, connection& on, parameter_batch* batch)
    : operation_(&op), statement_(what), observed_(op.events().active()), batch_(batch) {
  if (batch != nullptr) statement_.parameters = {};
  if (observed_) event_ = op.describe<statement_event>(op.runtime().now());
  link(on);
}

rows::rows(rows&& other) noexcept
    : operation_(other.operation_),
      statement_(other.statement_),
      result_(std::exchange(other.result_, nullptr)),
      cells_(other.cells_),
      expected_(other.expected_),
      expected_count_(other.expected_count_),
      row_count_(other.row_count_),
      observed_(std::exchange(other.observed_, false)),
      at_end_(other.at_end_),
      event_(other.event_),
      batch_(std::exchange(other.batch_, nullptr)),
      bound_(std::move(other.bound_)),
      changes_(other.changes_),
      effects_(std::move(other.effects_)) {
  if (other.on_ == nullptr) return;
  connection& on = *other.on_;
  other.unlink();
  link(on);
}

rows::~rows() {
  if (result_ != nullptr || batch_ != nullptr) {
    report(nullptr);
    if (result_ != nullptr) result_->close();
  }
  unlink();
}

void rows::link(connection& on) noexcept {
  on_ = &on;
  older_ = std::exchange(on.newest_rows_, this);
  if (older_ != nullptr) older_->newer_ = this;
}

void rows::unlink() noexcept {
  if (on_ == nullptr) return;
  (newer_ != nullptr ? newer_->older_ : on_->newest_rows_) = older_;
  if (older_ != nullptr) older_->newer_ = newer_;
  on_ = nullptr;
}

void rows::break_off() noexcept {
  report(nullptr);
  if (result_ != nullptr) std::exchange(result_, nullptr)->close();
  batch_ = nullptr;
  unlink();
}

bool rows::next() {
  if (on_ == nullptr) {
    throw_error(errc::query_failed, {.message = "the transaction was rolled back while its rows were being read",
                                     .statement = std::string(statement_.text),
                                     .where = operation_->where,
                                     .session = operation_->in.name(),
                                     .fix = "end the reading before the transaction"});
  }
  if (at_end_) return false;
  cells_ = guarded([this] {
    if (batch_ != nullptr) return next_of_batch();
    const std::span<const value> cells = result_->next();
    if (row_count_ == 0) check_columns();
    return cells;
  });
  if (observed_ && row_count_ == 0) event_.execute = operation_->runtime().now() - event_.at;
  if (cells_.empty()) {
    at_end_ = true;
    return false;
  }
  ++row_count_;
  if (observed_) count(cells_);
  return true;
}

std::span<const value> rows::next_of_batch() {
  for (;;) {
    if (result_ != nullptr) {
      const std::span<const value> cells = result_->next();
      if (!cells.empty()) return cells;
      end_run();
    }
    if (!batch_->next(changes_, bound_)) return {};
    check_deadline(*operation_);
    statement run = statement_;
    run.parameters = bound_;
    result_ = &on_->do_run(run, operation_->until());
  }
}

namespace {

void add_once(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
}

}  // namespace

void rows::end_run() {
  changes_ += result_->changes();
  const write_effects& of_run = result_->effects();
  effects_.known = effects_.known && of_run.known;
  add_once(effects_.tables, of_run.tables);
  add_once(effects_.beyond, of_run.beyond);
  std::exchange(result_, nullptr)->close();
}

void rows::count(std::span<const value> cells) noexcept {
  for (const value& v : cells) {
    if (v.kind() == value_kind::text || v.kind() == value_kind::bytes) event_.bytes += v.as_text().size();
  }
}

void rows::read(const row_shape& shape, void* row) {
  guarded([&] { read_row(shape, result_->map_for(shape), cells_, row_count_, row); });
}

void rows::read_at(const row_shape& shape, std::size_t first, void* row) {
  guarded([&] { read_columns(shape, cells_.subspan(first), row_count_, row); });
}

void rows::check_columns() {
  if (expected_ != nullptr) (void)result_->map_for(*expected_);
  const std::size_t have = result_->columns().size();
  if (expected_count_ == 0 || expected_count_ == have) return;
  throw schema_mismatch({.message = "the result has " + std::to_string(have) +
                                    " columns, and the type that it is read into by position has " +
                                    std::to_string(expected_count_),
                         .fix = "select as many columns as the type has, or read into a FOREBAY_ROW by name"});
}

void rows::read_cell(std::size_t index, const field_operations& field, void* out) {
  const read_status status = field.read(cells_[index], out);
  if (status == read_status::ok) return;
  const column c{result_->columns()[index], 0, &field};
  const row_shape only{{}, {&c, 1}, nullptr};  // no struct, no member
  guarded([&] { throw_unreadable(only, c, cells_[index], row_count_, status); });
}

void rows::fail(errc code, error_details why) {
  guarded([&] { throw_error(code, std::move(why)); });
  std::terminate();  // not reached
}

void rows::check_time() {
  const deadline until = operation_->until();
  if (on_ == nullptr || !until.passed(operation_->runtime().coarse_now())) return;
  fail(errc::deadline_exceeded, {.message = "the session's deadline passed while the rows were being read"});
}

std::uint64_t rows::finish() {
  while (next()) {}
  return batch_ != nullptr ? changes_ : result_->changes();
}

void rows::report(const error* failure) noexcept {
  if (!std::exchange(observed_, false)) return;
  const nanoseconds total = operation_->runtime().now() - event_.at;
  if (event_.execute == nanoseconds{}) event_.execute = total;
  event_.fetch = total - event_.execute;
  event_.kind = statement_.intent == statement_intent::read ? statement_kind::query : statement_kind::change;
  event_.fingerprint = fingerprint_of(on_->sql_dialect(), statement_);
  event_.text = statement_.text;
  event_.parameters = identity_of(statement_.parameters);
  event_.table = statement_.table;
  event_.key_column = statement_.key_column;
  const std::uint64_t changed = changes_ + (result_ == nullptr ? 0 : result_->changes());
  event_.rows = row_count_ > 0 ? row_count_ : changed;
  event_.endpoint = on_->endpoint();
  event_.failure = failure;
  operation_->events().report(event_);
}

}  // namespace forebay
