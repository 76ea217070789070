#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <forebay/context.hpp>
#include <forebay/db/transaction.hpp>
#include <forebay/error.hpp>
#include <forebay/options.hpp>
#include <forebay/routing/router.hpp>

#include "cache/tiered_cache.hpp"
#include "cache/write_set.hpp"
#include "entity_statements.hpp"
#include "others_watch.hpp"
#include "schema_facts.hpp"
#include "written_rows.hpp"

namespace forebay::detail {

// The connection that a call runs on: its transaction's, or one on loan.
class borrowed_connection {
 public:
  explicit borrowed_connection(connection& of_transaction) : connection_(&of_transaction) {}
  explicit borrowed_connection(lease on_loan) : lease_(std::move(on_loan)), connection_(&**lease_) {}
  [[nodiscard]] connection& operator*() const noexcept { return *connection_; }
  [[nodiscard]] connection* operator->() const noexcept { return connection_; }

 private:
  std::optional<lease> lease_;
  connection* connection_;
};

// Binds the cache to a commit: what the transaction wrote is worthless in the cache before commit() returns.
class cache_invalidation final : public commit_hook {
 public:
  explicit cache_invalidation(tiered_cache& cache) : cache_(cache) {}
  void committed(const operation& op, position at) noexcept override { cache_.apply(op, writes, at); }
  void maybe_committed(const operation& op) noexcept override { cache_.apply(op, writes, position()); }

  write_set writes;

 private:
  tiered_cache& cache_;
};

// Throws errc::read_only.
void check_may_write(const operation& op, const transaction& tx);

// Never 0, never twice in a process: an observer may watch several databases.
[[nodiscard]] std::uint64_t next_session_id() noexcept;

// What a database is made of.
class database_core {
 public:
  explicit database_core(database_options options);

  [[nodiscard]] operation describe(const context& in, const char* name, const call_site& where);
  [[nodiscard]] borrowed_connection connect(const operation& op, statement_intent intent);

  // A transaction, bound to the cache. The default is one that may write.
  [[nodiscard]] transaction begin(const operation& op, const transaction_options& options = {},
                                  std::size_t attempt = 1);

  // Runs `work(connection, write_set)`: in the context's transaction, or by itself, in which case the cache follows at
  // once. Work notes what it is going to write before it does.
  template <class Work>
  auto write(const operation& op, Work work);

  // What the schema says of the cached tables; asked for by the first write, and again when everything cached has
  // become worthless: a change of the schema does that, and another process's commit. To be had before the statement
  // runs.
  [[nodiscard]] std::shared_ptr<const schema_facts> schema(const operation& op, connection& on,
                                                           const write_set& writes);

  // The statements of an entity, written when first asked for.
  [[nodiscard]] const entity_statements& statements_of(const entity_table& table);

  const database* owner = nullptr;
  std::atomic<std::size_t> open_sessions{0};
  runtime& time;
  const milliseconds session_deadline;
  event_stream events;
  const std::vector<const entity_table*> cached;  // an entity's place is its space in the cache
  tiered_cache cache;
  forebay::router router;  // goes first, and waits for what is under way
  others_watch others{router, cache};

 private:
  // Runs the work of `write`, and adds what follows from the schema to what it noted.
  template <class Work>
  auto note_writes(const operation& op, connection& on, write_set& writes, Work& work);
  // A connection that is not a transaction's. Throws session_in_transaction where this thread would wait for itself.
  [[nodiscard]] lease lend(const operation& op, statement_intent intent);
  void check_not_waiting_for_itself(const operation& op, statement_intent intent) const;

  std::shared_mutex statements_mutex_;
  std::unordered_map<const entity_table*, std::unique_ptr<entity_statements>> statements_;
  std::mutex schema_mutex_;
  std::shared_ptr<const schema_facts> schema_;
  std::uint64_t schema_generation_ = 0;  // of the cache, when the schema was asked for
};

template <class Work>
auto database_core::note_writes(const operation& op, connection& on, write_set& writes, Work& work) {
  const auto facts = schema(op, on, writes);
  const std::size_t rows = writes.rows.size();
  const std::size_t tables = writes.tables.size();
  try {
    auto result = work(on, writes);
    note_schema(*facts, rows, tables, writes);
    return result;
  } catch (...) {
    note_schema(*facts, rows, tables, writes);
    throw;
  }
}

template <class Work>
auto database_core::write(const operation& op, Work work) {
  if (transaction* tx = op.in.in_transaction()) {
    check_may_write(op, *tx);
    return note_writes(op, tx->connection(op), static_cast<cache_invalidation&>(tx->hook()).writes, work);
  }
  write_set writes;
  const lease on = lend(op, statement_intent::write);
  try {
    auto result = note_writes(op, *on, writes, work);
    cache.apply(op, writes, on->asof());
    return result;
  } catch (const error& e) {
    if (e.outcome() != outcome::not_applied) cache.apply(op, writes, position());
    throw;
  } catch (...) {  // no driver's error: nobody knows how far it got
    cache.apply(op, writes, position());
    throw;
  }
}

}  // namespace forebay::detail
