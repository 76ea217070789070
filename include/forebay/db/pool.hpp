#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <forebay/clock.hpp>
#include <forebay/context.hpp>
#include <forebay/db/driver.hpp>
#include <forebay/event.hpp>
#include <forebay/export.hpp>

namespace forebay {

// Of each role's pool. Checked when the database is made: invalid_option names the member and its range.
struct pool_options {
  std::size_t max_size = 8;          // 1 to 10,000 connections; a driver may allow fewer (SQLite: one writer)
  std::size_t min_size = 0;          // 0 to max_size; so many are kept open from the first use on, by a thread of the
                                     // pool's own
  std::size_t max_waiting = 1'000;   // 0 to 1,000,000 callers in line; one more fails at once with queue_full
  milliseconds acquire_limit{250};   // 1 ms to 1 h in line; the session's deadline wins when it is sooner, and alone
                                     // counts where the driver allows fewer connections than max_size
  milliseconds max_life{1'800'000};  // 0 (for ever), or 1 s to 30 days: half an hour. Less up to 10% at random, so
                                     // that a fleet does not reconnect at once; a connection on loan comes back first
  milliseconds idle_close{0};        // 0 (never), or 1 ms to 30 days unused; down to min_size, by the pool's own thread
  milliseconds leak_after{60'000};   // 0 (never), or 1 ms to 1 day on loan: then a lease_event, and in statistics
  milliseconds shutdown_timeout{5'000};  // 0 to 1 h; how long the destructor waits for leases
  std::uint64_t seed = 0;                // of the randomness of max_life; 0: another one in every process
};

// Counts are since the start.
struct pool_statistics {
  std::size_t size = 0;  // idle, in use, or being opened
  std::size_t idle = 0;
  std::size_t in_use = 0;  // on loan, or being opened for a caller
  std::size_t waiting = 0;
  std::uint64_t opened = 0;
  std::uint64_t failed_to_open = 0;
  std::uint64_t closed_broken = 0;   // not usable when it came back, or a check failed
  std::uint64_t closed_expired = 0;  // max_life
  std::uint64_t closed_idle = 0;     // idle_close
  std::uint64_t closed_at_end = 0;   // by close(), drain() and the destructor
  std::uint64_t acquired = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t refused = 0;  // queue_full
  std::uint64_t leaks = 0;    // leases held longer than leak_after
  nanoseconds wait_total{};   // in line, timeouts included
  nanoseconds wait_max{};
  nanoseconds longest_lease{};  // of those that came back and those that are out
};

class pool;

namespace detail {
class pool_state;
struct pool_place;
}  // namespace detail

// A connection on loan. Goes back to its pool in the destructor. Movable; one thread at a time.
class FOREBAY_API lease {
 public:
  lease(lease&& other) noexcept;
  lease& operator=(lease&&) = delete;
  ~lease();

  [[nodiscard]] connection& operator*() const noexcept { return *connection_; }
  [[nodiscard]] connection* operator->() const noexcept { return connection_; }

 private:
  friend class pool;
  lease(detail::pool_state& from, detail::pool_place& place, connection& what) noexcept;

  detail::pool_state* from_;
  detail::pool_place* place_;
  connection* connection_;  // null: moved from
};

// Connections of one role to one database, handed out in the order in which they were asked for, opened when first
// needed; the one that was used last is lent first. One on which something failed is asked whether it still works
// before it is lent again, by the caller who gets it and within his deadline.
//
// Thread-safe. Outlives its leases: its destructor waits for them, at most options.shutdown_timeout, unless drain() has
// done so in vain. A lease that is out even then may only be destroyed, which closes its connection. No lock is held
// while a connection is opened, closed, checked or waited for.
class FOREBAY_API pool {
 public:
  // Opens nothing yet. Throws invalid_option, which names the member and its range.
  pool(std::shared_ptr<driver> from, connection_role role, const pool_options& options, runtime& time,
       event_stream& events);
  ~pool();
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  // An idle connection, a new one below max_size, or the wait for one, first come first served.
  // Throws pool_timeout (what() tells size, in use, waiting, and the oldest lease: who took it, where, how long ago)
  // when acquire_limit or the deadline comes first, queue_full when max_waiting callers are in line, deadline_exceeded
  // when the deadline has passed already, cancelled, shut_down after close() and drain(), and what driver::connect
  // throws.
  [[nodiscard]] lease acquire(const operation& op);

  // The same without a wait in line: none where acquire would wait. Reports nothing.
  [[nodiscard]] std::optional<lease> try_acquire(const operation& op);

  // Ends every wait with shut_down, as does every later acquire; waits for the leases that are out, at most until then,
  // and closes their connections as they come back. True when all came back. May be called again, with more time.
  bool drain(time_point until);
  // The same without waiting.
  void close() noexcept;
  [[nodiscard]] pool_statistics statistics() const;
  [[nodiscard]] std::string_view endpoint() const noexcept;

 private:
  std::unique_ptr<detail::pool_state> state_;
};

}  // namespace forebay
