#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "cache/memory_cache.hpp"

namespace forebay {
namespace {

constexpr std::size_t one_shard = std::size_t{64} << 10;
const time_point start{std::chrono::hours(1)};

cache_key key(const std::string& id) { return make_cache_key(0, id); }

void put(memory_cache& cache, const std::string& id, std::string text, time_point expires = start + seconds(10)) {
  dropped_blocks dropped;
  cache.put(key(id), {block::make(std::move(text)), expires, 0}, dropped);
}

std::string find(memory_cache& cache, const std::string& id, time_point now = start) {
  const auto found = cache.find(key(id), now);
  return found ? *static_cast<const std::string*>(found->value->payload()) : "";
}

TEST(MemoryCache, FindsWhatWasPutUntilItExpires) {
  memory_cache cache(one_shard);
  put(cache, "a", "one");
  EXPECT_EQ(find(cache, "a"), "one");
  EXPECT_EQ(find(cache, "b"), "");
  EXPECT_EQ(find(cache, "a", start + seconds(10)), "");
}

TEST(MemoryCache, ReplacesAndErases) {
  memory_cache cache(one_shard);
  put(cache, "a", "one");
  put(cache, "a", "two");
  EXPECT_EQ(find(cache, "a"), "two");
  EXPECT_EQ(cache.statistics().entries, 1u);
  const block_ptr erased = cache.erase(key("a"));
  EXPECT_EQ(find(cache, "a"), "");
  EXPECT_EQ(cache.statistics().bytes, 0u);
  EXPECT_TRUE(erased);
}

TEST(MemoryCache, EvictsTheLeastRecentlyUsedAndStaysWithinItsBytes) {
  memory_cache cache(one_shard);
  for (int i = 0; i < 10; ++i) put(cache, std::to_string(i), std::string(5000, 'x'));
  EXPECT_FALSE(find(cache, "0").empty());  // used again: it outlives "1"
  for (int i = 10; i < 13; ++i) put(cache, std::to_string(i), std::string(5000, 'x'));
  EXPECT_FALSE(find(cache, "0").empty());
  EXPECT_TRUE(find(cache, "1").empty());
  EXPECT_LE(cache.statistics().bytes, cache.statistics().capacity);
  EXPECT_GT(cache.statistics().evictions, 0u);
}

TEST(MemoryCache, RefusesWhatIsLargerThanItselfAndDropsWhatWasThere) {
  memory_cache cache(one_shard);
  put(cache, "a", "small");
  dropped_blocks dropped;
  EXPECT_FALSE(cache.put(key("a"), {block::make(std::string(one_shard, 'x')), start + seconds(1), 0}, dropped));
  EXPECT_EQ(find(cache, "a"), "");
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(MemoryCache, CountsLongKeys) {
  memory_cache cache(one_shard);
  put(cache, "short", "x");
  const std::size_t before = cache.statistics().bytes;
  put(cache, std::string(1000, 'k'), "x");
  EXPECT_GE(cache.statistics().bytes, 2 * before + 1000);
}

TEST(MemoryCache, KeysOfDifferentSpacesNeverMeet) {
  memory_cache cache(one_shard);
  put(cache, "a", "one");
  EXPECT_FALSE(cache.find(make_cache_key(1, "a"), start));
}

}  // namespace

// A destructor is user code, and may use the cache: it must not run under the cache's lock.
struct uses_the_cache {
  memory_cache* cache = nullptr;
  uses_the_cache() = default;
  explicit uses_the_cache(memory_cache& c) : cache(&c) {}
  uses_the_cache(uses_the_cache&& other) noexcept : cache(std::exchange(other.cache, nullptr)) {}
  ~uses_the_cache() {
    if (cache != nullptr) static_cast<void>(cache->find(key("a"), start));
  }
};

template <>
struct payload_traits<uses_the_cache> {
  static std::size_t heap_bytes(const uses_the_cache&) noexcept { return 0; }
};

namespace {

TEST(MemoryCache, DestroysValuesUnderNoLock) {
  memory_cache cache(one_shard);
  dropped_blocks dropped;
  cache.put(key("a"), {block::make(uses_the_cache(cache)), start + seconds(1), 0}, dropped);
  cache.put(key("a"), {block::make(uses_the_cache(cache)), start + seconds(1), 0}, dropped);
  dropped.push_back(cache.erase(key("a")));
  EXPECT_EQ(dropped.size(), 2u);
  dropped.clear();  // would deadlock under the lock
}

TEST(MemoryCache, ServesSeveralThreads) {
  memory_cache cache(std::size_t{1} << 20);
  std::vector<std::future<void>> threads;
  for (int t = 0; t < 4; ++t) {
    threads.push_back(std::async(std::launch::async, [&cache, t] {
      for (int i = 0; i < 5000; ++i) {
        const std::string id = std::to_string((i * 7 + t) % 300);
        const std::string found = find(cache, id);
        EXPECT_TRUE(found.empty() || found.starts_with(id + "/"));
        put(cache, id, id + "/" + std::string(static_cast<std::size_t>(i % 5000), 'x'));
        if (i % 50 == 0) static_cast<void>(cache.erase(key(id)));
      }
    }));
  }
  for (auto& t : threads) t.get();
  EXPECT_LE(cache.statistics().bytes, cache.statistics().capacity);
}

}  // namespace
}  // namespace forebay
