#include "cache/flight.hpp"

#include <string>
#include <utility>

namespace forebay {

load_failure load_failure::current() noexcept {
  load_failure f;
  try {
    throw;
  } catch (const error& e) {
    try {
      f.details_ = e.details();
      f.code_ = e.code();
    } catch (...) {
      f.other_ = std::current_exception();  // no memory: that is the failure then
    }
  } catch (...) {
    f.other_ = std::current_exception();
  }
  return f;
}

void load_failure::rethrow_for(const operation& op) const {
  if (other_) std::rethrow_exception(other_);
  error_details d = details_;
  d.message = std::string(op.name) + ": another call's load of the same key failed: " + d.message;
  d.where = op.where;
  d.session = op.in.name();
  throw_error(code_, std::move(d));
}

void flight::land(block_ptr value) noexcept {
  value_ = std::move(value);
  end(state::landed);
}

void flight::fail(load_failure why) noexcept {
  failure_ = std::move(why);
  end(state::failed);
}

void flight::abandon() noexcept { end(state::abandoned); }

void flight::end(state how) noexcept {
  const std::lock_guard guard(mutex_);
  state_ = how;
  for (waiter* w : waiting_) w->wake();  // under the lock: a waiter lives until it has had the lock again
  waiting_.clear();
}

flight::state flight::wait(runtime& time, deadline until) {
  const std::unique_ptr<waiter> me = time.make_waiter();
  {
    const std::lock_guard guard(mutex_);
    if (state_ != state::under_way) return state_;
    waiting_.push_back(me.get());
  }
  try {
    time.reached("flight: joined");
    forebay::wait(*me, until);
  } catch (...) {
    stop_waiting(*me);
    throw;
  }
  return stop_waiting(*me);
}

flight::state flight::stop_waiting(const waiter& me) noexcept {
  const std::lock_guard guard(mutex_);
  std::erase(waiting_, &me);
  return state_;
}

}  // namespace forebay
