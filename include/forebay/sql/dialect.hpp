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
  // Whose quotes, comments and numbers a text is written in.
  enum class family : std::uint8_t { sqlite, postgresql, mysql };

  std::string_view name;  // "sqlite"
  placeholder placeholders;
  char quote;                           // around identifiers
  std::size_t max_parameters;           // of one statement
  std::string_view empty_list;          // stands for an empty ({}): a list that holds nothing
  std::size_t longest_list = SIZE_MAX;  // of more values a list is one parameter: long_list, with {} where it goes
  std::string_view long_list{};
  bool null_is_smallest = true;  // in an order that does not say where NULLs stand
  bool row_locks = true;         // select ... for update; without it, whoever writes has the whole database
  std::string_view exact;        // behind a comparison of texts: byte by byte, whatever the column's collation
  std::string_view overflow{};   // fails when it is evaluated, for sums that do not fail by themselves
  family lexical = family::sqlite;
  bool ansi_quotes = false;  // MySQL's mode of that name: "a" is a name there, as it is everywhere else
};

FOREBAY_API extern const dialect sqlite_dialect;
FOREBAY_API extern const dialect postgresql_dialect;  // standard_conforming_strings is on, as it is by default
FOREBAY_API extern const dialect mysql_dialect;       // and MariaDB; with backslash escapes, as by default

// An identifier in the dialect's quotes; a dot separates schema and table. Braces are doubled, so that the result can
// stand in a statement's text.
FOREBAY_API std::string quote_identifier(const dialect& d, std::string_view name);

}  // namespace forebay
