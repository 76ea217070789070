#include <forebay/routing/router.hpp>

#include <utility>

namespace forebay {

// A database and its connections: readers for reads, writers for writes. On SQLite readers see every finished commit,
// so a read need not wait for the one writer.
struct router::shard {
  shard(std::unique_ptr<driver> d, pool_options options, runtime& time)
      : primary(std::move(d)),
        readers(*primary, connection_role::reader, options, time),
        writers(*primary, connection_role::writer, options, time) {}

  std::unique_ptr<driver> primary;
  pool readers;
  pool writers;
};

router::router(std::unique_ptr<driver> primary, pool_options options, runtime& time)
    : shard_(std::make_unique<shard>(std::move(primary), options, time)) {}
router::~router() = default;

lease router::choose(const operation& op, statement_intent intent) {
  pool& chosen = intent == statement_intent::read ? shard_->readers : shard_->writers;
  if (op.events().active()) {
    auto e = op.describe<routing_event>(op.runtime().now());
    e.endpoint = chosen.endpoint();
    e.reason = intent == statement_intent::read ? routing_reason::read : routing_reason::write;
    op.events().report(e);
  }
  return chosen.acquire(op);
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
