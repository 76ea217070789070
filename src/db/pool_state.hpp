#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include <forebay/db/pool.hpp>

namespace forebay::detail {

// A place for one connection; empty while one is opened for it, or just closed. Members other than `what` and `expires`
// are guarded by the pool's lock; those two belong to whoever has the place on loan.
struct pool_place {
  enum class use : std::uint8_t { idle, on_loan, upkeep };  // upkeep: being opened or closed for nobody's call

  std::unique_ptr<connection> what;
  time_point expires{};
  std::size_t index = 0;  // in pool_state::places_
  use used_for = use::upkeep;
  time_point since{};  // idle or on loan
  bool leak_reported = false;
  // Of a loan: the call that took it.
  const char* taken_by = "";
  call_site where;
  std::uint64_t session = 0;
  std::uint64_t operation = 0;
};

// A caller in line. What it waited for is put here, under the pool's lock, before it is woken.
struct pool_caller {
  enum class answer : std::uint8_t { none, place, closed, queue_full };

  explicit pool_caller(const operation& o) : op(o) {}

  const operation& op;
  answer given = answer::none;
  pool_place* place = nullptr;  // with a connection, or empty: the permission to open one
  std::unique_ptr<waiter> wait;
};

class pool_state {
 public:
  pool_state(std::shared_ptr<driver> from, connection_role role, const pool_options& options, runtime& time,
             event_stream& events);

  // In the order in which acquire takes these steps.
  void start_upkeep();
  void serve_or_queue(pool_caller& me, time_point now);
  // Or not at all.
  void serve_at_once(pool_caller& me, time_point now);
  void wait_in_line(pool_caller& me, time_point began, deadline until);
  [[nodiscard]] connection& make_ready(pool_place& p, const operation& op, time_point now);
  void report(const pool_caller& me, time_point began) const;

  void give_back(pool_place& p) noexcept;
  // Of leases that are out for so long, each once.
  void report_leases(time_point now, nanoseconds out_for) noexcept;
  // Ends every wait, and closes what is idle. What is out is closed as it comes back.
  void close() noexcept;
  // True when every place is gone before `until`.
  [[nodiscard]] bool wait_for_leases(time_point until);
  [[nodiscard]] bool waited_in_vain() const;
  // The pool goes and leases are still out: the last of them deletes this.
  void orphan() noexcept;

  [[nodiscard]] pool_statistics statistics() const;
  [[nodiscard]] deadline line_limit(const operation& op, time_point now) const;
  [[noreturn]] void throw_closed(const operation& op) const;
  [[noreturn]] void throw_queue_full(const operation& op) const;
  [[noreturn]] void throw_timeout(const operation& op, deadline until) const;
  [[nodiscard]] const driver& server() const noexcept { return *from_; }
  [[nodiscard]] const pool_options& options() const noexcept { return options_; }
  [[nodiscard]] runtime& time() const noexcept { return time_; }

 private:
  using use = pool_place::use;

  // These expect the lock to be held.
  [[nodiscard]] pool_place& add_place();
  [[nodiscard]] pool_place* free_place();
  void remove_place(pool_place& p) noexcept;
  void lend(pool_place& p, const operation& op, time_point now) noexcept;
  void lend_to_first_in_line(pool_place& p, time_point now) noexcept;
  void keep(pool_place& p, time_point now) noexcept;
  [[nodiscard]] time_point end_of_life(time_point opened) noexcept;
  [[nodiscard]] const pool_place* oldest_lease() const noexcept;
  [[nodiscard]] lease_event note_leak(pool_place& p, time_point now, bool returned) noexcept;

  void leave_line(pool_caller& me, time_point began, deadline until) noexcept;
  void open(pool_place& p, const operation& op);
  void install(pool_place& p, std::unique_ptr<connection> fresh) noexcept;
  [[nodiscard]] bool is_closed() const;
  void keep_unless_closed(pool_place& p, time_point now) noexcept;
  void report_late_return(pool_place& p, time_point now) noexcept;
  // The connection of `p` is gone, or never came: the first in line may open one in its place.
  void vacate(pool_place& p) noexcept;
  void count(std::uint64_t pool_statistics::*what) noexcept;

  // The pool's own thread.
  void keep_up() noexcept;
  [[nodiscard]] bool open_up_to_minimum();
  [[nodiscard]] time_point close_unused(time_point now);

  const std::shared_ptr<driver> from_;
  const connection_role role_;
  const pool_options options_;
  const bool
      few_;  // the database allows no more: waiting in line is waiting for its lock, and only the deadline counts
  runtime& time_;
  event_stream& events_;

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<pool_place>> places_;
  std::vector<pool_place*> idle_;  // the warmest last
  std::deque<pool_caller*> line_;
  std::vector<waiter*> waiting_for_leases_;
  pool_statistics numbers_;
  time_point next_look_for_leaks_{};
  std::uint64_t random_;
  bool closed_ = false;
  bool waited_in_vain_ = false;
  bool orphaned_ = false;

  std::unique_ptr<waiter> upkeep_wake_;
  std::mutex upkeep_mutex_;  // guards the next
  std::unique_ptr<background_job> upkeep_;
};

}  // namespace forebay::detail
