#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <forebay/sql/fingerprint.hpp>

namespace forebay::detail {

// The text of a statement that the library writes itself, with its hash.
struct statement_text {
  explicit statement_text(std::string t) : text(std::move(t)), hash(text_hash_of(text)) {}
  std::string text;
  std::uint64_t hash;
};

}  // namespace forebay::detail
