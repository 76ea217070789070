#include "others_watch.hpp"

#include <optional>

namespace forebay::detail {

// Whoever moves the time on is the one who asks.
bool others_watch::is_due(time_point now) noexcept {
  time_point::rep next = next_.load(std::memory_order_relaxed);
  const time_point::rep at = now.time_since_epoch().count();
  return at >= next && next_.compare_exchange_strong(next, (now + interval_).time_since_epoch().count());
}

// The connection could not be asked: soon again, but not at each read.
void others_watch::postpone(time_point now) noexcept {
  next_.store((now + nanoseconds(interval_) / 8).time_since_epoch().count());
}

void others_watch::look(const operation& op, time_point now) noexcept {
  if (!is_due(now)) return;
  try {
    const std::optional<lease> writer = router_.try_writer(op);
    if (writer) return ask(**writer, op);
  } catch (...) {}
  postpone(now);
}

void others_watch::look_on(connection& writer, const operation& op, time_point now) noexcept {
  if (!is_needed() || !is_due(now)) return;
  try {
    ask(writer, op);
  } catch (...) {
    postpone(now);
  }
}

void others_watch::ask(connection& writer, const operation& op) {
  op.runtime().reached("others: asking");
  switch (writer.ask_for_others(op.until())) {
    case others_wrote::no: return;
    case others_wrote::unknown: return cache_.forget_everything();  // a connection that is new
    case others_wrote::yes: break;
  }
  write_set theirs;
  theirs.everything = true;
  cache_.apply(op, theirs, position());
}

}  // namespace forebay::detail
