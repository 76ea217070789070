// What the pool says when it has no connection to give, and what it reports of each call.

#include <algorithm>
#include <string>

#include <forebay/error.hpp>

#include "pool_state.hpp"

namespace forebay::detail {

namespace {

std::string in_words(nanoseconds t) {
  const auto whole = std::chrono::duration_cast<milliseconds>(t).count();
  if (whole < 10'000) return std::to_string(whole) + " ms";
  return std::to_string(whole / 1'000) + " s";
}

std::string kind_of(connection_role role) { return role == connection_role::writer ? "writing" : "reading"; }

}  // namespace

const pool_place* pool_state::oldest_lease() const noexcept {
  const pool_place* oldest = nullptr;
  for (const auto& p : places_) {
    if (p->used_for == use::on_loan && (oldest == nullptr || p->since < oldest->since)) oldest = p.get();
  }
  return oldest;
}

void pool_state::throw_closed(const operation& op) const {
  throw_error(errc::shut_down, {.message = std::string(op.name) + ": the database is shutting down",
                                .where = op.where,
                                .session = op.in.name(),
                                .endpoint = std::string(from_->endpoint())});
}

void pool_state::throw_queue_full(const operation& op) const {
  throw queue_full({.message = std::string(op.name) + ": " + std::to_string(options_.max_waiting) +
                               " callers wait for a " + kind_of(role_) +
                               " connection already, which is pool_options::max_waiting",
                    .where = op.where,
                    .session = op.in.name(),
                    .endpoint = std::string(from_->endpoint()),
                    .fix = "refuse some requests, or raise pool_options::max_size or max_waiting",
                    .retryable = true});
}

void pool_state::throw_timeout(const operation& op, deadline until) const {
  std::string state;
  {
    const time_point now = time_.now();
    const std::lock_guard guard(mutex_);
    state = std::to_string(numbers_.in_use) + " of " + std::to_string(options_.max_size) + " in use, " +
            std::to_string(line_.size()) + " more waiting";
    if (const pool_place* oldest = oldest_lease()) {
      state += "; the oldest is held for " + in_words(now - oldest->since) + " by " + oldest->taken_by + " at " +
               to_string(oldest->where);
    }
  }
  const bool session_is_out_of_time = until == op.until();
  throw pool_timeout(
      {.message = std::string(op.name) + ": no " + kind_of(role_) + " connection became free before " +
                  (session_is_out_of_time ? "the session's deadline" : "pool_options::acquire_limit") + " (" + state +
                  ")",
       .where = op.where,
       .session = op.in.name(),
       .endpoint = std::string(from_->endpoint()),
       .fix = few_ ? "keep writing transactions short, and within one use the transaction, not its session: this "
                     "database has no more such connections"
                   : "hold connections for a shorter time, or raise pool_options::max_size",
       .retryable = true});
}

void pool_state::report(const pool_caller& me, time_point began) const {
  auto e = me.op.describe<pool_event>(began);
  e.endpoint = from_->endpoint();
  e.waited = time_.now() - began;
  e.timed_out = me.given == pool_caller::answer::none && !me.op.until().cancelled();
  e.refused = me.given == pool_caller::answer::queue_full;
  {
    const std::lock_guard guard(mutex_);
    e.in_use = numbers_.in_use;
    e.size = places_.size();
    e.waiting = line_.size();
  }
  me.op.events().report(e);
}

}  // namespace forebay::detail
