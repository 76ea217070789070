#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <forebay/block.hpp>
#include <forebay/event.hpp>
#include <forebay/position.hpp>

#include "cache/flight.hpp"
#include "cache/key.hpp"
#include "cache/memory_cache.hpp"

namespace forebay {

class registers;

// The right to fill one key once: a flight that its holder leads. Whoever lets it go without landing or failing
// abandons the flight. Movable.
class fill_lease {
 public:
  fill_lease() noexcept = default;
  fill_lease(registers& from, std::shared_ptr<flight> led) noexcept : registers_(&from), flight_(std::move(led)) {}
  fill_lease(fill_lease&& other) noexcept = default;
  fill_lease& operator=(fill_lease&&) = delete;
  ~fill_lease();

 private:
  friend class registers;
  registers* registers_ = nullptr;
  std::shared_ptr<flight> flight_;
};

// What the process remembers for each stripe of keys: how often it was written (the generation), the highest position
// that was written to it or read from it, and the flights under way. Here a fill is accepted or refused: section 1 of
// the protocol. Thread-safe.
class registers {
 public:
  explicit registers(memory_cache& memory) : memory_(memory) {}

  struct boarding {
    std::shared_ptr<flight> joined;  // somebody else leads, or
    fill_lease lease;                // we do
  };
  // Joins the flight of this key when it started from the same stamp and the reader needs no particular position (how
  // far a flight has got is not known before it lands); otherwise starts one, which supersedes it. A flight that was
  // overtaken by a write is no longer here to be joined (rule 6).
  [[nodiscard]] boarding join_or_start(const cache_key& key, std::uint64_t stamp, position need);

  // Ends a load: stores `entry` only if no write and no other load of this key came between (rules 1 and 5); drops what
  // was there in any case. `keep` false: the value is not to be stored. Tells fill, fill_refused or too_large.
  cache_action land(fill_lease lease, cache_entry entry, bool keep);
  void fail(fill_lease lease, load_failure why) noexcept;

  // A write of this key was committed at `at`, or may have been (rule 2).
  void written(const cache_key& key, position at) noexcept;

  [[nodiscard]] position position_of(const cache_key& key);

 private:
  friend class fill_lease;
  static constexpr std::size_t stripe_count = 4096;

  struct stripe {
    std::mutex mutex;
    std::uint64_t generation = 0;
    position highest;
    std::vector<std::shared_ptr<flight>> under_way;

    [[nodiscard]] bool accepts(const flight& f) const noexcept;
    void remove(const cache_key& key) noexcept;
  };

  [[nodiscard]] stripe& stripe_of(const cache_key& key) noexcept { return stripes_[(key.hash >> 16) % stripe_count]; }
  void leave(const flight& f) noexcept;

  memory_cache& memory_;
  std::unique_ptr<stripe[]> stripes_ = std::make_unique<stripe[]>(stripe_count);
};

}  // namespace forebay
