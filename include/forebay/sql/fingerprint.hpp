#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <forebay/export.hpp>
#include <forebay/sql/dialect.hpp>

namespace forebay {

// A number for the exact bytes of a text: FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv); constexpr, so
// that a literal's costs nothing at run time.
constexpr std::uint64_t text_hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

// A statement's text for people and reports: no literal survives in it, whatever its quotes. Literals and placeholders
// become ?, lists of IN and ARRAY and the rows of VALUES keep one of several equal elements, comments are dropped,
// words are in lower case. From a quote that does not end on, all is one ?. NULL, TRUE and FALSE may stay. Linear, on
// any bytes; sanitising twice gives the same.
[[nodiscard]] FOREBAY_API std::string sanitised(const dialect& d, std::string_view text);

// The text hash of the sanitised text: equal for statements that differ in white space, comments, literals, the case of
// letters outside quotes, or the length of lists only.
[[nodiscard]] FOREBAY_API std::uint64_t fingerprint_of(const dialect& d, std::string_view text);

// The same for a text whose hash is known, which is computed once and then looked up: the thousands of texts that were
// used last are remembered. Thread-safe, without locks.
[[nodiscard]] FOREBAY_API std::uint64_t fingerprint_of(const dialect& d, std::string_view text,
                                                       std::uint64_t text_hash);

}  // namespace forebay
