#include <forebay/cancellation.hpp>

#include <mutex>
#include <vector>

#include <forebay/runtime.hpp>

namespace forebay {

struct cancellation::waiters {
  std::mutex mutex;
  std::vector<waiter*> all;
};

cancellation::cancellation() : waiters_(std::make_unique<waiters>()) {}
cancellation::~cancellation() = default;

void cancellation::request() noexcept {
  const std::lock_guard guard(waiters_->mutex);
  requested_.store(true, std::memory_order_release);
  for (waiter* w : waiters_->all) w->wake();  // under the lock: a waiter lives until it has been removed
}

void cancellation::add(waiter& who) const {
  const std::lock_guard guard(waiters_->mutex);
  waiters_->all.push_back(&who);
  if (requested()) who.wake();
}

void cancellation::remove(const waiter& who) const noexcept {
  const std::lock_guard guard(waiters_->mutex);
  std::erase(waiters_->all, &who);
}

wake_on_cancellation::wake_on_cancellation(const cancellation* by, waiter& who) : by_(by), who_(who) {
  if (by_ != nullptr) by_->add(who_);
}

wake_on_cancellation::~wake_on_cancellation() {
  if (by_ != nullptr) by_->remove(who_);
}

}  // namespace forebay
