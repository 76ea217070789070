#include "sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include <forebay/error.hpp>

#include "sqlite_error.hpp"
#include "sqlite_list.hpp"

namespace forebay::soci {

sqlite_statement& sqlite_statement_cache::get(const statement& what) {
  const auto [first, last] = by_fingerprint_.equal_range(what.text_hash);
  for (auto i = first; i != last; ++i) {
    sqlite_statement& known = *i->second->prepared;
    if (known.is_open() || !known.fits(what)) continue;
    by_use_.splice(by_use_.begin(), by_use_, i->second);
    return known;
  }
  if (by_use_.size() >= capacity_) drop_oldest();
  by_use_.push_front(
      {what.text_hash, std::make_unique<sqlite_statement>(handle_, commits_, recorder_, sqlite_dialect, what)});
  by_fingerprint_.emplace(what.text_hash, by_use_.begin());
  return *by_use_.front().prepared;
}

void sqlite_statement_cache::drop_oldest() {
  const auto oldest =
      std::find_if(by_use_.rbegin(), by_use_.rend(), [](const entry& e) { return !e.prepared->is_open(); });
  if (oldest == by_use_.rend()) return;
  const auto place = std::prev(oldest.base());
  const auto [first, last] = by_fingerprint_.equal_range(place->fingerprint);
  by_fingerprint_.erase(std::find_if(first, last, [place](const auto& known) { return known.second == place; }));
  by_use_.erase(place);
}

sqlite_connection::sqlite_connection(sqlite_session open, std::string endpoint, const sqlite_place& place,
                                     connection_role role, sqlite_commits& commits, runtime& time, deadline until)
    : connection(std::move(endpoint), sqlite_dialect),
      session_(std::move(open)),
      commits_(commits),
      time_(time),
      until_(until),
      statements_(session_.handle(), commits, recorder_, place.statements) {
  sqlite3* handle = session_.handle();
  if (!session_.is_adopted()) sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_handler(handle, &wait_for_lock, this);
  constexpr int instructions_between_checks = 2000;
  sqlite3_progress_handler(handle, instructions_between_checks, &still_in_time, this);
  sqlite3_set_authorizer(handle, &authorize, this);
  try {
    register_sqlite_list(handle);
    if (!session_.is_adopted()) configure(place, role);
  } catch (const error& e) {
    error_details d = e.details();
    d.endpoint = this->endpoint();
    throw_error(e.code() == errc::query_failed ? errc::cannot_connect : e.code(), std::move(d));
  }
}

sqlite_connection::~sqlite_connection() {
  until_ = deadline(time_point());  // the session of the last call is gone, and nothing here may wait
  do_rollback();
  if (!session_.is_adopted()) return;
  sqlite3_busy_handler(session_.handle(), nullptr, nullptr);
  sqlite3_progress_handler(session_.handle(), 0, nullptr, nullptr);
  sqlite3_set_authorizer(session_.handle(), nullptr, nullptr);
  remove_sqlite_list(session_.handle());
}

void sqlite_connection::configure(const sqlite_place& place, connection_role role) {
  // Otherwise a misspelt column in double quotes is a text, and every row would hold it.
  sqlite3_db_config(session_.handle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(session_.handle(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  if (!place.in_memory && place.access != sqlite_access::read_only) write_ahead();
  execute("pragma foreign_keys = on");
  if (role == connection_role::reader || place.access == sqlite_access::read_only) execute("pragma query_only = on");
}

// Readers would keep the writer waiting, and it them, in any other mode.
void sqlite_connection::write_ahead() {
  const std::string mode = ask("pragma journal_mode = wal");
  if (mode == "wal") return;
  throw_error(errc::cannot_connect,
              {.message = "the file cannot be put into write-ahead mode: it stays in mode \"" + mode + "\"",
               .fix = "keep it on a file system with shared memory (no network file system), in a folder that may be "
                      "written; or open it with mode=ro"});
}

// "PRAGMA data_version" tells the commits of others from this connection's own.
others_wrote sqlite_connection::ask_for_others(deadline until) {
  until_ = until;
  const std::string before = std::exchange(data_version_, ask("pragma data_version"));
  if (before.empty()) return others_wrote::unknown;
  return before == data_version_ ? others_wrote::no : others_wrote::yes;
}

// A rollback that failed, or a COMMIT whose fate is unknown: the pool closes this connection.
bool sqlite_connection::usable() const noexcept {
  return !in_doubt_ && !in_transaction_ && sqlite3_get_autocommit(session_.handle()) != 0;
}

void sqlite_connection::execute(const char* text) {
  const int rc = sqlite3_exec(session_.handle(), text, nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) throw_sqlite_error(session_.handle(), rc);
}

// The one cell of the answer.
std::string sqlite_connection::ask(const char* question) {
  std::string answer;
  const auto take = [](void* out, int, char** cells, char**) {
    *static_cast<std::string*>(out) = cells[0] == nullptr ? "" : cells[0];
    return 0;
  };
  const int rc = sqlite3_exec(session_.handle(), question, take, &answer, nullptr);
  if (rc != SQLITE_OK) throw_sqlite_error(session_.handle(), rc);
  return answer;
}

// After some errors SQLite rolls the whole transaction back by itself. What the application goes on to do in it would
// each be committed alone.
void sqlite_connection::check_transaction_is_alive() {
  transaction_lost_ = transaction_lost_ || (in_transaction_ && sqlite3_get_autocommit(session_.handle()) != 0);
  if (!transaction_lost_) return;
  throw_error(errc::query_failed,
              {.message = "the database has rolled the transaction back after an earlier error; nothing "
                          "more can be done in it",
               .fix = "let the first error end the transaction"});
}

sqlite_statement& sqlite_connection::prepared(const statement& what) {
  struct compiling {
    explicit compiling(bool& f) : flag(f) { flag = true; }
    ~compiling() { flag = false; }
    bool& flag;
  } const now(compiling_);
  return statements_.get(what);
}

result& sqlite_connection::do_run(const statement& what, deadline until) {
  check_transaction_is_alive();
  until_ = until;
  sqlite_statement& s = prepared(what);
  try {
    s.open(what.parameters);
  } catch (...) {
    s.close();
    throw;
  }
  return s;
}

// SQLite runs every transaction as if it were alone, which is more than any level asks for.
void sqlite_connection::do_begin(transaction_mode mode, isolation_level, deadline until) {
  until_ = until;
  // IMMEDIATE: a transaction that starts by reading and then writes would get SQLITE_BUSY_SNAPSHOT, which no wait
  // cures.
  execute(mode == transaction_mode::read_write ? "begin immediate" : "begin");
  in_transaction_ = true;
}

position sqlite_connection::do_commit(deadline until) {
  until_ = until;
  check_transaction_is_alive();
  commits_.begin();
  const int rc = sqlite3_exec(session_.handle(), "commit", nullptr, nullptr, nullptr);
  commits_.end();
  if (rc == SQLITE_OK) {
    in_transaction_ = false;
    return commits_.asof();
  }
  if ((rc & 0xff) == SQLITE_IOERR) {
    // Some of it may be on the disk and come back when the log is next read.
    in_doubt_ = true;
    throw commit_unknown({.message = std::string("COMMIT failed while writing: ") + sqlite3_errmsg(session_.handle()),
                          .sqlstate = std::to_string(rc),
                          .outcome = outcome::unknown});
  }
  throw_sqlite_error(session_.handle(), rc);
}

void sqlite_connection::do_rollback() noexcept {
  transaction_lost_ = false;
  if (!std::exchange(in_transaction_, false)) return;
  if (sqlite3_get_autocommit(session_.handle()) != 0) return;  // the database did it already
  sqlite3_exec(session_.handle(), "rollback", nullptr, nullptr, nullptr);
}

void sqlite_connection::do_savepoint(savepoint_step step, deadline until) {
  until_ = until;
  check_transaction_is_alive();  // a savepoint outside a transaction is a transaction, and its release a COMMIT
  // One name for all: they nest, and the innermost is meant.
  switch (step) {
    case savepoint_step::begin: return execute("savepoint forebay");
    case savepoint_step::release: return execute("release forebay");
    case savepoint_step::rollback: return execute("rollback to forebay; release forebay");
  }
}

// A COMMIT that the application wrote itself would be one that the cache never hears of. What SQLite begins by itself
// while a statement runs (VACUUM) is fine.
int sqlite_connection::authorize(void* self, int action, const char* table, const char*, const char* database,
                                 const char* trigger) noexcept {
  auto& c = *static_cast<sqlite_connection*>(self);
  c.recorder_.note(action, table, database, trigger);
  const bool ends_or_begins = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT;
  return ends_or_begins && c.compiling_ ? SQLITE_DENY : SQLITE_OK;
}

int sqlite_connection::still_in_time(void* self) noexcept {
  const auto& c = *static_cast<sqlite_connection*>(self);
  return c.until_.passed(c.time_.coarse_now()) ? 1 : 0;
}

// Called again and again while another connection holds the lock. SQLite cannot wake us, so this polls.
int sqlite_connection::wait_for_lock(void* self, int tries) noexcept try {
  const auto& c = *static_cast<sqlite_connection*>(self);
  const time_point now = c.time_.now();
  if (c.until_.passed(now)) return 0;
  const milliseconds pause(std::min(1 << std::min(tries, 4), 10));
  c.time_.sleep_until(now + pause, c.until_);
  return 1;
} catch (...) {  // no memory to wait with: SQLite says that it is busy
  return 0;
}

}  // namespace forebay::soci
