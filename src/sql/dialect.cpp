#include <forebay/sql/dialect.hpp>

namespace forebay {

// SQLITE_MAX_VARIABLE_NUMBER of every build since 3.32. An integer sum that is too large becomes a floating-point
// number.
constinit const dialect sqlite_dialect{.name = "sqlite",
                                       .placeholders = dialect::placeholder::question_mark,
                                       .quote = '"',
                                       .max_parameters = 32'766,
                                       .empty_list = "select null where false",
                                       .longest_list = 4'096,
                                       .long_list = "select value from forebay_list({})",
                                       .row_locks = false,
                                       .exact = " collate binary",
                                       .overflow = "abs(-9223372036854775807 - 1)",
                                       .lexical = dialect::family::sqlite};
// The protocol counts parameters in 16 bits. Equality of texts is that of their bytes.
constinit const dialect postgresql_dialect{.name = "postgresql",
                                           .placeholders = dialect::placeholder::dollar_number,
                                           .quote = '"',
                                           .max_parameters = 65'535,
                                           .empty_list = "select null where false",
                                           .null_is_smallest = false,
                                           .exact = "",
                                           .lexical = dialect::family::postgresql};
// A prepared statement counts its parameters in 16 bits.
constinit const dialect mysql_dialect{.name = "mysql",
                                      .placeholders = dialect::placeholder::question_mark,
                                      .quote = '`',
                                      .max_parameters = 65'535,
                                      .empty_list = "select null where false",
                                      .exact = " collate utf8mb4_bin",
                                      .lexical = dialect::family::mysql};

std::string quote_identifier(const dialect& d, std::string_view name) {
  std::string quoted(1, d.quote);
  for (const char c : name) {
    if (c == '.') {
      quoted += {d.quote, '.', d.quote};
      continue;
    }
    quoted += c;
    if (c == d.quote || c == '{' || c == '}') quoted += c;
  }
  return quoted + d.quote;
}

}  // namespace forebay
