#include <forebay/error.hpp>

#include <string>
#include <utility>

namespace forebay {

namespace {

std::string compose(errc code, const error_details& d) {
  std::string text = "forebay::" + std::string(to_string(code)) + ": " + d.message;
  const auto line = [&text](const char* label, const std::string& content) {
    if (!content.empty()) text += "\n  " + (label + content);
  };
  const bool placed = d.where.line != 0;
  if (!d.statement.empty()) {
    line("statement  ", d.statement + (placed ? "   (" + to_string(d.where) + ")" : ""));
  } else if (placed) {
    line("called at  ", to_string(d.where));
  }
  line("session    ", d.session.empty() ? std::string() : "\"" + d.session + "\"");
  line("on         ", d.endpoint);
  line("fix        ", d.fix);
  return text;
}

}  // namespace

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::invalid_option: return "invalid_option";
    case errc::no_driver: return "no_driver";
    case errc::cannot_connect: return "cannot_connect";
    case errc::connection_lost: return "connection_lost";
    case errc::query_failed: return "query_failed";
    case errc::schema_mismatch: return "schema_mismatch";
    case errc::value_out_of_range: return "value_out_of_range";
    case errc::constraint_violation: return "constraint_violation";
    case errc::duplicate_key: return "duplicate_key";
    case errc::conflict: return "conflict";
    case errc::database_busy: return "database_busy";
    case errc::deadline_exceeded: return "deadline_exceeded";
    case errc::pool_timeout: return "pool_timeout";
    case errc::queue_full: return "queue_full";
    case errc::shut_down: return "shut_down";
    case errc::commit_unknown: return "commit_unknown";
    case errc::not_found: return "not_found";
    case errc::too_many_rows: return "too_many_rows";
    case errc::cancelled: return "cancelled";
    case errc::session_in_transaction: return "session_in_transaction";
    case errc::storage_full: return "storage_full";
    case errc::read_only: return "read_only";
    case errc::serialization_failure: return "serialization_failure";
    case errc::after_commit_failed: return "after_commit_failed";
    case errc::invalid_cursor: return "invalid_cursor";
  }
  return "unknown";
}

error::error(errc code, error_details details)
    : std::runtime_error(compose(code, details)), code_(code), details_(std::move(details)) {}

void throw_error(errc code, error_details d) {
  switch (code) {
    case errc::invalid_option: throw invalid_option(std::move(d));
    case errc::schema_mismatch: throw schema_mismatch(std::move(d));
    case errc::constraint_violation: throw constraint_violation(std::move(d));
    case errc::duplicate_key: throw duplicate_key(std::move(d));
    case errc::conflict: throw conflict(std::move(d));
    case errc::deadline_exceeded: throw deadline_exceeded(std::move(d));
    case errc::pool_timeout: throw pool_timeout(std::move(d));
    case errc::queue_full: throw queue_full(std::move(d));
    case errc::commit_unknown: throw commit_unknown(std::move(d));
    case errc::not_found: throw not_found(std::move(d));
    case errc::too_many_rows: throw too_many_rows(std::move(d));
    case errc::cancelled: throw cancelled(std::move(d));
    case errc::session_in_transaction: throw session_in_transaction(std::move(d));
    case errc::after_commit_failed: throw after_commit_failed(std::move(d));
    case errc::invalid_cursor: throw invalid_cursor(std::move(d));
    case errc::no_driver:
    case errc::cannot_connect:
    case errc::connection_lost:
    case errc::query_failed:
    case errc::value_out_of_range:
    case errc::database_busy:
    case errc::storage_full:
    case errc::read_only:
    case errc::serialization_failure:
    case errc::shut_down: break;
  }
  throw error(code, std::move(d));
}

}  // namespace forebay
