#include "pool_state.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <forebay/error.hpp>

#include "process_key.hpp"

namespace forebay::detail {

namespace {

pool_options within(const pool_options& o, std::size_t allowed) {
  pool_options of_this = o;
  of_this.max_size = std::min(o.max_size, allowed);
  of_this.min_size = std::min(o.min_size, allowed);
  return of_this;
}

}  // namespace

pool_state::pool_state(std::shared_ptr<driver> from, connection_role role, const pool_options& options, runtime& time,
                       event_stream& events)
    : from_(std::move(from)),
      role_(role),
      options_(within(options, from_->max_connections(role))),
      few_(from_->max_connections(role) <= options.max_size),
      time_(time),
      events_(events),
      random_(options.seed != 0 ? options.seed : process_key() ^ reinterpret_cast<std::uintptr_t>(this)) {
  places_.reserve(options_.max_size);
  idle_.reserve(options_.max_size);  // giving a connection back must not fail
  if (options_.leak_after > milliseconds(0)) next_look_for_leaks_ = time_.now() + options_.leak_after;
}

deadline pool_state::line_limit(const operation& op, time_point now) const {
  return few_ ? op.until() : op.until().no_later_than(now + options_.acquire_limit);
}

// Nobody overtakes: while somebody is in line, nothing is idle and no place is free.
pool_place* pool_state::free_place() {
  if (!idle_.empty()) {
    pool_place* const warmest = idle_.back();
    idle_.pop_back();
    return warmest;
  }
  return places_.size() < options_.max_size ? &add_place() : nullptr;
}

void pool_state::serve_at_once(pool_caller& me, time_point now) {
  const std::lock_guard guard(mutex_);
  if (closed_) return;
  me.place = free_place();
  if (me.place == nullptr) return;
  me.given = pool_caller::answer::place;
  lend(*me.place, me.op, now);
}

void pool_state::serve_or_queue(pool_caller& me, time_point now) {
  bool look_for_leaks = false;
  {
    const std::lock_guard guard(mutex_);
    look_for_leaks = options_.leak_after > milliseconds(0) && now >= next_look_for_leaks_;
    if (closed_) {
      me.given = pool_caller::answer::closed;
    } else if (pool_place* const free = free_place()) {
      me.place = free;
    } else if (line_.size() < options_.max_waiting) {
      me.wait = time_.make_waiter();
      line_.push_back(&me);
    } else {
      me.given = pool_caller::answer::queue_full;
      ++numbers_.refused;
    }
    if (me.place != nullptr) {
      me.given = pool_caller::answer::place;
      lend(*me.place, me.op, now);
    }
  }
  if (look_for_leaks) report_leases(now, options_.leak_after);
}

void pool_state::wait_in_line(pool_caller& me, time_point began, deadline until) {
  try {
    time_.reached("pool: in line");
    forebay::wait(*me.wait, until);
    time_.reached("pool: waited");
  } catch (...) {  // a runtime that cannot wait
    leave_line(me, began, until);
    if (me.given != pool_caller::answer::place) throw;
    me.place->what ? give_back(*me.place) : vacate(*me.place);
    throw;
  }
  leave_line(me, began, until);
}

// Unless somebody has served us and taken us out already.
void pool_state::leave_line(pool_caller& me, time_point began, deadline until) noexcept {
  const nanoseconds waited = time_.now() - began;
  const std::lock_guard guard(mutex_);
  numbers_.wait_total += waited;
  numbers_.wait_max = std::max(numbers_.wait_max, waited);
  if (me.given != pool_caller::answer::none) return;
  std::erase(line_, &me);
  if (!until.cancelled()) ++numbers_.timeouts;
}

connection& pool_state::make_ready(pool_place& p, const operation& op, time_point now) {
  if (p.what && now >= p.expires) {
    p.what.reset();
    count(&pool_statistics::closed_expired);
  }
  if (p.what && p.what->doubtful()) {
    time_.reached("pool: checking");
    if (!p.what->check(op.until())) {
      p.what.reset();
      count(&pool_statistics::closed_broken);
    }
  }
  if (!p.what) open(p, op);
  return *p.what;
}

void pool_state::open(pool_place& p, const operation& op) {
  std::unique_ptr<connection> fresh;
  try {
    time_.reached("pool: connecting");
    fresh = from_->connect(role_, op.until());
    time_.reached("pool: connected");
  } catch (const error& e) {
    count(&pool_statistics::failed_to_open);
    vacate(p);
    if (op.until().cancelled()) throw_cancelled(op);
    error_details d = e.details();
    d.where = op.where;
    throw_error(e.code(), std::move(d));
  } catch (...) {
    count(&pool_statistics::failed_to_open);
    vacate(p);
    throw;
  }
  install(p, std::move(fresh));
  if (!is_closed()) return;
  give_back(p);
  throw_closed(op);
}

void pool_state::install(pool_place& p, std::unique_ptr<connection> fresh) noexcept {
  p.what = std::move(fresh);
  const time_point now = time_.now();
  const std::lock_guard guard(mutex_);
  ++numbers_.opened;
  p.expires = end_of_life(now);
}

bool pool_state::is_closed() const {
  const std::lock_guard guard(mutex_);
  return closed_;
}

time_point pool_state::end_of_life(time_point opened) noexcept {
  if (options_.max_life == milliseconds(0)) return time_point::max();
  // splitmix64
  std::uint64_t z = random_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  const nanoseconds most_less = nanoseconds(options_.max_life) / 10;
  return opened + options_.max_life - nanoseconds((z ^ (z >> 31)) % static_cast<std::uint64_t>(most_less.count()));
}

void pool_state::give_back(pool_place& p) noexcept {
  const time_point now = std::max(time_.coarse_now(), p.since);  // a coarse clock may be behind
  report_late_return(p, now);
  keep_unless_closed(p, now);
}

void pool_state::keep_unless_closed(pool_place& p, time_point now) noexcept {
  const bool broken = !p.what->usable();
  {
    const std::lock_guard guard(mutex_);
    if (p.used_for == use::on_loan) {
      numbers_.longest_lease = std::max(numbers_.longest_lease, nanoseconds(now - p.since));
    }
    if (!closed_ && !broken && now < p.expires) return keep(p, now);
    ++(broken ? numbers_.closed_broken : closed_ ? numbers_.closed_at_end : numbers_.closed_expired);
  }
  p.what.reset();
  vacate(p);
}

// For the first in line, or for later.
void pool_state::keep(pool_place& p, time_point now) noexcept {
  if (!line_.empty()) return lend_to_first_in_line(p, now);
  if (p.used_for == use::on_loan) --numbers_.in_use;
  p.used_for = use::idle;
  p.since = now;
  idle_.push_back(&p);
}

void pool_state::vacate(pool_place& p) noexcept {
  const time_point now = time_.coarse_now();
  bool last = false;
  {
    const std::lock_guard guard(mutex_);
    if (!line_.empty()) return lend_to_first_in_line(p, now);
    const bool upkeep_knows = p.used_for == use::upkeep;
    remove_place(p);
    if (places_.empty()) {
      for (waiter* w : waiting_for_leases_) w->wake();
      last = orphaned_;
    }
    if (places_.size() < options_.min_size && upkeep_wake_ && !upkeep_knows) upkeep_wake_->wake();
  }
  if (last) delete this;
}

void pool_state::lend(pool_place& p, const operation& op, time_point now) noexcept {
  if (p.used_for != use::on_loan) ++numbers_.in_use;
  ++numbers_.acquired;
  p.used_for = use::on_loan;
  p.since = now;
  p.leak_reported = false;
  p.taken_by = op.name;
  p.where = op.where;
  p.session = op.in.session_id();
  p.operation = op.id;
}

void pool_state::lend_to_first_in_line(pool_place& p, time_point now) noexcept {
  pool_caller& first = *line_.front();
  line_.pop_front();
  first.given = pool_caller::answer::place;
  first.place = &p;
  lend(p, first.op, now);
  first.wait->wake();
}

pool_place& pool_state::add_place() {
  places_.push_back(std::make_unique<pool_place>());
  places_.back()->index = places_.size() - 1;
  return *places_.back();
}

void pool_state::remove_place(pool_place& p) noexcept {
  if (p.used_for == use::on_loan) --numbers_.in_use;
  const std::size_t index = p.index;
  std::swap(places_[index], places_.back());
  places_[index]->index = index;
  places_.pop_back();
}

void pool_state::count(std::uint64_t pool_statistics::*what) noexcept {
  const std::lock_guard guard(mutex_);
  ++(numbers_.*what);
}

void pool_state::close() noexcept {
  std::vector<pool_place*> closing;
  {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    closing.swap(idle_);
    numbers_.closed_at_end += closing.size();
    for (pool_place* p : closing) p->used_for = use::upkeep;
    for (pool_caller* q : line_) {
      q->given = pool_caller::answer::closed;
      q->wait->wake();
    }
    line_.clear();
    if (upkeep_wake_) upkeep_wake_->wake();
  }
  for (pool_place* p : closing) {
    p->what.reset();
    vacate(*p);
  }
  time_.reached("pool: closed");
  std::unique_ptr<background_job> ending;
  {
    const std::lock_guard guard(upkeep_mutex_);
    ending.swap(upkeep_);
  }
}

bool pool_state::wait_for_leases(time_point until) {
  const std::unique_ptr<waiter> all_back = time_.make_waiter();
  {
    const std::lock_guard guard(mutex_);
    if (places_.empty()) return true;
    waiting_for_leases_.push_back(all_back.get());
  }
  time_.reached("pool: waiting for leases");
  all_back->wait(until);
  const std::lock_guard guard(mutex_);
  std::erase(waiting_for_leases_, all_back.get());
  waited_in_vain_ = !places_.empty();
  return places_.empty();
}

bool pool_state::waited_in_vain() const {
  const std::lock_guard guard(mutex_);
  return waited_in_vain_;
}

void pool_state::orphan() noexcept {
  report_leases(time_.now(), nanoseconds(0));
  bool none_left = false;
  {
    const std::lock_guard guard(mutex_);
    orphaned_ = true;
    none_left = places_.empty();
  }
  if (none_left) delete this;
}

pool_statistics pool_state::statistics() const {
  const time_point now = time_.now();
  const std::lock_guard guard(mutex_);
  pool_statistics s = numbers_;
  s.size = places_.size();
  s.idle = idle_.size();
  s.waiting = line_.size();
  if (const pool_place* oldest = oldest_lease())
    s.longest_lease = std::max(s.longest_lease, nanoseconds(now - oldest->since));
  return s;
}

}  // namespace forebay::detail
