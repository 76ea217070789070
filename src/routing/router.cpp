#include <forebay/routing/router.hpp>

#include <algorithm>
#include <utility>

namespace forebay {

// A database and its connections: readers for reads, writers for writes. On SQLite readers see every finished commit,
// so a read need not wait for the one writer.
struct router::shard {
  shard(std::unique_ptr<driver> d, const pool_options& options, runtime& t, event_stream& events)
      : time(t),
        max_size(options.max_size),
        shutdown_timeout(options.shutdown_timeout),
        primary(std::move(d)),
        readers(primary, connection_role::reader, options, t, events),
        writers(primary, connection_role::writer, options, t, events) {}

  runtime& time;
  const std::size_t max_size;
  const milliseconds shutdown_timeout;
  std::shared_ptr<driver> primary;
  pool readers;
  pool writers;
};

router::router(std::unique_ptr<driver> primary, const pool_options& options, runtime& time, event_stream& events)
    : shard_(std::make_unique<shard>(std::move(primary), options, time, events)) {}

// One limit for all pools: what has been waited for in vain is not waited for again.
router::~router() {
  try {
    drain(shard_->time.now() + shard_->shutdown_timeout);
  } catch (...) {
    // No memory to wait with.
  }
}

lease router::choose(const operation& op, statement_intent intent) {
  pool& chosen = role_for(intent) == connection_role::reader ? shard_->readers : shard_->writers;
  if (op.events().active()) {
    auto e = op.describe<routing_event>(op.runtime().now());
    e.endpoint = chosen.endpoint();
    e.reason = intent == statement_intent::read ? routing_reason::read : routing_reason::write;
    op.events().report(e);
  }
  return chosen.acquire(op);
}

std::optional<lease> router::try_writer(const operation& op) { return shard_->writers.try_acquire(op); }

milliseconds router::watch_interval() const noexcept { return shard_->primary->watch_interval(); }

connection_role router::role_for(statement_intent intent) const noexcept {
  const bool reads = intent == statement_intent::read && shard_->primary->max_connections(connection_role::reader) > 0;
  return reads ? connection_role::reader : connection_role::writer;
}

std::size_t router::max_connections(connection_role role) const noexcept {
  return std::min(shard_->max_size, shard_->primary->max_connections(role));
}

const dialect& router::sql_dialect() const noexcept { return shard_->primary->sql_dialect(); }
std::string_view router::endpoint() const noexcept { return shard_->primary->endpoint(); }

pool_statistics router::statistics(connection_role role) const {
  return (role == connection_role::reader ? shard_->readers : shard_->writers).statistics();
}

bool router::drain(time_point until) {
  shard_->readers.close();  // both at once, before the first wait
  shard_->writers.close();
  const bool readers_are_back = shard_->readers.drain(until);
  return shard_->writers.drain(until) && readers_are_back;
}

}  // namespace forebay
