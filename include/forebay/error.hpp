#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <forebay/call_site.hpp>
#include <forebay/export.hpp>

namespace forebay {

// What went wrong, for a switch. The classes below exist only where a caller would branch by catch.
enum class errc : std::uint8_t {
  invalid_option,          // an option, URL or argument that can never work
  no_driver,               // no driver is registered for the URL's scheme
  cannot_connect,          // the server or file cannot be opened
  connection_lost,         // an open connection died
  query_failed,            // the database refused the statement
  schema_mismatch,         // the rows or tables do not have the columns or types that the entity declares
  value_out_of_range,      // a value that the column or the database cannot hold
  constraint_violation,    // not-null, check or foreign key
  duplicate_key,           // primary key or unique constraint
  conflict,                // optimistic locking: the row has another version, or is gone
  database_busy,           // another writer held the database for the whole deadline
  deadline_exceeded,       // the session's time is up
  pool_timeout,            // no connection became free in time
  queue_full,              // pool_options::max_waiting callers wait for a connection already
  shut_down,               // the database object is being destroyed
  commit_unknown,          // COMMIT was sent and its answer never came
  not_found,               // an empty handle was dereferenced, or a scalar has no row
  too_many_rows,           // more than one row where at most one was asked for
  cancelled,               // the session was cancelled
  session_in_transaction,  // a call through the session past the transaction that this thread has open in it
  storage_full,            // the database has no room left on its disk
  read_only,               // a write in a read-only transaction, or to a database that may only be read
  serialization_failure,   // the database undid the transaction in favour of another; the whole may be tried again
  after_commit_failed,     // the transaction is committed; what after_commit was given threw
  invalid_cursor           // of a page: damaged, or of another query
};

FOREBAY_API std::string_view to_string(errc code) noexcept;

// Whether a failed write took effect.
enum class outcome : std::uint8_t { not_applied, applied, unknown };

// What an error knows. Text members never hold a bound value or a password.
struct error_details {
  std::string message{};    // one sentence: what happened, to what
  std::string statement{};  // the statement's text with its placeholders
  call_site where{};        // the application's call
  std::string session{};    // the name of the session that called
  std::string endpoint{};   // "sqlite:shop.db"
  std::string fix{};        // what the reader can do about it
  std::string sqlstate{};   // five characters where the database has them; the native code otherwise
  forebay::outcome outcome = forebay::outcome::not_applied;
  bool retryable = false;
};

// The root of everything that the library throws. what() is written for the person who reads it at night: the sentence,
// then a line each for statement, session, endpoint and fix, where known. Immutable.
class FOREBAY_API error : public std::runtime_error {
 public:
  error(errc code, error_details details);

  [[nodiscard]] errc code() const noexcept { return code_; }
  // The same call may succeed when it is tried again.
  [[nodiscard]] bool retryable() const noexcept { return details_.retryable; }
  [[nodiscard]] forebay::outcome outcome() const noexcept { return details_.outcome; }
  [[nodiscard]] const std::string& sqlstate() const noexcept { return details_.sqlstate; }
  [[nodiscard]] const std::string& endpoint() const noexcept { return details_.endpoint; }
  [[nodiscard]] const error_details& details() const noexcept { return details_; }

 private:
  errc code_;
  error_details details_;
};

// An error whose class tells its code.
template <errc Code>
class error_of : public error {
 public:
  explicit error_of(error_details details) : error(Code, static_cast<error_details&&>(details)) {}
};

using invalid_option = error_of<errc::invalid_option>;
using schema_mismatch = error_of<errc::schema_mismatch>;
using constraint_violation = error_of<errc::constraint_violation>;
using duplicate_key = error_of<errc::duplicate_key>;
using conflict = error_of<errc::conflict>;
using deadline_exceeded = error_of<errc::deadline_exceeded>;
using pool_timeout = error_of<errc::pool_timeout>;
using queue_full = error_of<errc::queue_full>;
using commit_unknown = error_of<errc::commit_unknown>;
using not_found = error_of<errc::not_found>;
using cancelled = error_of<errc::cancelled>;
using session_in_transaction = error_of<errc::session_in_transaction>;
using after_commit_failed = error_of<errc::after_commit_failed>;
using too_many_rows = error_of<errc::too_many_rows>;
using invalid_cursor = error_of<errc::invalid_cursor>;

// Throws the class that belongs to `code`; error itself where there is no class of its own.
[[noreturn]] FOREBAY_API void throw_error(errc code, error_details details);

}  // namespace forebay
