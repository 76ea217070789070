#include "database_core.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

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
      router(make_driver(o.shards[0].primary, time), o.pool, time),
      cache(o.cache.memory, spaces_of(o.cache), time) {
  for (std::shared_ptr<observer>& who : o.observers) events.add(std::move(who));
}

database_core::~database_core() { router.close(); }

operation database_core::describe(const context& in, const char* name, const call_site& where) {
  if (&in.database() != owner) {
    throw invalid_option({.message = std::string(name) + ": the session belongs to another database",
                          .where = where,
                          .endpoint = std::string(router.endpoint()),
                          .fix = "use a session of the database that the repository was made with"});
  }
  check_deadline({in, name, where});
  return {in, name, where, events.active() ? next_operation_id() : 0};
}

borrowed_connection database_core::connect(const operation& op, statement_intent intent) {
  if (transaction* tx = op.in.in_transaction()) return borrowed_connection(tx->connection(op));
  return borrowed_connection(router.choose(op, intent));
}

transaction database_core::begin(const operation& op) {
  return {op, router.choose(op, statement_intent::write), transaction_mode::read_write,
          std::make_unique<cache_invalidation>(cache)};
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
