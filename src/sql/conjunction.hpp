#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <forebay/sql/analysis.hpp>

#include "keywords.hpp"
#include "lexer.hpp"

namespace forebay::detail {

// The table that an UPDATE or DELETE changes, as its columns may be qualified.
struct changed_table {
  std::string name{};
  std::string alias{};  // hides the name
  [[nodiscard]] bool is_meant_by(std::string_view qualifier) const noexcept {
    return same_letters(qualifier, alias.empty() ? name : alias);
  }
};

// What a WHERE demands of every row: finds "column = value" among the terms that AND joins. It sees the tokens of one
// level of parentheses; a term that is nothing but parentheses is a conjunction of its own, whose findings count when
// the term ends behind them. Findings are appended to `found` and taken back when they turn out to mean nothing.
class conjunction {
 public:
  struct surroundings {
    const dialect& sql;
    const changed_table& table;
    std::vector<key_condition>& found;
  };

  conjunction() = default;
  explicit conjunction(const surroundings& in) : first_(in.found.size()), term_first_(first_) {}

  // A token that is no parenthesis. `argument` is the number of the {} that it is.
  void take(const surroundings& in, const token& t, keyword k, std::size_t argument);

  enum class parentheses : std::uint8_t { terms, list, other };
  // What the parentheses hold that open now.
  parentheses open(const surroundings& in);
  void close_terms() noexcept { step_ = step::group; }
  void close_list(const surroundings& in, bool one_argument, std::size_t argument);

  // Whether the next word can stand behind the WHERE: not where a column must come.
  [[nodiscard]] bool may_end() const noexcept { return step_ != step::start; }
  // No token follows.
  void end(const surroundings& in);

 private:
  enum class step : std::uint8_t {
    start,
    column,         // a
    column_dot,     // t.
    column_equals,  // a =
    column_sign,    // a = -
    column_in,      // a in
    value,          // 1
    value_sign,     // -
    value_equals,   // 1 =
    value_column,   // 1 = a
    value_dot,      // 1 = t.
    complete,       // a = 1
    group,          // (...)
    other
  };

  void take_word(const surroundings& in, const token& t, keyword k);
  void take_name(const surroundings& in, const token& t);
  void take_value(const surroundings& in, const token& t, std::size_t argument);
  void take_symbol(const surroundings& in, const token& t);
  void spoil(const surroundings& in);
  void end_term(const surroundings& in);

  std::size_t first_ = 0;
  std::size_t term_first_ = 0;  // what the term's own parentheses found begins here
  step step_ = step::start;
  bool any_of_ = false;  // OR, or something that may hide one
  bool qualified_ = false;
  std::uint32_t betweens_ = 0;  // whose AND is still to come
  bool negative_ = false;
  std::size_t sign_at_ = 0;
  key_condition now_{};
};

}  // namespace forebay::detail
