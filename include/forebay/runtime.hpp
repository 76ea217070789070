#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <forebay/clock.hpp>
#include <forebay/export.hpp>

namespace forebay {

// One thread's wait for one wake-up. wake() before wait() is remembered; at most one thread waits, any may wake.
class FOREBAY_API waiter {
 public:
  virtual ~waiter();
  // True when woken, false when `until` came first.
  virtual bool wait(time_point until) = 0;
  virtual void wake() noexcept = 0;
};

// Work that runs beside the caller.
class FOREBAY_API job {
 public:
  virtual ~job();
  virtual void run() noexcept = 0;
};

// A job that was started. Its destructor waits until the job has ended.
class FOREBAY_API background_job {
 public:
  virtual ~background_job();
};

// The only seam between the library and time, waiting and threads: nothing else reads a clock, blocks, sleeps or starts
// a thread. Tests put a manual clock here; a deterministic scheduler fits in the same place.
//
// Thread-safe. Outlives every object that was given a reference to it.
class FOREBAY_API runtime {
 public:
  virtual ~runtime();

  [[nodiscard]] virtual time_point now() const noexcept = 0;
  // At most some milliseconds behind now(), and several times cheaper: enough for expiry.
  [[nodiscard]] virtual time_point coarse_now() const noexcept = 0;
  [[nodiscard]] virtual std::unique_ptr<waiter> make_waiter() = 0;
  [[nodiscard]] virtual std::unique_ptr<background_job> start(std::unique_ptr<job> work) = 0;
  // A named point of a race: does nothing here; a test may hold the calling thread there until it has seen enough.
  virtual void reached(std::string_view pause_point);

  // Blocks the calling thread until then, or until `unless` has passed. For polling what cannot wake us.
  void sleep_until(time_point until, deadline unless);
};

// Waits for the wake-up until the deadline has passed or is cancelled. What the caller was woken for shows in what it
// waited for.
FOREBAY_API void wait(waiter& me, deadline until);

// The machine's clocks and threads. Lives as long as the process.
FOREBAY_API runtime& system_runtime();

// start() for a callable that does not throw.
template <class Work>
[[nodiscard]] std::unique_ptr<background_job> start(runtime& on, Work work) {
  struct callable final : job {
    explicit callable(Work w) : work(std::move(w)) {}
    void run() noexcept override { work(); }
    Work work;
  };
  return on.start(std::make_unique<callable>(std::move(work)));
}

}  // namespace forebay
