#include <forebay/diagnostics/counters.hpp>

namespace forebay::diagnostics {

counts operator-(const counts& later, const counts& earlier) noexcept {
  return {.statements = later.statements - earlier.statements,
          .failed_statements = later.failed_statements - earlier.failed_statements,
          .rows = later.rows - earlier.rows,
          .hits = later.hits - earlier.hits,
          .negative_hits = later.negative_hits - earlier.negative_hits,
          .misses = later.misses - earlier.misses,
          .fills = later.fills - earlier.fills,
          .refused_fills = later.refused_fills - earlier.refused_fills,
          .joined_flights = later.joined_flights - earlier.joined_flights,
          .commits = later.commits - earlier.commits,
          .rollbacks = later.rollbacks - earlier.rollbacks,
          .invalidations = later.invalidations - earlier.invalidations,
          .sessions = later.sessions - earlier.sessions,
          .statement_time = later.statement_time - earlier.statement_time,
          .pool_wait = later.pool_wait - earlier.pool_wait};
}

namespace {

void add(std::atomic<std::uint64_t>& counter, std::uint64_t n = 1) noexcept {
  counter.fetch_add(n, std::memory_order_relaxed);
}

void add(std::atomic<std::uint64_t>& counter, nanoseconds time) noexcept {
  if (time.count() > 0) add(counter, static_cast<std::uint64_t>(time.count()));
}

}  // namespace

counts counters::snapshot() const noexcept {
  const auto read = [](const counter& c) { return c.load(std::memory_order_relaxed); };
  return {.statements = read(statements_),
          .failed_statements = read(failed_statements_),
          .rows = read(rows_),
          .hits = read(hits_),
          .negative_hits = read(negative_hits_),
          .misses = read(misses_),
          .fills = read(fills_),
          .refused_fills = read(refused_fills_),
          .joined_flights = read(joined_flights_),
          .commits = read(commits_),
          .rollbacks = read(rollbacks_),
          .invalidations = read(invalidations_),
          .sessions = read(sessions_),
          .statement_time = nanoseconds(read(statement_time_)),
          .pool_wait = nanoseconds(read(pool_wait_))};
}

void counters::on_statement(const statement_event& e) noexcept {
  add(statements_);
  if (e.failed) add(failed_statements_);
  add(rows_, e.rows);
  add(statement_time_, e.execute + e.fetch);
}

void counters::on_cache(const cache_event& e) noexcept {
  switch (e.action) {
    case cache_action::negative_hit: add(negative_hits_); [[fallthrough]];
    case cache_action::hit: return add(hits_);
    case cache_action::miss: return add(misses_);
    case cache_action::fill: return add(fills_);
    case cache_action::fill_refused:
    case cache_action::too_large: return add(refused_fills_);
  }
}

void counters::on_flight(const flight_event&) noexcept { add(joined_flights_); }

void counters::on_pool(const pool_event& e) noexcept { add(pool_wait_, e.waited); }

void counters::on_transaction(const transaction_event& e) noexcept {
  add(e.end == transaction_end::rolled_back ? rollbacks_ : commits_);
}

void counters::on_invalidation(const invalidation_event&) noexcept { add(invalidations_); }
void counters::on_session(const session_event&) noexcept { add(sessions_); }

}  // namespace forebay::diagnostics
