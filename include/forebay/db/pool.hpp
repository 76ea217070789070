#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <forebay/clock.hpp>
#include <forebay/context.hpp>
#include <forebay/db/driver.hpp>
#include <forebay/export.hpp>

namespace forebay {

struct pool_options {
  std::size_t max_size = 8;         // 1 to 10,000 connections; a driver may allow fewer (SQLite: one writer)
  milliseconds acquire_limit{250};  // 1 ms to 1 h; the session's deadline wins when it is sooner, and alone
                                    // counts where the driver allows fewer connections than max_size
};

struct pool_statistics {
  std::size_t size = 0;  // open or being opened
  std::size_t in_use = 0;
  std::size_t waiting = 0;
  std::uint64_t opened = 0;  // since the start
  std::uint64_t timeouts = 0;
};

class pool;

// A connection on loan. Goes back to its pool in the destructor. Movable; one thread at a time.
class FOREBAY_API lease {
 public:
  lease(lease&& other) noexcept;
  lease& operator=(lease&&) = delete;
  ~lease();

  [[nodiscard]] connection& operator*() const noexcept { return *connection_; }
  [[nodiscard]] connection* operator->() const noexcept { return connection_.get(); }

 private:
  friend class pool;
  lease(pool& from, std::unique_ptr<connection> what) noexcept;

  pool* pool_;
  std::unique_ptr<connection> connection_;
};

// Connections of one role to one database, handed out in the order in which they were asked for, opened when first
// needed.
//
// Thread-safe. Must outlive its leases. No lock is held while a connection is opened, closed or waited for.
class FOREBAY_API pool {
 public:
  // Opens nothing yet. Throws invalid_option, which names the member and its range.
  pool(driver& from, connection_role role, pool_options options, runtime& time);
  ~pool();
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  // An idle connection, a new one below max_size, or the wait for one, first come first served.
  // Throws pool_timeout (what() tells size, in use and waiting) when acquire_limit or the deadline comes first,
  // deadline_exceeded when the deadline has passed already, shut_down after close(), and what driver::connect throws.
  [[nodiscard]] lease acquire(const operation& op);

  // Ends every wait with shut_down and closes what is idle; later calls of acquire throw.
  void close() noexcept;
  [[nodiscard]] pool_statistics statistics() const;
  [[nodiscard]] std::string_view endpoint() const noexcept;

 private:
  friend class lease;
  void give_back(std::unique_ptr<connection> c) noexcept;
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace forebay
