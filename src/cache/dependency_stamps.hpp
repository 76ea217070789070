#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forebay {

// What a cached value depends on beside its own key: counters that only grow, and a stamp that is their sum, so that
// two equal stamps mean that nothing has changed in between. A stamp is taken before a load and kept with the value; a
// value whose stamp is not the current one is worth nothing (protocol rule 1.9).
//
// Two counters a table: the epoch counts writes to the table as a whole, which make cached rows worthless; the version
// counts every write to it, which makes values computed from it worthless. Tables share counters by the hash of their
// name: a collision costs a needless load. Thread-safe.
class dependency_stamps {
 public:
  [[nodiscard]] static std::size_t slot_of(std::string_view table) noexcept;
  // As databases compare the names of tables: without case, and with or without a schema.
  [[nodiscard]] static bool same_table(std::string_view a, std::string_view b) noexcept;

  // For a row of the table in this slot.
  [[nodiscard]] std::uint64_t of_row(std::size_t slot) const noexcept { return everything() + read(epochs_[slot]); }
  // For a value computed from these tables.
  [[nodiscard]] std::uint64_t of_tables(std::span<const std::size_t> slots) const noexcept {
    std::uint64_t sum = everything();
    for (const std::size_t slot : slots) sum += read(versions_[slot]);
    return sum;
  }

  void row_written(std::size_t slot) noexcept { raise(versions_[slot]); }
  void table_written(std::size_t slot) noexcept {
    raise(epochs_[slot]);
    raise(versions_[slot]);
  }
  void everything_written() noexcept { raise(everything_); }

 private:
  using counter = std::atomic<std::uint64_t>;
  static constexpr std::size_t slot_count = 1024;

  static std::uint64_t read(const counter& c) noexcept { return c.load(std::memory_order_acquire); }
  static void raise(counter& c) noexcept { c.fetch_add(1, std::memory_order_acq_rel); }
  [[nodiscard]] std::uint64_t everything() const noexcept { return read(everything_); }

  counter everything_{0};
  std::array<counter, slot_count> epochs_{};
  std::array<counter, slot_count> versions_{};
};

}  // namespace forebay
