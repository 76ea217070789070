// The lexer, the analysis and the normal form, in every dialect: no text may crash them, and what is said to hold for
// any bytes must hold.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <forebay/sql/analysis.hpp>
#include <forebay/sql/fingerprint.hpp>

#include "sql/lexer.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_tokens(const forebay::dialect& d, std::string_view text, bool sanitised) {
  using forebay::detail::token_kind;
  forebay::detail::lexer tokens(d, text);
  std::size_t end = 0;
  for (auto t = tokens.next(); t.kind != token_kind::end; t = tokens.next()) {
    require(t.at >= end && t.at + t.text.size() <= text.size());
    require(text.substr(t.at, t.text.size()) == t.text);
    require(!t.text.empty() || tokens.unsure());
    end = t.at + t.text.size();
    if (sanitised) require(t.kind != token_kind::number && t.kind != token_kind::text);
  }
}

void check(const forebay::dialect& d, std::string_view text) {
  check_tokens(d, text, false);
  const std::string clean = forebay::sanitised(d, text);
  check_tokens(d, clean, true);
  require(forebay::sanitised(d, clean) == clean);
  require(forebay::fingerprint_of(d, text) == forebay::fingerprint_of(d, clean));

  const forebay::statement_analysis a = forebay::analyse(d, text);
  require(a.table_wide == a.keys.empty());
  require(a.keys.empty() || (a.tables_known && a.may_write && !a.tables_written.empty()));
  require(!a.tables_known || a.operation != forebay::sql_operation::unknown);
  for (const forebay::key_condition& key : a.keys) require(!key.column.empty() && key.at + key.length <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  forebay::dialect ansi = forebay::mysql_dialect;
  ansi.ansi_quotes = true;
  const std::array<const forebay::dialect*, 4> all{&forebay::sqlite_dialect, &forebay::postgresql_dialect,
                                                   &forebay::mysql_dialect, &ansi};
  for (const forebay::dialect* d : all) check(*d, text);
  return 0;
}
