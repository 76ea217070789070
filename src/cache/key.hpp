#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace forebay {

// A key as the cache sees it: the space that it belongs to (the rows of one entity, or cached values), its canonical
// bytes, and a hash of both. A view.
struct cache_key {
  std::uint32_t space = 0;
  std::uint64_t hash = 0;
  std::string_view bytes;

  friend bool operator==(const cache_key& a, const cache_key& b) noexcept {
    return a.hash == b.hash && a.space == b.space && a.bytes == b.bytes;
  }
};

inline cache_key make_cache_key(std::uint32_t space, std::string_view bytes) noexcept {
  // The standard hash leaves nearby spaces nearby; the multiplication (2^64 / golden ratio) spreads them.
  const std::uint64_t hash = std::hash<std::string_view>{}(bytes) ^ (space + 1) * 0x9e3779b97f4a7c15u;
  return {space, hash, bytes};
}

}  // namespace forebay
