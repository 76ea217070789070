#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <forebay/clock.hpp>
#include <forebay/context.hpp>
#include <forebay/export.hpp>

namespace forebay {

struct session_options {
  // From now on, for everything that the session does; default: database_options::session_deadline. At most a year,
  // whatever is given. Zero or less means that it has passed already: every call throws deadline_exceeded.
  std::optional<milliseconds> deadline{};
  std::string name{};      // for diagnostics: "GET /users"
  std::stop_token stop{};  // a stop requested there is a cancel() of the session; default: none
};

// One request: its deadline and its name in diagnostics. Passed to every call, never hidden in a thread-local. Several
// threads of the request may use it at once. Made by database::session; ends before its database: debug builds of the
// library check that when the database goes, and abort.
//
// While a transaction is open in it, the thread that began it reaches the database through the transaction: a call
// through the session throws session_in_transaction, which names both places, because it would neither see what the
// transaction wrote nor be undone with it. Where that is meant, `outside` says so. Other threads go on.
class FOREBAY_API session : public context {
 public:
  // For database, and for tests of lower layers, which have none.
  session(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t id, std::string name,
          forebay::deadline until, std::stop_token stop = {});
  ~session();

  // Ends every wait of this session's calls, statements under way included, with errc::cancelled, and refuses later
  // ones. An open transaction rolls back. From any thread; what has been committed stays.
  void cancel() noexcept;

  // The session beside its open transaction: users.find(s.outside(tx), 42) reads what is committed, by way of the
  // cache. Good as long as the transaction; the deadline is the session's. Throws invalid_option for a transaction of
  // another session. Writes through it take another connection: where the database has only one that writes (SQLite),
  // they throw session_in_transaction instead of waiting for themselves.
  [[nodiscard]] context& outside(transaction& tx);

 private:
  struct stop_by_token;
  time_point began_;
  forebay::database* of_;  // null only in tests of lower layers
  std::unique_ptr<stop_by_token> stop_by_token_;
};

}  // namespace forebay
