#pragma once

#include <cstdint>
#include <string_view>

namespace forebay {

// A number for a statement's text: equal for texts that differ in white space only. FNV-1a, 64 bits
// (http://www.isthe.com/chongo/tech/comp/fnv); constexpr, so that a literal's costs nothing at run time.
constexpr std::uint64_t fingerprint_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  bool gap = false;
  bool started = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      gap = started;
      continue;
    }
    if (gap) hash = (hash ^ static_cast<unsigned char>(' ')) * 0x100000001b3u;
    gap = false;
    started = true;
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return hash;
}

}  // namespace forebay
