#pragma once

#include <atomic>
#include <memory>

#include <forebay/export.hpp>

namespace forebay {

class waiter;

// A request to stop, which ends every wait that goes on under it: a deadline that comes when somebody says so. Made
// once, never taken back. Thread-safe.
class FOREBAY_API cancellation {
 public:
  cancellation();
  ~cancellation();
  cancellation(const cancellation&) = delete;
  cancellation& operator=(const cancellation&) = delete;

  // Wakes everybody who waits under it. From any thread, as often as one likes.
  void request() noexcept;
  [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_acquire); }

 private:
  friend class wake_on_cancellation;
  void add(waiter& who) const;
  void remove(const waiter& who) const noexcept;

  struct waiters;
  std::atomic<bool> requested_{false};
  std::unique_ptr<waiters> waiters_;
};

// While it lives, a request wakes the waiter; at once, if it was made before. `by` may be null: then nobody asks.
class FOREBAY_API wake_on_cancellation {
 public:
  wake_on_cancellation(const cancellation* by, waiter& who);
  ~wake_on_cancellation();
  wake_on_cancellation(const wake_on_cancellation&) = delete;
  wake_on_cancellation& operator=(const wake_on_cancellation&) = delete;

 private:
  const cancellation* by_;
  waiter& who_;
};

}  // namespace forebay
