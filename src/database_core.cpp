#include "database_core.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

#include "session_state.hpp"

namespace forebay::detail {

namespace {

std::uint64_t next_operation_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

[[noreturn]] void refuse(const std::string& what, const std::string& range) {
  throw invalid_option({.message = what + " is outside its range", .fix = "choose " + range});
}

const database_options& checked(const database_options& o) {
  constexpr milliseconds longest = std::chrono::days(30);
  if (o.shards.size() != 1) refuse("database_options::shards", "exactly one shard");
  if (o.session_deadline < milliseconds(1) || o.session_deadline > std::chrono::days(1)) {
    refuse("database_options::session_deadline", "1 ms to 1 day");
  }
  if (o.cache.memory < 64_KiB || o.cache.memory > 1024_GiB) refuse("cache_options::memory", "64 KiB to 1 TiB");
  for (const std::shared_ptr<observer>& who : o.observers) {
    if (who == nullptr) refuse("database_options::observers", "observers, not null pointers");
  }
  for (const cached_entity& e : o.cache.entities) {
    if (e.table == nullptr) refuse("cache_options::entities", "what cache_for gives");
    if (std::ranges::count(o.cache.entities, e.table, &cached_entity::table) > 1) {
      refuse("cache_options::entities", "each entity once; " + std::string(e.table->row.type_name) + " is there twice");
    }
    const std::string of = " of " + std::string(e.table->row.type_name);
    if (e.policy.memory_ttl < milliseconds(1) || e.policy.memory_ttl > longest) {
      refuse("cache_policy::memory_ttl" + of, "1 ms to 30 days");
    }
    if (e.policy.negative_ttl < milliseconds(0) || e.policy.negative_ttl > longest) {
      refuse("cache_policy::negative_ttl" + of, "0 to 30 days");
    }
  }
  return o;
}

std::vector<const entity_table*> tables_of(const cache_options& o) {
  std::vector<const entity_table*> tables;
  for (const cached_entity& e : o.entities) tables.push_back(e.table);
  return tables;
}

std::vector<cache_space> spaces_of(const cache_options& o) {
  std::vector<cache_space> spaces;
  for (const cached_entity& e : o.entities)
    spaces.push_back({std::string(e.table->name), e.table->row.payload, e.policy});
  return spaces;
}

}  // namespace

std::uint64_t next_session_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

database_core::database_core(database_options o)
    : time(checked(o).time != nullptr ? *o.time : system_runtime()),
      session_deadline(o.session_deadline),
      cached(tables_of(o.cache)),
      cache(o.cache.memory, spaces_of(o.cache), time),
      router(make_driver(o.shards[0].primary, time), o.pool, time, events) {
  for (std::shared_ptr<observer>& who : o.observers) events.add(std::move(who));
  if (others.is_needed()) cache.watch(others);
}

void check_may_write(const operation& op, const transaction& tx) {
  if (tx.mode() == transaction_mode::read_write) return;
  throw_error(errc::read_only, {.message = std::string(op.name) + ": the transaction was begun to read only",
                                .where = op.where,
                                .session = op.in.name(),
                                .fix = "begin it with transaction_mode::read_write"});
}

namespace {

void check_not_past_transaction(const context& in, const char* name, const call_site& where) {
  const auto open = in.state().of_this_thread();
  if (!open) return;
  throw session_in_transaction(
      {.message = std::string(name) + ": this thread has a transaction open in the session, begun at " +
                  to_string(open->began_at) + "; the call would run outside of it",
       .where = where,
       .session = in.name(),
       .fix = "hand the transaction over in the session's place, or session.outside(transaction) where that is meant"});
}

}  // namespace

operation database_core::describe(const context& in, const char* name, const call_site& where) {
  if (&in.database() != owner) {
    throw invalid_option({.message = std::string(name) + ": the session belongs to another database",
                          .where = where,
                          .endpoint = std::string(router.endpoint()),
                          .fix = "use a session of the database that the repository was made with"});
  }
  check_deadline({in, name, where});
  if (in.in_transaction() == nullptr && !in.is_outside()) check_not_past_transaction(in, name, where);
  return {in, name, where, events.active() ? next_operation_id() : 0};
}

borrowed_connection database_core::connect(const operation& op, statement_intent intent) {
  if (transaction* tx = op.in.in_transaction()) return borrowed_connection(tx->connection(op));
  return borrowed_connection(lend(op, intent));
}

transaction database_core::begin(const operation& op, const transaction_options& options, std::size_t attempt) {
  const bool writes = options.mode == transaction_mode::read_write;
  return {op, lend(op, writes ? statement_intent::write : statement_intent::read), options,
          std::make_unique<cache_invalidation>(cache), attempt};
}

lease database_core::lend(const operation& op, statement_intent intent) {
  if (op.in.is_outside()) check_not_waiting_for_itself(op, intent);
  lease on = router.choose(op, intent);
  if (intent == statement_intent::write) others.look_on(*on, op, time.coarse_now());
  return on;
}

void database_core::check_not_waiting_for_itself(const operation& op, statement_intent intent) const {
  const connection_role role = router.role_for(intent);
  const session_state& state = op.in.state();
  if (state.held_by_this_thread(role == connection_role::writer) < router.max_connections(role)) return;
  const auto open = state.of_this_thread();
  throw session_in_transaction(
      {.message = std::string(op.name) + ": the transaction begun at " + to_string(open->began_at) +
                  " holds the only connection that this can run on; outside of it, the call would wait for itself",
       .where = op.where,
       .session = op.in.name(),
       .endpoint = std::string(router.endpoint()),
       .fix = "make the call within the transaction, or after it"});
}

std::shared_ptr<const schema_facts> database_core::schema(const operation& op, connection& on,
                                                          const write_set& writes) {
  // Everything will go; and a schema that is not committed is not to be kept.
  if (writes.everything || cached.empty()) return std::make_shared<schema_facts>();
  const std::uint64_t generation = cache.generation();
  {
    const std::lock_guard guard(schema_mutex_);
    if (schema_ != nullptr && schema_generation_ == generation) return schema_;
  }
  auto learned = std::make_shared<const schema_facts>(on, op, router.sql_dialect(), cached);
  const std::lock_guard guard(schema_mutex_);
  schema_ = learned;
  schema_generation_ = generation;
  return learned;
}

const entity_statements& database_core::statements_of(const entity_table& table) {
  {
    const std::shared_lock guard(statements_mutex_);
    if (const auto known = statements_.find(&table); known != statements_.end()) return *known->second;
  }
  auto written = std::make_unique<entity_statements>(table, router.sql_dialect());
  const std::unique_lock guard(statements_mutex_);
  return *statements_.emplace(&table, std::move(written)).first->second;
}

}  // namespace forebay::detail
