#include <forebay/routing/router.hpp>

#include <algorithm>
#include <utility>

namespace forebay {

// A database and its connections: readers for reads, writers for writes. On SQLite readers see every finished commit,
// so a read need not wait for the one writer.
struct router::shard {
  shard(std::unique_ptr<driver> d, pool_options options, runtime& time)
      : max_size(options.max_size),
        primary(std::move(d)),
        readers(*primary, connection_role::reader, options, time),
        writers(*primary, connection_role::writer, options, time) {}

  const std::size_t max_size;
  std::unique_ptr<driver> primary;
  pool readers;
  pool writers;
};

router::router(std::unique_ptr<driver> primary, pool_options options, runtime& time)
    : shard_(std::make_unique<shard>(std::move(primary), options, time)) {}
router::~router() = default;

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

void router::close() noexcept {
  shard_->readers.close();
  shard_->writers.close();
}

}  // namespace forebay
