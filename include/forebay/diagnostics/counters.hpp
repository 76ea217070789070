#pragma once

#include <atomic>
#include <cstdint>

#include <forebay/clock.hpp>
#include <forebay/event.hpp>
#include <forebay/export.hpp>

namespace forebay::diagnostics {

// How often what happened. Subtract an earlier one from a later one for what happened in between.
struct counts {
  std::uint64_t statements = 0;  // that ran on a database, failed ones included
  std::uint64_t failed_statements = 0;
  std::uint64_t rows = 0;           // read or changed
  std::uint64_t hits = 0;           // answered by the memory cache
  std::uint64_t negative_hits = 0;  // of these: "there is no such row"
  std::uint64_t misses = 0;
  std::uint64_t fills = 0;
  std::uint64_t refused_fills = 0;   // a write came between, or the value is too large or not to be kept
  std::uint64_t joined_flights = 0;  // waited for another call's load
  std::uint64_t commits = 0;         // of transactions; an unknown end counts here
  std::uint64_t rollbacks = 0;
  std::uint64_t invalidations = 0;
  std::uint64_t sessions = 0;    // that have ended
  nanoseconds statement_time{};  // the sum over all threads
  nanoseconds pool_wait{};

  // Hits among all look-ups; 0 when there were none.
  [[nodiscard]] double hit_ratio() const noexcept {
    const std::uint64_t lookups = hits + misses;
    return lookups == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(lookups);
  }
  FOREBAY_API friend counts operator-(const counts& later, const counts& earlier) noexcept;
};

// Counts events. Thread-safe; each number is exact, the numbers of one snapshot may be some events apart.
class FOREBAY_API counters final : public observer {
 public:
  [[nodiscard]] counts snapshot() const noexcept;

  void on_statement(const statement_event& e) noexcept override;
  void on_cache(const cache_event& e) noexcept override;
  void on_flight(const flight_event& e) noexcept override;
  void on_pool(const pool_event& e) noexcept override;
  void on_transaction(const transaction_event& e) noexcept override;
  void on_invalidation(const invalidation_event& e) noexcept override;
  void on_session(const session_event& e) noexcept override;

 private:
  using counter = std::atomic<std::uint64_t>;
  counter statements_{0}, failed_statements_{0}, rows_{0}, hits_{0}, negative_hits_{0}, misses_{0}, fills_{0},
      refused_fills_{0}, joined_flights_{0}, commits_{0}, rollbacks_{0}, invalidations_{0}, sessions_{0},
      statement_time_{0}, pool_wait_{0};
};

}  // namespace forebay::diagnostics
