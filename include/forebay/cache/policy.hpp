#pragma once

#include <forebay/clock.hpp>

namespace forebay {

// How long the rows of an entity are kept.
struct cache_policy {
  milliseconds memory_ttl{30'000};   // 1 ms to 30 days; another process's writes are seen after at most this long
  milliseconds negative_ttl{5'000};  // 0 to 30 days, for "there is no such row"; 0: not kept
};

}  // namespace forebay
