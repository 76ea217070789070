#pragma once

#include <atomic>
#include <cstdint>
#include <random>

#include <forebay/position.hpp>

namespace forebay::soci {

// Positions of a SQLite database: its commits, counted by this process. There is one writer, so they come one after the
// other. The timeline is random, because the count means nothing to another process. Thread-safe.
class sqlite_commits {
 public:
  // A commit becomes visible to readers somewhere between these two.
  void begin() noexcept { begun_.fetch_add(1, std::memory_order_acq_rel); }
  void end() noexcept { done_.store(begun_.load(std::memory_order_acquire), std::memory_order_release); }

  [[nodiscard]] position asof() const noexcept { return {timeline_, done_.load(std::memory_order_acquire)}; }
  [[nodiscard]] position upto() const noexcept { return {timeline_, begun_.load(std::memory_order_acquire)}; }

 private:
  const std::uint64_t timeline_ = (std::uint64_t{std::random_device{}()} << 32) | 1;
  std::atomic<std::uint64_t> begun_{0};
  std::atomic<std::uint64_t> done_{0};
};

}  // namespace forebay::soci
