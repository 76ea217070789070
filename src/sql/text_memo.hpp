#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <forebay/sql/dialect.hpp>

namespace forebay::detail {

// What was worked out for the texts that were used last: a number for a text in a dialect, found by the hash of the
// text. Of fixed size, and thread-safe without locks: a pair of numbers is written one after the other, the key mixed
// with the value, so that a reader that catches halves of two texts takes them for neither (Hyatt and Mann, "A
// lock-less transposition table").
class text_memo {
 public:
  // What is known, or what `work_out` gives.
  template <class WorkOut>
  std::uint64_t get(const dialect& d, std::uint64_t text_hash, WorkOut work_out) {
    if (text_hash == 0) return work_out();  // nobody has computed it
    const std::uint64_t variant = static_cast<std::uint64_t>(d.lexical) * 2 + (d.ansi_quotes ? 1 : 0) + 1;
    const std::uint64_t key = text_hash ^ (variant * 0x9e3779b97f4a7c15u);
    slot& s = slots_[key % slots_.size()];
    const std::uint64_t known = s.value.load(std::memory_order_relaxed);
    if ((s.key_with_value.load(std::memory_order_relaxed) ^ known) == key) return known;
    const std::uint64_t value = work_out();
    s.value.store(value, std::memory_order_relaxed);
    s.key_with_value.store(key ^ value, std::memory_order_relaxed);
    return value;
  }

 private:
  struct slot {
    std::atomic<std::uint64_t> key_with_value{0};
    std::atomic<std::uint64_t> value{0};
  };
  std::array<slot, 4096> slots_{};
};

}  // namespace forebay::detail
