#include "cache/memory_cache.hpp"

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>

#include <algorithm>
#include <bit>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace forebay {

namespace {

namespace bmi = boost::multi_index;

struct node {
  std::uint32_t space;
  std::uint64_t hash;
  std::string key;
  mutable cache_entry entry;  // no index looks at it
  std::size_t bytes;

  [[nodiscard]] cache_key view() const noexcept { return {space, hash, key}; }
};

struct hash_of {
  std::size_t operator()(const node& n) const noexcept { return n.hash; }
  std::size_t operator()(const cache_key& k) const noexcept { return k.hash; }
};

struct same_key {
  bool operator()(const node& a, const node& b) const noexcept { return a.view() == b.view(); }
  bool operator()(const cache_key& a, const node& b) const noexcept { return a == b.view(); }
  bool operator()(const node& a, const cache_key& b) const noexcept { return a.view() == b; }
};

// By key, and by use: the most recently used first.
using table = bmi::multi_index_container<
    node, bmi::indexed_by<bmi::hashed_unique<bmi::identity<node>, hash_of, same_key>, bmi::sequenced<>>>;

constexpr std::size_t smallest_shard = std::size_t{4} << 20;
constexpr std::size_t most_shards = 16;
// The node with the indexes' links, its place in the hash table, and what the allocator adds to node and block.
constexpr std::size_t entry_overhead = sizeof(table::node_type) + 2 * sizeof(void*) + 2 * std::size_t{8};

std::size_t shard_count(std::size_t capacity) {
  return std::bit_floor(std::clamp<std::size_t>(capacity / smallest_shard, 1, most_shards));
}

std::size_t bytes_of(const cache_key& key, const cache_entry& entry) {
  const std::size_t key_on_heap = key.bytes.size() > std::string().capacity() ? key.bytes.size() + 1 : 0;
  return entry_overhead + key_on_heap + entry.bytes;
}

}  // namespace

struct alignas(64) memory_cache::shard {
  block_ptr take(table::iterator at) noexcept {
    block_ptr taken = std::move(at->entry.value);
    bytes -= at->bytes;
    entries.erase(at);
    return taken;
  }
  void evict_oldest(dropped_blocks& dropped) {
    dropped.emplace_back();  // first: what can throw
    dropped.back() = take(entries.project<0>(std::prev(entries.get<1>().end())));
    ++evictions;
  }

  mutable std::mutex mutex;
  table entries;
  std::size_t bytes = 0;
  std::uint64_t evictions = 0;
};

memory_cache::memory_cache(std::size_t capacity_bytes)
    : shard_mask_(shard_count(capacity_bytes) - 1),
      shard_capacity_(capacity_bytes / (shard_mask_ + 1)),
      shards_(std::make_unique<shard[]>(shard_mask_ + 1)) {}

memory_cache::~memory_cache() = default;

// Bits in the middle: the hash table uses the low ones.
memory_cache::shard& memory_cache::shard_of(const cache_key& key) const noexcept {
  return shards_[(key.hash >> 40) & shard_mask_];
}

std::optional<cache_entry> memory_cache::find(const cache_key& key, time_point now) {
  shard& s = shard_of(key);
  const std::lock_guard guard(s.mutex);
  const auto at = s.entries.find(key);
  if (at == s.entries.end() || at->entry.expires <= now) return std::nullopt;
  auto& by_use = s.entries.get<1>();
  by_use.relocate(by_use.begin(), s.entries.project<1>(at));
  return at->entry;
}

bool memory_cache::put(const cache_key& key, cache_entry entry, dropped_blocks& dropped) {
  const std::size_t bytes = bytes_of(key, entry);
  if (bytes > shard_capacity_) {
    dropped.push_back(erase(key));
    dropped.push_back(std::move(entry.value));
    return false;
  }
  node fresh{key.space, key.hash, std::string(key.bytes), std::move(entry), bytes};
  shard& s = shard_of(key);
  const std::lock_guard guard(s.mutex);
  if (const auto old = s.entries.find(key); old != s.entries.end()) {
    dropped.emplace_back();
    dropped.back() = s.take(old);
  }
  while (s.bytes + bytes > shard_capacity_) s.evict_oldest(dropped);
  s.entries.get<1>().push_front(std::move(fresh));
  s.bytes += bytes;
  return true;
}

block_ptr memory_cache::erase(const cache_key& key) noexcept {
  shard& s = shard_of(key);
  const std::lock_guard guard(s.mutex);
  const auto at = s.entries.find(key);
  return at == s.entries.end() ? block_ptr() : s.take(at);
}

memory_statistics memory_cache::statistics() const {
  memory_statistics sum{.capacity = shard_capacity_ * (shard_mask_ + 1)};
  for (std::size_t i = 0; i <= shard_mask_; ++i) {
    const std::lock_guard guard(shards_[i].mutex);
    sum.entries += shards_[i].entries.size();
    sum.bytes += shards_[i].bytes;
    sum.evictions += shards_[i].evictions;
  }
  return sum;
}

}  // namespace forebay
