#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <forebay/sql/fingerprint.hpp>

namespace forebay::detail {

// The text of a statement that the library writes itself, with its fingerprint.
struct statement_text {
  explicit statement_text(std::string t) : text(std::move(t)), fingerprint(fingerprint_of(text)) {}
  std::string text;
  std::uint64_t fingerprint;
};

}  // namespace forebay::detail
