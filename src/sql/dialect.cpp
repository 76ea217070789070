#include <forebay/sql/dialect.hpp>

namespace forebay {

// SQLITE_MAX_VARIABLE_NUMBER of every build since 3.32.
constinit const dialect sqlite_dialect{"sqlite", dialect::placeholder::question_mark, '"', 32766,
                                       "select null where false"};
// The protocol counts parameters in 16 bits.
constinit const dialect postgresql_dialect{"postgresql", dialect::placeholder::dollar_number, '"', 65535,
                                           "select null where false"};

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
