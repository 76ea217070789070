#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <forebay/export.hpp>
#include <forebay/sql/dialect.hpp>
#include <forebay/sql/parameter.hpp>

namespace forebay {

enum class statement_intent : std::uint8_t { read, write };

// One statement, ready to run on any connection: the text with its `{}`, and what is bound to them. Views only.
struct statement {
  std::string_view text;
  std::uint64_t text_hash = 0;  // what drivers keep prepared statements under
  std::span<const parameter> parameters{};
  statement_intent intent = statement_intent::read;
  std::string_view table{};       // for diagnostics; empty for raw SQL
  std::string_view key_column{};  // for diagnostics: the one column that a look-up by key compares
};

// Whether a list is too long for a placeholder a value, and becomes one parameter (dialect::long_list).
[[nodiscard]] FOREBAY_API bool is_long_list(const dialect& d, const parameter& p) noexcept;

// The statement's text for the database: placeholders in its form, lists spelled out, doubled braces single. Throws
// value_out_of_range when there are more values than the database takes.
FOREBAY_API std::string render(const dialect& d, const statement& s);

// Whether a statement only reads and locks nothing, as far as its text tells: what cannot be told, and a SELECT that
// calls a function which may write, is not a plain read. Worked out once for a text. Thread-safe.
[[nodiscard]] FOREBAY_API bool is_plain_read(const dialect& d, const statement& s);

}  // namespace forebay
