#include "conjunction.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace forebay::detail {

namespace {

using family = dialect::family;

// A text in plain quotes. None when it has escapes or several parts.
std::optional<std::string> plain_text(const dialect& d, std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '\'') return std::nullopt;
  literal = literal.substr(1, literal.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char c = literal[i];
    if (c == '\\' && d.lexical == family::mysql) return std::nullopt;
    if (c == '\'' || c == '{' || c == '}') {  // doubled, each of them
      if (i + 1 == literal.size() || literal[i + 1] != c) return std::nullopt;
      ++i;
    }
    text += c;
  }
  return text;
}

void set_literal(const dialect& d, const token& t, bool negative, key_condition& out) {
  out.from = key_condition::source::literal;
  if (t.kind == token_kind::text) {
    if (auto text = plain_text(d, t.text)) {
      out.from = key_condition::source::text;
      out.text = std::move(*text);
    }
    return;
  }
  const std::string digits = (negative ? "-" : "") + std::string(t.text);
  const char* end = digits.data() + digits.size();
  const auto [stopped, failure] = std::from_chars(digits.data(), end, out.integer);
  if (stopped == end && failure == std::errc()) out.from = key_condition::source::integer;
}

}  // namespace

void conjunction::take(const surroundings& in, const token& t, keyword k, std::size_t argument) {
  switch (t.kind) {
    case token_kind::word: return take_word(in, t, k);
    case token_kind::quoted_name: return take_name(in, t);
    case token_kind::symbol: return take_symbol(in, t);
    case token_kind::number:
    case token_kind::text:
    case token_kind::placeholder: return take_value(in, t, argument);
    case token_kind::end: break;
  }
}

void conjunction::take_word(const surroundings& in, const token& t, keyword k) {
  switch (k) {
    case keyword::between_: ++betweens_; return spoil(in);
    case keyword::and_:
      if (betweens_ > 0) return --betweens_, spoil(in);
      return end_term(in);
    case keyword::or_:
    case keyword::xor_:
    case keyword::case_:  // its END cannot be told from a column of that name
      any_of_ = true;
      return spoil(in);
    case keyword::in_:
      if (step_ != step::column) return spoil(in);
      step_ = step::column_in;
      return;
    default: return take_name(in, t);
  }
}

void conjunction::take_name(const surroundings& in, const token& t) {
  const bool may_begin = step_ == step::start || step_ == step::value_equals;
  const bool behind_dot = step_ == step::column_dot || step_ == step::value_dot;
  if (!may_begin && !behind_dot) return spoil(in);
  if (behind_dot && (qualified_ || !in.table.is_meant_by(now_.column))) return spoil(in);
  now_.column = name_of(in.sql, t);
  if (now_.column.empty()) return spoil(in);
  qualified_ = behind_dot;
  step_ = step_ == step::start || step_ == step::column_dot ? step::column : step::value_column;
}

void conjunction::take_value(const surroundings& in, const token& t, std::size_t argument) {
  const bool signed_number = step_ == step::column_sign || step_ == step::value_sign;
  const bool may_stand = step_ == step::start || step_ == step::column_equals;
  if (!may_stand && !(signed_number && t.kind == token_kind::number)) return spoil(in);
  now_.at = signed_number ? sign_at_ : t.at;
  now_.length = t.at + t.text.size() - now_.at;
  if (t.kind != token_kind::placeholder) {
    set_literal(in.sql, t, signed_number && negative_, now_);
  } else if (t.text == "{}") {
    now_.from = key_condition::source::argument;
    now_.argument = argument;
  } else if (in.sql.lexical == family::postgresql && t.text == "?") {
    return spoil(in);  // an operator
  } else {
    now_.from = key_condition::source::placeholder;
  }
  step_ = step_ == step::start || step_ == step::value_sign ? step::value : step::complete;
}

void conjunction::take_symbol(const surroundings& in, const token& t) {
  if (t.is(":=") || (t.is("||") && in.sql.lexical == family::mysql)) any_of_ = true;
  const bool equals = t.is('=') || (t.is("==") && in.sql.lexical == family::sqlite);
  const bool sign = t.is('-') || t.is('+');
  if (equals && step_ == step::column) {
    step_ = step::column_equals;
  } else if (equals && step_ == step::value) {
    step_ = step::value_equals;
  } else if (t.is('.') && step_ == step::column) {
    step_ = step::column_dot;
  } else if (t.is('.') && step_ == step::value_column) {
    step_ = step::value_dot;
  } else if (sign && (step_ == step::start || step_ == step::column_equals)) {
    step_ = step_ == step::start ? step::value_sign : step::column_sign;
    sign_at_ = t.at;
    negative_ = t.is('-');
  } else {
    spoil(in);
  }
}

conjunction::parentheses conjunction::open(const surroundings& in) {
  if (step_ == step::start) return parentheses::terms;
  if (step_ == step::column_in) return parentheses::list;
  spoil(in);
  return parentheses::other;
}

void conjunction::close_list(const surroundings& in, bool one_argument, std::size_t argument) {
  if (!one_argument) return spoil(in);
  now_.from = key_condition::source::argument;
  now_.argument = argument;
  step_ = step::complete;
}

void conjunction::spoil(const surroundings& in) {
  in.found.resize(term_first_);
  step_ = step::other;
}

void conjunction::end_term(const surroundings& in) {
  if (step_ == step::complete || step_ == step::value_column) {
    in.found.push_back(std::move(now_));
  } else if (step_ != step::group) {
    in.found.resize(term_first_);
  }
  term_first_ = in.found.size();
  step_ = step::start;
  qualified_ = false;
  now_ = {};
}

void conjunction::end(const surroundings& in) {
  end_term(in);
  if (any_of_ || betweens_ > 0) in.found.resize(first_);
}

}  // namespace forebay::detail
