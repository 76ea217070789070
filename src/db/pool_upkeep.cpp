// Leases that do not come back, and the thread that keeps min_size connections open and closes unused ones.

#include <algorithm>
#include <utility>

#include <forebay/error.hpp>

#include "pool_state.hpp"

namespace forebay::detail {

namespace {

constexpr seconds connect_limit(5);  // of the pool's own thread: nobody waits for it, but close() does
constexpr seconds retry_pause(1);

}  // namespace

lease_event pool_state::note_leak(pool_place& p, time_point now, bool returned) noexcept {
  p.leak_reported = true;
  ++numbers_.leaks;
  lease_event e;
  e.session = p.session;
  e.operation = p.operation;
  e.operation_name = p.taken_by;
  e.where = p.where;
  e.at = p.since;
  e.endpoint = from_->endpoint();
  e.held = now - p.since;
  e.returned = returned;
  return e;
}

void pool_state::report_leases(time_point now, nanoseconds out_for) noexcept try {
  std::vector<lease_event> found;
  {
    const std::lock_guard guard(mutex_);
    next_look_for_leaks_ = now + options_.leak_after;
    for (const auto& p : places_) {
      if (p->used_for != use::on_loan || p->leak_reported) continue;
      if (now - p->since >= out_for) {
        found.push_back(note_leak(*p, now, false));
      } else {
        next_look_for_leaks_ = std::min(next_look_for_leaks_, p->since + out_for);
      }
    }
  }
  if (!events_.active()) return;
  for (const lease_event& e : found) events_.report(e);
} catch (...) {
  // No memory: the next call looks again.
}

void pool_state::report_late_return(pool_place& p, time_point now) noexcept {
  if (options_.leak_after == milliseconds(0) || now - p.since < options_.leak_after) return;
  lease_event late;
  {
    const std::lock_guard guard(mutex_);
    if (p.leak_reported || orphaned_) return;
    late = note_leak(p, now, true);
  }
  if (events_.active()) events_.report(late);
}

void pool_state::start_upkeep() {
  if (options_.min_size == 0 && options_.idle_close == milliseconds(0)) return;
  const std::lock_guard guard(upkeep_mutex_);
  if (upkeep_) return;
  auto wake = time_.make_waiter();
  {
    const std::lock_guard state_guard(mutex_);
    if (closed_) return;
    upkeep_wake_ = std::move(wake);
  }
  upkeep_ = start(time_, [this] { keep_up(); });
}

void pool_state::keep_up() noexcept {
  for (;;) {
    time_point next;
    try {
      const time_point now = time_.now();
      next = close_unused(now);
      if (!open_up_to_minimum()) next = std::min(next, now + retry_pause);
      if (options_.leak_after > milliseconds(0)) {
        report_leases(now, options_.leak_after);
        const std::lock_guard guard(mutex_);
        next = std::min(next, next_look_for_leaks_);
      }
      time_.reached("pool: kept up");
    } catch (...) {  // no memory
      next = time_.now() + retry_pause;
    }
    {
      const std::lock_guard guard(mutex_);
      if (closed_) return;
    }
    upkeep_wake_->wait(next);
  }
}

// False when a connection could not be opened.
bool pool_state::open_up_to_minimum() {
  for (;;) {
    pool_place* p = nullptr;
    {
      const std::lock_guard guard(mutex_);
      if (closed_ || places_.size() >= options_.min_size) return true;
      p = &add_place();
    }
    std::unique_ptr<connection> fresh;
    try {
      time_.reached("pool: opening for the minimum");
      fresh = from_->connect(role_, deadline(time_.now() + connect_limit));
    } catch (...) {
      count(&pool_statistics::failed_to_open);
      vacate(*p);
      return false;
    }
    install(*p, std::move(fresh));
    keep_unless_closed(*p, time_.now());
  }
}

// What has been idle for too long, the coldest first, and what is too old. When to look again.
time_point pool_state::close_unused(time_point now) {
  std::vector<pool_place*> closing;
  closing.reserve(options_.max_size);
  time_point next = time_point::max();
  {
    const std::lock_guard guard(mutex_);
    std::size_t left = places_.size();
    std::erase_if(idle_, [&](pool_place* p) {
      const bool unused = options_.idle_close > milliseconds(0) && now >= p->since + options_.idle_close;
      const bool expired = now >= p->expires;
      if (!expired && (!unused || left <= options_.min_size)) {
        next = std::min(next, p->expires);
        if (options_.idle_close > milliseconds(0) && !unused) next = std::min(next, p->since + options_.idle_close);
        return false;
      }
      --left;
      ++(expired ? numbers_.closed_expired : numbers_.closed_idle);
      p->used_for = use::upkeep;
      closing.push_back(p);
      return true;
    });
    if (options_.idle_close > milliseconds(0)) next = std::min(next, now + options_.idle_close);
  }
  for (pool_place* p : closing) {
    p->what.reset();
    vacate(*p);
  }
  return next;
}

}  // namespace forebay::detail
