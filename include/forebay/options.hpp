#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <forebay/cache/policy.hpp>
#include <forebay/clock.hpp>
#include <forebay/db/pool.hpp>
#include <forebay/db/url.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/event.hpp>
#include <forebay/runtime.hpp>
#include <forebay/sizes.hpp>

namespace forebay {

// An entity whose rows are cached, and for how long. Made by cache_for. It may be a view: every write to a table behind
// it drops all of its rows. So does every write to a table whose schema says ON CONFLICT REPLACE.
struct cached_entity {
  const entity_table* table = nullptr;
  cache_policy policy{};
};

template <entity T>
[[nodiscard]] constexpr cached_entity cache_for(cache_policy policy = {}) {
  return {&table_of<T>, policy};
}

struct cache_options {
  std::size_t memory = 64_MiB;            // bytes, 64 KiB to 1 TiB: values, keys and the index. A value that takes
                                          // more than a sixteenth of it may not be kept
  std::vector<cached_entity> entities{};  // rows of no other entity are cached
};

struct shard_options {
  database_url primary;
};

// Every member is checked when the database is made: invalid_option names the one that is wrong, and its range.
struct database_options {
  std::vector<shard_options> shards;  // exactly one
  cache_options cache{};
  pool_options pool{};
  milliseconds session_deadline{5'000};  // 1 ms to 1 day; for sessions that do not say
  std::vector<std::shared_ptr<observer>> observers{};
  forebay::runtime* time = nullptr;  // default: system_runtime(); must outlive the database
};

}  // namespace forebay
