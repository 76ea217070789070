#include <forebay/testing/manual_clock.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace forebay::testing {

// One lock and one condition for everything: simple, and tests have few threads.
struct manual_clock::state {
  struct point {
    std::size_t to_hold = 0;  // so many more
    std::size_t held = 0;
    std::uint64_t resumed = 0;  // how often
  };

  template <class Predicate>
  void wait(std::unique_lock<std::mutex>& lock, const std::string& what, Predicate fulfilled) {
    constexpr std::chrono::seconds patience(10);
    if (!changed.wait_for(lock, patience, fulfilled))
      throw std::logic_error("manual_clock: gave up waiting for " + what);
  }

  mutable std::mutex mutex;
  std::condition_variable changed;
  time_point now{std::chrono::hours(1)};  // not zero: a default time point is in the past
  std::map<std::string, point, std::less<>> points;
  std::size_t waiting = 0;
};

manual_clock::manual_clock() : state_(std::make_shared<state>()) {}
manual_clock::~manual_clock() = default;

void manual_clock::advance(nanoseconds by) {
  const std::lock_guard guard(state_->mutex);
  state_->now += by;
  state_->changed.notify_all();
}

void manual_clock::stop_at(std::string_view pause_point, std::size_t most) {
  const std::lock_guard guard(state_->mutex);
  state_->points[std::string(pause_point)].to_hold = most;
}

void manual_clock::wait_until_stopped(std::string_view pause_point, std::size_t threads) {
  std::unique_lock lock(state_->mutex);
  const state::point& p = state_->points[std::string(pause_point)];
  state_->wait(lock, std::string(pause_point), [&] { return p.held >= threads; });
}

void manual_clock::wait_until_waiting(std::size_t threads) {
  std::unique_lock lock(state_->mutex);
  state_->wait(lock, "waiting threads", [&] { return state_->waiting >= threads; });
}

void manual_clock::resume(std::string_view pause_point) {
  const std::lock_guard guard(state_->mutex);
  state::point& p = state_->points[std::string(pause_point)];
  p.to_hold = 0;
  ++p.resumed;
  state_->changed.notify_all();
}

void manual_clock::reached(std::string_view pause_point) {
  std::unique_lock lock(state_->mutex);
  const auto found = state_->points.find(pause_point);
  if (found == state_->points.end() || found->second.to_hold == 0) return;
  state::point& p = found->second;
  --p.to_hold;
  ++p.held;
  state_->changed.notify_all();
  const std::uint64_t before = p.resumed;
  state_->wait(lock, "resume of " + std::string(pause_point), [&] { return p.resumed != before; });
  --p.held;
}

time_point manual_clock::now() const noexcept {
  const std::lock_guard guard(state_->mutex);
  return state_->now;
}

time_point manual_clock::coarse_now() const noexcept { return now(); }

std::unique_ptr<waiter> manual_clock::make_waiter() {
  struct manual_waiter final : waiter {
    explicit manual_waiter(std::shared_ptr<state> s) : clock(std::move(s)) {}
    bool wait(time_point until) override {
      std::unique_lock lock(clock->mutex);
      ++clock->waiting;
      clock->changed.notify_all();
      clock->changed.wait(lock, [&] { return woken || clock->now >= until; });
      --clock->waiting;
      return std::exchange(woken, false);
    }
    void wake() noexcept override {
      const std::lock_guard guard(clock->mutex);
      woken = true;
      clock->changed.notify_all();
    }
    std::shared_ptr<state> clock;
    bool woken = false;
  };
  return std::make_unique<manual_waiter>(state_);
}

std::unique_ptr<background_job> manual_clock::start(std::unique_ptr<job> work) {
  return system_runtime().start(std::move(work));
}

}  // namespace forebay::testing
