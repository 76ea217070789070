#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/sql/dialect.hpp>

namespace forebay::detail {

// One statement of a script, as database::execute would take it: its braces are doubled, its semicolon is gone.
struct script_statement {
  std::string text;
  std::size_t line;  // of its first word, from 1
};

// Knows quotes, comments, and the semicolons within the body of a trigger. Empty statements are left out.
[[nodiscard]] std::vector<script_statement> split_script(const dialect& d, std::string_view text);

}  // namespace forebay::detail
