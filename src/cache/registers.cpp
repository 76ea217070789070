#include "cache/registers.hpp"

#include <algorithm>
#include <utility>

namespace forebay {

fill_lease::~fill_lease() {
  if (flight_ == nullptr) return;
  registers_->leave(*flight_);
  flight_->abandon();
}

bool registers::stripe::accepts(const flight& f) const noexcept {
  return f.generation() == generation &&
         std::ranges::any_of(under_way, [&f](const std::shared_ptr<flight>& other) { return other.get() == &f; });
}

void registers::stripe::remove(const cache_key& key) noexcept {
  std::erase_if(under_way, [&key](const std::shared_ptr<flight>& f) { return f->key() == key; });
}

registers::boarding registers::join_or_start(const cache_key& key, std::uint64_t stamp, position need) {
  stripe& s = stripe_of(key);
  const std::lock_guard guard(s.mutex);
  for (const auto& f : s.under_way) {
    if (need == position() && f->key() == key && f->stamp() == stamp) return {.joined = f, .lease = {}};
  }
  auto fresh = std::make_shared<flight>(key, s.generation, stamp);
  s.remove(key);
  s.under_way.push_back(fresh);
  return {.joined = nullptr, .lease = {*this, std::move(fresh)}};
}

cache_action registers::land(fill_lease lease, cache_entry entry, bool keep) {
  const std::shared_ptr<flight> f = std::exchange(lease.flight_, nullptr);
  const block_ptr value = entry.value;
  cache_action done = cache_action::fill_refused;
  dropped_blocks dropped;  // values are destroyed after the lock
  block_ptr erased;
  try {
    stripe& s = stripe_of(f->key());
    const std::lock_guard guard(s.mutex);
    s.highest = std::max(s.highest, value->freshness.upto);
    if (keep && s.accepts(*f)) {
      const bool stored = memory_.put(f->key(), std::move(entry), dropped);
      done = stored ? cache_action::fill : cache_action::too_large;
    } else {
      erased = memory_.erase(f->key());
    }
    s.remove(f->key());
  } catch (...) {  // no memory for the entry: the value still answers those who wait
    erased = memory_.erase(f->key());
    leave(*f);
  }
  f->land(value);
  return done;
}

void registers::fail(fill_lease lease, load_failure why) noexcept {
  const std::shared_ptr<flight> f = std::exchange(lease.flight_, nullptr);
  leave(*f);
  f->fail(std::move(why));
}

void registers::leave(const flight& f) noexcept {
  stripe& s = stripe_of(f.key());
  const std::lock_guard guard(s.mutex);
  std::erase_if(s.under_way, [&f](const std::shared_ptr<flight>& other) { return other.get() == &f; });
}

void registers::written(const cache_key& key, position at) noexcept {
  std::vector<std::shared_ptr<flight>> overtaken;
  block_ptr erased;
  stripe& s = stripe_of(key);
  const std::lock_guard guard(s.mutex);
  s.highest = std::max(s.highest, at);
  erased = memory_.erase(key);
  ++s.generation;
  overtaken.swap(s.under_way);
}

position registers::position_of(const cache_key& key) {
  stripe& s = stripe_of(key);
  const std::lock_guard guard(s.mutex);
  return s.highest;
}

}  // namespace forebay
