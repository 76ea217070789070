#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <forebay/clock.hpp>
#include <forebay/context.hpp>
#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>
#include <forebay/export.hpp>
#include <forebay/position.hpp>
#include <forebay/sql/statement.hpp>
#include <forebay/value.hpp>

namespace forebay {

class connection;

// Which tables a statement has written, as the database itself says: what the cache must drop. Names are spelled as in
// the schema, without one. A table that is named may have been left alone; one that is not named was not written.
struct write_effects {
  bool known = false;  // false: it may have written anything (DDL, virtual and temporary tables, pragmas)
  std::vector<std::string> tables{};  // by the statement itself; a view, where a trigger took the place of the write
  std::vector<std::string> beyond{};  // by triggers and foreign keys; the statement's own table again, where they
                                      // changed more rows of it than the statement did
};

// The rows of one statement that is under way, as a driver makes them. Belongs to a prepared statement of the driver,
// which may hand it out again after close(). One thread at a time.
class FOREBAY_API result {
 public:
  virtual ~result();
  // The cells of the next row, or none at the end. Valid until the next call. A whole row a call, because a virtual
  // call a cell was measured at 1.3 times the raw handle and this at 0.95.
  virtual std::span<const value> next() = 0;
  [[nodiscard]] virtual std::span<const std::string> columns() const = 0;
  // Rows inserted, updated or deleted; complete once next() returned none.
  [[nodiscard]] virtual std::uint64_t changes() const = 0;
  // What was written; complete once next() returned none. Rows of `tables` that a REPLACE took away are not told apart
  // from those that it wrote. After next() has thrown: what may have been written. A driver that cannot tell says that
  // nothing is known. Valid until close().
  [[nodiscard]] virtual const write_effects& effects() const = 0;
  // The statement cannot have changed the database. A driver that does not know says false.
  [[nodiscard]] virtual bool read_only() const = 0;
  // Resets the statement, so that it holds no snapshot and no lock; its connection is free for the next one.
  virtual void close() noexcept = 0;

  // Where the columns of a shape stand in this result; computed once for a prepared statement.
  const column_map& map_for(const row_shape& shape);

 protected:
  // For drivers, when the statement was prepared again and may have other columns.
  void forget_map() noexcept { mapped_ = nullptr; }

 private:
  const row_shape* mapped_ = nullptr;
  column_map map_;
};

class connection;

// The values that one statement is run with, run after run.
class FOREBAY_API parameter_batch {
 public:
  virtual ~parameter_batch();
  // Puts those of the next run into `values`, which still holds the last run's; false when there are no more. The runs
  // so far have changed so many rows. What the values view into lasts until the next call.
  virtual bool next(std::uint64_t changed, std::vector<parameter>& values) = 0;
};

// A statement under way: its rows for the layers above. Closes the statement when it goes, and reports it as an event.
// Errors carry the statement's text and the application's call site. Movable; one thread at a time; the connection and
// the operation outlive it.
class FOREBAY_API rows {
 public:
  rows(rows&& other) noexcept;
  rows& operator=(rows&&) = delete;
  ~rows();

  // False at the end.
  bool next();
  [[nodiscard]] std::span<const value> cells() const noexcept { return cells_; }
  [[nodiscard]] std::span<const std::string> columns() const { return result_->columns(); }
  // What the rows are going to be read into: a shape, by name, or so many cells by position. The first next() then
  // throws schema_mismatch when the result has other columns, whether it has rows or not: only then are they known,
  // because a prepared statement may meet a changed schema.
  void expect(const row_shape& shape) noexcept { expected_ = &shape; }
  void expect_columns(std::size_t count) noexcept { expected_count_ = count; }
  // Fills a struct from the current row; see read_row.
  void read(const row_shape& shape, void* row);
  // The same by position: the shape's columns stand side by side from `first` on.
  void read_at(const row_shape& shape, std::size_t first, void* row);
  // For rows without a shape: a cell goes where `out` points.
  void read_cell(std::size_t column, const field_operations& field, void* out);
  // For whoever does something slow with each row: throws deadline_exceeded, and cancelled.
  void check_time();
  // For whoever cannot go on with these rows: throws, with the statement and the call added.
  [[noreturn]] void fail(errc code, error_details why);
  // Goes to the end and tells how many rows were changed.
  std::uint64_t finish();
  [[nodiscard]] bool read_only() const { return result_ == nullptr || result_->read_only(); }
  // Of a batch: of the runs that have ended.
  [[nodiscard]] const write_effects& effects() const { return batch_ != nullptr ? effects_ : result_->effects(); }

 private:
  friend class connection;
  rows(const operation& op, const statement& what, connection& on, parameter_batch* batch = nullptr);
  std::span<const value> next_of_batch();
  void end_run();
  void check_columns();
  void count(std::span<const value> cells) noexcept;
  void report(const error* failure) noexcept;
  void link(connection& on) noexcept;
  void unlink() noexcept;
  // The transaction is rolled back by whoever was handed a row: there are no more.
  void break_off() noexcept;
  template <class Step>
  decltype(auto) guarded(Step step);

