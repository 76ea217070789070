#include <forebay/db/pool.hpp>

#include <string>
#include <utility>

#include <forebay/error.hpp>

#include "pool_state.hpp"

namespace forebay {

namespace {

[[noreturn]] void refuse(const std::string& member, const std::string& range) {
  throw invalid_option({.message = "pool_options::" + member + " is outside its range", .fix = "choose " + range});
}

bool outside(nanoseconds what, nanoseconds least, nanoseconds most) { return what < least || what > most; }

void check(const pool_options& o) {
  using std::chrono::days;
  using std::chrono::hours;
  constexpr milliseconds none(0);
  if (o.max_size < 1 || o.max_size > 10'000) refuse("max_size", "1 to 10,000 connections");
  if (o.min_size > o.max_size) refuse("min_size", "0 to max_size connections");
  if (o.max_waiting > 1'000'000) refuse("max_waiting", "0 to 1,000,000 callers");
  if (outside(o.acquire_limit, milliseconds(1), hours(1))) refuse("acquire_limit", "1 ms to 1 h");
  if (o.max_life != none && outside(o.max_life, seconds(1), days(30))) {
    refuse("max_life", "0 (for ever), or 1 s to 30 days");
  }
  if (o.idle_close != none && outside(o.idle_close, milliseconds(1), days(30))) {
    refuse("idle_close", "0 (never), or 1 ms to 30 days");
  }
  if (o.leak_after != none && outside(o.leak_after, milliseconds(1), days(1))) {
    refuse("leak_after", "0 (never), or 1 ms to 1 day");
  }
  if (outside(o.shutdown_timeout, none, hours(1))) refuse("shutdown_timeout", "0 to 1 h");
}

}  // namespace

pool::pool(std::shared_ptr<driver> from, connection_role role, const pool_options& options, runtime& time,
           event_stream& events) {
  check(options);
  state_ = std::make_unique<detail::pool_state>(std::move(from), role, options, time, events);
}

pool::~pool() {
  bool all_came_back = false;
  try {
    if (!state_->waited_in_vain()) {
      all_came_back = drain(state_->time().now() + state_->options().shutdown_timeout);
    }
  } catch (...) {
    // No memory to wait with.
  }
  if (!all_came_back) state_.release()->orphan();
}

lease pool::acquire(const operation& op) {
  using answer = detail::pool_caller::answer;
  detail::pool_state& s = *state_;
  check_deadline(op);
  const time_point began = s.time().now();
  const deadline until = s.line_limit(op, began);
  detail::pool_caller me(op);
  s.start_upkeep();
  s.serve_or_queue(me, began);
  if (me.wait) s.wait_in_line(me, began, until);
  if (op.events().active()) s.report(me, began);
  switch (me.given) {
    case answer::place: return {s, *me.place, s.make_ready(*me.place, op, began)};
    case answer::closed: s.throw_closed(op);
    case answer::queue_full: s.throw_queue_full(op);
    case answer::none: break;
  }
  if (until.cancelled()) throw_cancelled(op);
  s.throw_timeout(op, until);
}

std::optional<lease> pool::try_acquire(const operation& op) {
  detail::pool_state& s = *state_;
  check_deadline(op);
  const time_point began = s.time().now();
  detail::pool_caller me(op);
  s.serve_at_once(me, began);
  if (me.place == nullptr) return std::nullopt;
  return lease(s, *me.place, s.make_ready(*me.place, op, began));
}

bool pool::drain(time_point until) {
  state_->close();
  return state_->wait_for_leases(until);
}

void pool::close() noexcept { state_->close(); }
pool_statistics pool::statistics() const { return state_->statistics(); }
std::string_view pool::endpoint() const noexcept { return state_->server().endpoint(); }

lease::lease(detail::pool_state& from, detail::pool_place& place, connection& what) noexcept
    : from_(&from), place_(&place), connection_(&what) {}
lease::lease(lease&& other) noexcept
    : from_(other.from_), place_(other.place_), connection_(std::exchange(other.connection_, nullptr)) {}
lease::~lease() {
  if (connection_ != nullptr) from_->give_back(*place_);
}

}  // namespace forebay
