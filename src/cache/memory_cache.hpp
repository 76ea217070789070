#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <forebay/block.hpp>
#include <forebay/clock.hpp>

#include "cache/key.hpp"

namespace forebay {

// What the cache keeps under a key.
struct cache_entry {
  cache_entry(block_ptr v, time_point e, std::uint64_t s)
      : value(std::move(v)), expires(e), stamp(s), bytes(value->bytes()) {}

  block_ptr value;
  time_point expires;
  std::uint64_t stamp;  // of what the value depends on, from before its load; see dependency_stamps
  std::size_t bytes;    // of the value, counted here because it is the application's types that count
};

// What an operation took out of the cache, for the caller to destroy when it holds no lock: destructors are user code.
using dropped_blocks = std::vector<block_ptr>;

struct memory_statistics {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  std::size_t capacity = 0;
  std::uint64_t evictions = 0;  // for want of room
};

// Recently used values, bounded in bytes: keys, values with what they own, and the index itself are counted. The least
// recently used goes first. Thread-safe; sharded.
class memory_cache {
 public:
  explicit memory_cache(std::size_t capacity_bytes);
  ~memory_cache();

  // The entry, unless it has expired. Moves it to the front.
  [[nodiscard]] std::optional<cache_entry> find(const cache_key& key, time_point now);
  // Replaces what is there. False when the entry alone is too large: then nothing is left under the key.
  bool put(const cache_key& key, cache_entry entry, dropped_blocks& dropped);
  // What was there, for the caller to destroy likewise.
  block_ptr erase(const cache_key& key) noexcept;
  [[nodiscard]] memory_statistics statistics() const;

 private:
  struct shard;
  [[nodiscard]] shard& shard_of(const cache_key& key) const noexcept;

  std::size_t shard_mask_;
  std::size_t shard_capacity_;
  std::unique_ptr<shard[]> shards_;
};

}  // namespace forebay
