#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <forebay/call_site.hpp>
#include <forebay/clock.hpp>
#include <forebay/error.hpp>
#include <forebay/export.hpp>

namespace forebay {

// What every layer reports, as it happens. Views and pointers are valid during the observer's call only; call sites for
// ever. No event holds a bound value.
struct event {
  std::uint64_t session = 0;        // unique in the process; 0: work that belongs to no session
  std::string_view session_name;    // "GET /users"
  std::uint64_t operation = 0;      // the application's call; all events of one call share it
  std::string_view operation_name;  // "find", "query"
  call_site where;                  // the application's call
  time_point at{};                  // when it began
};

enum class statement_kind : std::uint8_t { query, change };

// A statement ran on a database.
struct statement_event : event {
  statement_kind kind = statement_kind::query;
  std::uint64_t fingerprint = 0;  // see fingerprint_of: whatever was bound, and whatever literals the text has
  std::string_view text;          // with its placeholders, free of values
  std::uint64_t parameters = 0;   // keyed hash of what was bound: tells repeats from variations, nothing else
  std::string_view table;         // of a statement made by a repository; empty for raw SQL
  std::string_view key_column;    // of a find: what an IN list would be made of
  nanoseconds execute{};          // until the first row or the end
  nanoseconds fetch{};            // further rows, decoding included
  std::uint64_t rows = 0;         // read, or changed
  std::uint64_t bytes = 0;        // text and bytes of the cells read
  std::string_view endpoint;
  bool failed = false;
  const error* failure = nullptr;  // where the failure was one of the library's errors
};

enum class cache_action : std::uint8_t { hit, negative_hit, miss, fill, fill_refused, too_large };

// The cache answered a key, or (fill, fill_refused, too_large) ended a load of one.
struct cache_event : event {
  cache_action action = cache_action::miss;
  std::string_view space;  // the entity's table, or the name of the cached value
  std::uint64_t key = 0;   // hash of the key
};

// A reader waited for another call's load of the same key.
struct flight_event : event {
  std::string_view space;
  std::uint64_t key = 0;
  bool failed = false;
  nanoseconds took{};
};

// A call asked for a connection, and got one, waited in vain, or was refused because the line was full.
struct pool_event : event {
  std::string_view endpoint;
  nanoseconds waited{};
  std::size_t in_use = 0;
  std::size_t size = 0;
  std::size_t waiting = 0;  // others in line
  bool timed_out = false;
  bool refused = false;
};

// A connection has been on loan for longer than pool_options::leak_after, to the call that this event names; or it is
// still out when the database goes. Reported once a lease, by whichever thread notices; without the session's name.
struct lease_event : event {
  std::string_view endpoint;
  nanoseconds held{};
  bool returned = false;  // it came back after all
};

enum class routing_reason : std::uint8_t { read, write };

struct routing_event : event {
  std::string_view endpoint;
  routing_reason reason = routing_reason::read;
};

enum class transaction_end : std::uint8_t { committed, rolled_back, unknown };

struct transaction_event : event {
  transaction_end end = transaction_end::committed;
  std::size_t attempt = 1;  // above 1: transact tries it again
  nanoseconds took{};
  std::string_view endpoint;
};

enum class wide_reason : std::uint8_t {
  key_not_named,      // neither its WHERE nor its RETURNING tells the keys
  rows_replaced,      // REPLACE, also in a schema's ON CONFLICT, deletes rows that nothing names
  trigger_or_action,  // a trigger or a foreign key's action wrote the table
  tables_not_known    // it may have written anything
};

// A statement that made every cached row of a table worthless, though it did not say that it would.
struct wide_write {
  std::string table;      // empty: of all tables
  std::string statement;  // with its placeholders
  call_site where;        // of the statement; the event's is that of the commit
  wide_reason reason = wide_reason::key_not_named;
};

// A commit reached the cache.
struct invalidation_event : event {
  std::size_t keys = 0;     // dropped one by one
  std::size_t tables = 0;   // dropped as a whole
  bool everything = false;  // a write whose tables are not known
  std::span<const wide_write> wide{};
};

// A session ended: nothing with its number follows.
struct session_event : event {
  nanoseconds took{};
};

// Receives the stream. Override what you want to see. Called on the thread that did the work, by several at once, under
// no lock of the library; must not throw and should not block.
class FOREBAY_API observer {
 public:
  virtual ~observer();
  virtual void on_statement(const statement_event&) noexcept;
  virtual void on_cache(const cache_event&) noexcept;
  virtual void on_flight(const flight_event&) noexcept;
  virtual void on_pool(const pool_event&) noexcept;
  virtual void on_lease(const lease_event&) noexcept;
  virtual void on_routing(const routing_event&) noexcept;
  virtual void on_transaction(const transaction_event&) noexcept;
  virtual void on_invalidation(const invalidation_event&) noexcept;
  virtual void on_session(const session_event&) noexcept;
};

// Hands events to its observers. Thread-safe. Without an observer, reporting costs the branch of active().
class FOREBAY_API event_stream {
 public:
  event_stream();
  ~event_stream();
  event_stream(const event_stream&) = delete;
  event_stream& operator=(const event_stream&) = delete;

  // Shared ownership: an observer may see an event that began before it was removed.
  void add(std::shared_ptr<observer> who);
  void remove(const observer& who);

  [[nodiscard]] bool active() const noexcept { return active_.load(std::memory_order_relaxed); }

  // Call only when active(), so that nobody fills in an event for nothing.
  template <class Event>
  void report(const Event& what) const noexcept;

 private:
  struct observers;
  std::atomic<bool> active_{false};
  std::unique_ptr<observers> observers_;
};

}  // namespace forebay
