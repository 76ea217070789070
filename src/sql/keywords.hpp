#pragma once

#include <cstdint>
#include <string_view>

namespace forebay::detail {

// Words that mean something to the analysis or the normal form. `none`: any other.
enum class keyword : std::uint8_t {
  none,
#define FOREBAY_KEYWORD(word) word##_,
#include "keywords.inc"
#undef FOREBAY_KEYWORD
};

keyword keyword_of(std::string_view word) noexcept;

// Functions that every database in question has and that change nothing.
bool is_known_function(std::string_view name) noexcept;

}  // namespace forebay::detail
