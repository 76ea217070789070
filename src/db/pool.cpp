#include <forebay/db/pool.hpp>

#include <algorithm>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <forebay/error.hpp>

namespace forebay {

namespace {

// A caller in the queue. What it waited for is put here, under the pool's lock, before it is woken: a connection, or
// the permission to open one.
struct queued {
  enum class grant : std::uint8_t { none, ready, permission, closed };
  grant given = grant::none;
  std::unique_ptr<connection> what;
  std::unique_ptr<waiter> wait;
};

}  // namespace

struct pool::state {
  state(driver& d, connection_role r, pool_options o, bool f, runtime& t)
      : from(d), role(r), options(o), few(f), time(t) {}

  driver& from;
  const connection_role role;
  const pool_options options;
  const bool few;  // the database allows no more: waiting in line is waiting for its lock, and only the deadline counts
  runtime& time;

  mutable std::mutex mutex;
  std::vector<std::unique_ptr<connection>> idle;  // the warmest last
  std::deque<queued*> queue;
  pool_statistics numbers;
  bool closed = false;

  [[nodiscard]] lease open_one(pool& self, const operation& op);
  void serve_or_queue(queued& me);
  void wait_in_line(pool& self, queued& me, deadline until);
  void leave_line(queued& me) noexcept;
  void connection_is_gone() noexcept;
  [[noreturn]] void throw_closed(const operation& op) const;
  [[noreturn]] void throw_timeout(const operation& op, deadline until);
  void report(const operation& op, time_point began, bool timed_out) const;
};

namespace {

void check(const pool_options& o) {
  const auto refuse = [](const std::string& member, const std::string& range) {
    throw invalid_option({.message = "pool_options::" + member + " is outside its range", .fix = "choose " + range});
  };
  if (o.max_size < 1 || o.max_size > 10'000) refuse("max_size", "1 to 10,000 connections");
  if (o.acquire_limit < milliseconds(1) || o.acquire_limit > std::chrono::hours(1)) {
    refuse("acquire_limit", "1 ms to 1 h");
  }
}

}  // namespace

pool::pool(driver& from, connection_role role, pool_options options, runtime& time) {
  check(options);
  const bool few = from.max_connections(role) <= options.max_size;
  options.max_size = std::min(options.max_size, from.max_connections(role));
  state_ = std::make_unique<state>(from, role, options, few, time);
  state_->idle.reserve(options.max_size);  // giving a connection back must not fail
}

pool::~pool() { close(); }

lease pool::acquire(const operation& op) {
  state& s = *state_;
  check_deadline(op);
  const bool observed = op.events().active();
  const time_point began = s.time.now();
  const deadline until = s.few ? op.until() : op.until().no_later_than(began + s.options.acquire_limit);
  queued me;
  s.serve_or_queue(me);
  if (me.wait) s.wait_in_line(*this, me, until);
  if (observed) s.report(op, began, me.given == queued::grant::none);
  switch (me.given) {
    case queued::grant::ready: return {*this, std::move(me.what)};
    case queued::grant::permission: return s.open_one(*this, op);
    case queued::grant::closed: s.throw_closed(op);
    case queued::grant::none: break;
  }
  if (until.cancelled()) throw_cancelled(op);
  s.throw_timeout(op, until);
}

// Nobody overtakes: while somebody is in line, nothing is idle and no place is free.
void pool::state::serve_or_queue(queued& me) {
  const std::lock_guard guard(mutex);
  if (closed) {
    me.given = queued::grant::closed;
  } else if (!idle.empty()) {
    me.what = std::move(idle.back());
    idle.pop_back();
    me.given = queued::grant::ready;
    ++numbers.in_use;
  } else if (numbers.size < options.max_size) {
    me.given = queued::grant::permission;
    ++numbers.size;
    ++numbers.in_use;
  } else {
    me.wait = time.make_waiter();
    queue.push_back(&me);
    ++numbers.waiting;
  }
}

void pool::state::wait_in_line(pool& self, queued& me, deadline until) {
  try {
    time.reached("pool: in line");
    forebay::wait(*me.wait, until);
  } catch (...) {  // a runtime that cannot wait
    leave_line(me);
    if (me.given == queued::grant::ready) self.give_back(std::move(me.what));
    if (me.given == queued::grant::permission) connection_is_gone();
    throw;
  }
  leave_line(me);
  if (me.given == queued::grant::none && !until.cancelled()) {
    const std::lock_guard guard(mutex);
    ++numbers.timeouts;
  }
}

// Unless somebody has served us and taken us out already.
void pool::state::leave_line(queued& me) noexcept {
  const std::lock_guard guard(mutex);
  if (me.given != queued::grant::none) return;
  std::erase(queue, &me);
  --numbers.waiting;
}

lease pool::state::open_one(pool& self, const operation& op) {
  try {
    std::unique_ptr<connection> fresh = from.connect(role, op.until());
    {
      const std::lock_guard guard(mutex);
      ++numbers.opened;
    }
    return {self, std::move(fresh)};
  } catch (const error& e) {
    connection_is_gone();
    if (op.until().cancelled()) throw_cancelled(op);
    error_details d = e.details();
    d.where = op.where;
    throw_error(e.code(), std::move(d));
  } catch (...) {
    connection_is_gone();
    throw;
  }
}

// A place below max_size is free: the first in line may open a connection of its own.
void pool::state::connection_is_gone() noexcept {
  const std::lock_guard guard(mutex);
  if (queue.empty()) {
    --numbers.size;
    --numbers.in_use;
    return;
  }
  queued* first = queue.front();
  queue.pop_front();
  --numbers.waiting;
  first->given = queued::grant::permission;
  first->wait->wake();
}

void pool::give_back(std::unique_ptr<connection> c) noexcept {
  state& s = *state_;
  if (!c->usable()) {
    c.reset();
    return s.connection_is_gone();
  }
  {
    const std::lock_guard guard(s.mutex);
    if (!s.closed) {
      if (s.queue.empty()) {
        --s.numbers.in_use;
        s.idle.push_back(std::move(c));
        return;
      }
      queued* first = s.queue.front();
      s.queue.pop_front();
      --s.numbers.waiting;
      first->what = std::move(c);
      first->given = queued::grant::ready;
      first->wait->wake();
      return;
    }
    --s.numbers.size;
    --s.numbers.in_use;
  }
  c.reset();  // closed meanwhile: not under the lock
}

void pool::close() noexcept {
  std::vector<std::unique_ptr<connection>> closing;
  const std::lock_guard guard(state_->mutex);
  state_->closed = true;
  closing.swap(state_->idle);
  state_->numbers.size -= closing.size();
  for (queued* q : state_->queue) {
    q->given = queued::grant::closed;
    q->wait->wake();
  }
  state_->queue.clear();
  state_->numbers.waiting = 0;
}

pool_statistics pool::statistics() const {
  const std::lock_guard guard(state_->mutex);
  return state_->numbers;
}

std::string_view pool::endpoint() const noexcept { return state_->from.endpoint(); }

void pool::state::throw_closed(const operation& op) const {
  throw_error(errc::shut_down, {.message = std::string(op.name) + ": the database is shutting down",
                                .where = op.where,
                                .endpoint = std::string(from.endpoint())});
}

void pool::state::throw_timeout(const operation& op, deadline until) {
  pool_statistics now;
  {
    const std::lock_guard guard(mutex);
    now = numbers;
  }
  const bool session_is_out_of_time = until == op.until();
  throw pool_timeout(
      {.message = std::string(op.name) + ": no " + (role == connection_role::writer ? "writing" : "reading") +
                  " connection became free before " +
                  (session_is_out_of_time ? "the session's deadline" : "pool_options::acquire_limit") + " (" +
                  std::to_string(now.in_use) + " of " + std::to_string(options.max_size) + " in use, " +
                  std::to_string(now.waiting) + " more waiting)",
       .where = op.where,
       .session = op.in.name(),
       .endpoint = std::string(from.endpoint()),
       .fix = few ? "keep writing transactions short, and within one use the transaction, not its session: this "
                    "database has no more such connections"
                  : "hold connections for a shorter time, or raise pool_options::max_size",
       .retryable = true});
}

void pool::state::report(const operation& op, time_point began, bool timed_out) const {
  auto e = op.describe<pool_event>(began);
  e.endpoint = from.endpoint();
  e.waited = time.now() - began;
  e.timed_out = timed_out;
  {
    const std::lock_guard guard(mutex);
    e.in_use = numbers.in_use;
    e.size = numbers.size;
  }
  op.events().report(e);
}

lease::lease(pool& from, std::unique_ptr<connection> what) noexcept : pool_(&from), connection_(std::move(what)) {}
lease::lease(lease&& other) noexcept = default;
lease::~lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

}  // namespace forebay
