#include <forebay/event.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace forebay {

observer::~observer() = default;
void observer::on_statement(const statement_event&) noexcept {}
void observer::on_cache(const cache_event&) noexcept {}
void observer::on_flight(const flight_event&) noexcept {}
void observer::on_pool(const pool_event&) noexcept {}
void observer::on_lease(const lease_event&) noexcept {}
void observer::on_routing(const routing_event&) noexcept {}
void observer::on_transaction(const transaction_event&) noexcept {}
void observer::on_invalidation(const invalidation_event&) noexcept {}
void observer::on_session(const session_event&) noexcept {}

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
  if (who == nullptr) throw invalid_option({.message = "a null pointer cannot observe anything"});
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

namespace {

void deliver(observer& to, const statement_event& e) noexcept { to.on_statement(e); }
void deliver(observer& to, const cache_event& e) noexcept { to.on_cache(e); }
void deliver(observer& to, const flight_event& e) noexcept { to.on_flight(e); }
void deliver(observer& to, const pool_event& e) noexcept { to.on_pool(e); }
void deliver(observer& to, const lease_event& e) noexcept { to.on_lease(e); }
void deliver(observer& to, const routing_event& e) noexcept { to.on_routing(e); }
void deliver(observer& to, const transaction_event& e) noexcept { to.on_transaction(e); }
void deliver(observer& to, const invalidation_event& e) noexcept { to.on_invalidation(e); }
void deliver(observer& to, const session_event& e) noexcept { to.on_session(e); }

}  // namespace

template <class Event>
void event_stream::report(const Event& what) const noexcept {
  const std::shared_ptr<const observers::list> now = observers_->current();  // outlives the loop
  for (const auto& o : *now) deliver(*o, what);
}

template void event_stream::report(const statement_event&) const noexcept;
template void event_stream::report(const cache_event&) const noexcept;
template void event_stream::report(const flight_event&) const noexcept;
template void event_stream::report(const pool_event&) const noexcept;
template void event_stream::report(const lease_event&) const noexcept;
template void event_stream::report(const routing_event&) const noexcept;
template void event_stream::report(const transaction_event&) const noexcept;
template void event_stream::report(const invalidation_event&) const noexcept;
template void event_stream::report(const session_event&) const noexcept;

}  // namespace forebay
