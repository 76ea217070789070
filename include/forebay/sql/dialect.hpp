#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <forebay/export.hpp>

namespace forebay {

// What differs between databases in the text of a statement.
struct dialect {
  enum class placeholder : std::uint8_t { question_mark, dollar_number };

  std::string_view name;  // "sqlite"
  placeholder placeholders;
  char quote;                   // around identifiers
  std::size_t max_parameters;   // of one statement
  std::string_view empty_list;  // stands for an empty ({}): a list that holds nothing
  std::string_view exact;       // behind a comparison of texts: byte by byte, whatever the column's collation
};

FOREBAY_API extern const dialect sqlite_dialect;
FOREBAY_API extern const dialect postgresql_dialect;

// An identifier in the dialect's quotes; a dot separates schema and table. Braces are doubled, so that the result can
// stand in a statement's text.
FOREBAY_API std::string quote_identifier(const dialect& d, std::string_view name);

}  // namespace forebay
