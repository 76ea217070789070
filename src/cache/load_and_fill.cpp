// A read's third step, the flight: who loads, who waits, what becomes of the value. Whether it may be kept is decided
// in registers::land.
#include <string>
#include <utility>

#include <forebay/error.hpp>

#include "cache/tiered_cache.hpp"

namespace forebay {

lookup tiered_cache::load(read r, loader& from) {
  lookup found;
  for (;;) {
    registers::boarding b = registers_.join_or_start(r.key, r.stamp, r.rules.need);
    if (!b.joined) {
      // A flight that landed since the first look has left its value behind.
      if (from_memory(r, found)) return found;
      return lead(r, std::move(b.lease), from);
    }
    if (wait_for(r, *b.joined, found)) return found;
    const read again = begin(r.op, r.key, r.rules);
    r.began = again.began;
    r.stamp = again.stamp;
  }
}

lookup tiered_cache::lead(const read& r, fill_lease lease, loader& from) {
  time_.reached("flight: started");
  block_ptr value;
  try {
    value = from.load();
  } catch (...) {
    give_up(r.op, std::move(lease));
    throw;
  }
  time_.reached("flight: loaded");
  return land(r, std::move(lease), std::move(value));
}

lookup tiered_cache::land(const read& r, fill_lease lease, block_ptr value) {
  value->loaded_at = r.began;
  const milliseconds ttl = value->absent() ? r.rules.policy.negative_ttl : r.rules.policy.memory_ttl;
  const bool keep = ttl > milliseconds(0);
  report(r, registers_.land(std::move(lease), {value, r.began + ttl, r.stamp}, keep));
  return {std::move(value), r.rules.computed ? source::loader : source::primary, milliseconds(0)};
}

// Within a catch. A failure reaches everybody who waits; but that this caller ran out of time is its own affair.
void tiered_cache::give_up(const operation& op, fill_lease lease) noexcept {
  if (op.until().passed(time_.now())) return;  // the lease abandons the flight
  registers_.fail(std::move(lease), load_failure::current());
}

// False when the flight's leader gave up: the caller asks again, and may lead.
bool tiered_cache::wait_for(const read& r, flight& joined, lookup& out) {
  const flight::state ended = joined.wait(time_, r.op.until());
  if (r.op.events().active()) {
    auto e = r.op.describe<flight_event>(r.began);
    e.space = r.rules.name;
    e.key = event_key(r.key);
    e.failed = ended != flight::state::landed;
    e.took = time_.coarse_now() - r.began;
    r.op.events().report(e);
  }
  switch (ended) {
    case flight::state::landed: {
      const block_ptr& value = joined.value();
      out = {value, r.rules.computed ? source::loader : source::primary, age_of(*value, time_.coarse_now())};
      return true;
    }
    case flight::state::failed: joined.failure().rethrow_for(r.op);
    case flight::state::abandoned: return false;
    case flight::state::under_way: break;
  }
  if (r.op.until().cancelled()) throw_cancelled(r.op);
  throw deadline_exceeded(
      {.message = std::string(r.op.name) + ": another call's load of the same key was still under way at "
                                           "the session's deadline",
       .where = r.op.where,
       .session = r.op.in.name(),
       .fix = "make the load faster; a loader of cached that asks for its own key waits for itself"});
}

}  // namespace forebay
