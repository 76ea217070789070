#pragma once

#include <span>
#include <string_view>

#include <forebay/sql/statement.hpp>

#include "entity_statements.hpp"

namespace forebay::detail {

inline statement make_statement(const statement_text& text, std::span<const parameter> parameters,
                                statement_intent intent, std::string_view table, std::string_view key_column = {}) {
  return {text.text, text.hash, parameters, intent, table, key_column};
}

}  // namespace forebay::detail