  const operation* operation_;
  statement statement_;
  connection* on_ = nullptr;  // null: moved from, or broken off
  rows* older_ = nullptr;     // what is under way on the connection, a list
  rows* newer_ = nullptr;
  result* result_ = nullptr;
  std::span<const value> cells_;
  const row_shape* expected_ = nullptr;
  std::size_t expected_count_ = 0;  // 0: any
  std::uint64_t row_count_ = 0;
  bool observed_;
  bool at_end_ = false;
  statement_event event_;
  // Of a batch only:
  parameter_batch* batch_ = nullptr;
  std::vector<parameter> bound_;
  std::uint64_t changes_ = 0;
  write_effects effects_{.known = true};
};

// What other processes have done to the database since they were last asked about on this connection.
enum class others_wrote : std::uint8_t { no, yes, unknown };

enum class transaction_mode : std::uint8_t { read_only, read_write };
enum class isolation_level : std::uint8_t {
  database_default,
  read_uncommitted,
  read_committed,
  repeatable_read,
  serializable
};

// A conversation with one database. A driver implements the do_ functions; everybody else calls the others. One thread
// at a time; what it returns must be gone before the connection is.
class FOREBAY_API connection {
 public:
  virtual ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // The last step of every read and write: starts a statement, at most until the operation's deadline.
  // Throws deadline_exceeded, cancelled, query_failed, constraint_violation, duplicate_key, database_busy,
  // schema_mismatch, connection_lost; each names the statement and the call.
  [[nodiscard]] rows run(const operation& op, const statement& what);
  // The same statement with the values of each of a batch (not with its own), one run after the other, as one event;
  // the rows are those of all runs. What failed runs leave behind is for a transaction or savepoint around it to undo.
  [[nodiscard]] rows run_many(const operation& op, const statement& what, parameter_batch& batch);

  // Throws invalid_option when the database has no such level in this mode.
  void begin(const operation& op, transaction_mode mode, isolation_level isolation = isolation_level::database_default);
  // The position of this commit. Throws commit_unknown when the answer is lost; after any other error nothing was
  // committed and rollback() is due.
  [[nodiscard]] position commit(const operation& op);
  // Ends the statements that are under way: their next() throws query_failed.
  void rollback() noexcept;
  [[nodiscard]] bool has_rows_under_way() const noexcept { return newest_rows_ != nullptr; }
  // Within a transaction; they nest. After a rollback that failed, the transaction can only be rolled back: statements
  // and commit() throw query_failed.
  void begin_savepoint(const operation& op);
  void release_savepoint(const operation& op);
  void rollback_savepoint(const operation& op);

  // Every commit at or before `asof` is visible to a statement that starts now.
  [[nodiscard]] virtual position asof() = 0;
  // No commit after `upto` is visible to a statement that has ended.
  [[nodiscard]] virtual position upto() = 0;
  // Asked every driver::watch_interval on a writing connection that is in no transaction; unknown at the first time.
  [[nodiscard]] virtual others_wrote ask_for_others(deadline) { return others_wrote::no; }
  // False when the conversation is in doubt: the pool closes such a connection instead of keeping it.
  [[nodiscard]] virtual bool usable() const noexcept = 0;
  // Something has failed since the last check() in a way that may have to do with the conversation itself: not by a
  // violated constraint, nor because of what was in the rows.
  [[nodiscard]] bool doubtful() const noexcept { return doubtful_; }
  // Asks the database, at most until then, whether the conversation still works.
  [[nodiscard]] bool check(deadline until) noexcept;
  [[nodiscard]] const std::string& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] const dialect& sql_dialect() const noexcept { return dialect_; }

 protected:
  connection(std::string endpoint, const dialect& sql);
  enum class savepoint_step : std::uint8_t { begin, release, rollback };

 private:
  friend class rows;  // which runs a batch
  // The result is this connection's and stays open until its close().
  virtual result& do_run(const statement& what, deadline until) = 0;
  virtual void do_begin(transaction_mode mode, isolation_level isolation, deadline until) = 0;
  virtual position do_commit(deadline until) = 0;
  virtual void do_rollback() noexcept = 0;
  // Release and rollback end the innermost savepoint.
  virtual void do_savepoint(savepoint_step step, deadline until) = 0;

  // May ask the server; throws what it likes. By default usable() is all that there is to ask.
  virtual bool do_check(deadline until);

  friend class rows;
  friend class forwarding_connection;
  template <class Step>
  decltype(auto) placed(const operation& op, Step step);
  void note_failure(errc code) noexcept;
  void check_undone() const;

  std::string endpoint_;
  rows* newest_rows_ = nullptr;
  bool doubtful_ = false;
  bool undo_failed_ = false;  // of a savepoint: what should be undone is still there
  const dialect& dialect_;
};

}  // namespace forebay
