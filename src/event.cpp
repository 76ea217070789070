#include <forebay/event.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace forebay {

observer::~observer() = default;
void observer::on(const statement_event&) noexcept {}
void observer::on(const cache_event&) noexcept {}
void observer::on(const flight_event&) noexcept {}
void observer::on(const pool_event&) noexcept {}
void observer::on(const routing_event&) noexcept {}
void observer::on(const transaction_event&) noexcept {}
void observer::on(const invalidation_event&) noexcept {}
void observer::on(const session_event&) noexcept {}

// A list that is replaced, never changed: whoever reports holds the list of its moment and no lock.
struct event_stream::observers {
  using list = std::vector<std::shared_ptr<observer>>;

  [[nodiscard]] std::shared_ptr<const list> current() const {
    const std::lock_guard guard(mutex);
    return now;
  }

  mutable std::mutex mutex;
  std::shared_ptr<const list> now = std::make_shared<list>();
};

event_stream::event_stream() : observers_(std::make_unique<observers>()) {}
event_stream::~event_stream() = default;

void event_stream::add(std::shared_ptr<observer> who) {
  const std::lock_guard guard(observers_->mutex);
  auto next = std::make_shared<observers::list>(*observers_->now);
  next->push_back(std::move(who));
  observers_->now = std::move(next);
  active_.store(true, std::memory_order_relaxed);
}

void event_stream::remove(const observer& who) {
  std::shared_ptr<const observers::list> previous;  // may be the last owner of `who`: it goes after the lock
  const std::lock_guard guard(observers_->mutex);
  auto next = std::make_shared<observers::list>(*observers_->now);
  std::erase_if(*next, [&who](const std::shared_ptr<observer>& o) { return o.get() == &who; });
  active_.store(!next->empty(), std::memory_order_relaxed);
  previous = std::exchange(observers_->now, std::move(next));
}

template <class Event>
void event_stream::report(const Event& what) const noexcept {
  for (const auto& o : *observers_->current()) o->on(what);
}

template void event_stream::report(const statement_event&) const noexcept;
template void event_stream::report(const cache_event&) const noexcept;
template void event_stream::report(const flight_event&) const noexcept;
template void event_stream::report(const pool_event&) const noexcept;
template void event_stream::report(const routing_event&) const noexcept;
template void event_stream::report(const transaction_event&) const noexcept;
template void event_stream::report(const invalidation_event&) const noexcept;
template void event_stream::report(const session_event&) const noexcept;

}  // namespace forebay
