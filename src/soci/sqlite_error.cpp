#include "sqlite_error.hpp"

#include <sqlite3.h>

#include <string_view>

#include <forebay/error.hpp>

namespace forebay::soci {

namespace {

constexpr int primary_code(int extended) noexcept { return extended & 0xff; }

errc classify_constraint(int extended) noexcept {
  switch (extended) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID: return errc::duplicate_key;
    case SQLITE_CONSTRAINT_DATATYPE: return errc::schema_mismatch;
    default: return errc::constraint_violation;
  }
}

bool names_something_missing(std::string_view message) noexcept {
  return message.starts_with("no such table") || message.starts_with("no such column") ||
         message.find("has no column named") != std::string_view::npos;
}

constexpr std::string_view integer_overflow = "integer overflow";  // of sum() and abs()

errc classify(int extended, std::string_view message) noexcept {
  switch (primary_code(extended)) {
    case SQLITE_CONSTRAINT: return classify_constraint(extended);
    case SQLITE_MISMATCH: return errc::schema_mismatch;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return errc::database_busy;
    case SQLITE_INTERRUPT: return errc::deadline_exceeded;
    case SQLITE_READONLY: return errc::read_only;
    case SQLITE_FULL: return errc::storage_full;
    case SQLITE_TOOBIG:
    case SQLITE_RANGE: return errc::value_out_of_range;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_PERM: return errc::cannot_connect;
    case SQLITE_ERROR:
      if (message == integer_overflow) return errc::value_out_of_range;
      return names_something_missing(message) ? errc::schema_mismatch : errc::query_failed;
    default: return errc::query_failed;
  }
}

// Codes whose message is SQLite's own wording about the schema or the state of things.
bool never_quotes_values(int extended) noexcept {
  switch (primary_code(extended)) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_TOOBIG: return true;
    default: return false;
  }
}

std::string message_of(sqlite3* handle, int extended, message_source source) {
  switch (primary_code(extended)) {
    case SQLITE_INTERRUPT: return "the statement was still running at the session's deadline";
    case SQLITE_AUTH:
      return "raw SQL cannot begin or end a transaction: the cache would not hear of it; use begin() or transact()";
    default: break;
  }
  const std::string_view message = sqlite3_errmsg(handle);
  if (source == message_source::text_only || never_quotes_values(extended) || message == integer_overflow) {
    return std::string(message);
  }
  return std::string(sqlite3_errstr(extended)) +
         " while the statement ran (SQLite's own message may quote a bound value)";
}

std::string fix_for(errc code) {
  switch (code) {
    case errc::schema_mismatch: return "make the declared names and types agree with the schema, or migrate the schema";
    case errc::database_busy: return "keep writing transactions short; another one held the lock all the time";
    case errc::read_only: return "check that file and folder may be written, and that the URL does not say mode=ro";
    case errc::storage_full: return "make room on the disk; what was committed is safe";
    case errc::deadline_exceeded: return "give the session more time, or make the statement cheaper";
    default: return {};
  }
}

}  // namespace

void throw_sqlite_error(sqlite3* handle, int result_code, message_source source, outcome what_happened) {
  // An adopted handle may give plain codes.
  const int extended = sqlite3_extended_errcode(handle);
  if (primary_code(extended) == result_code) result_code = extended;
  const std::string message = message_of(handle, result_code, source);
  const errc code = classify(result_code, message);
  throw_error(code, {.message = message,
                     .fix = fix_for(code),
                     .sqlstate = std::to_string(result_code),
                     .outcome = what_happened,
                     .retryable = code == errc::database_busy});
}

}  // namespace forebay::soci
