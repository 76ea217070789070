#include "normal_form.hpp"

#include <algorithm>
#include <utility>

#include "keywords.hpp"

namespace forebay::detail {

namespace {

bool is_word(const token& t, std::string_view word) noexcept {
  return t.kind == token_kind::word && same_letters(t.text, word);
}

bool opens(const token& t) noexcept { return t.is('(') || t.is('['); }
bool closes(const token& t) noexcept { return t.is(')') || t.is(']'); }

// Keywords that a parenthesis or a signed number stands behind, apart from names of functions.
bool ends_no_operand(std::string_view word) noexcept {
  switch (keyword_of(word)) {
    case keyword::and_:
    case keyword::as_:
    case keyword::between_:
    case keyword::by_:
    case keyword::case_:
    case keyword::distinct_:
    case keyword::else_:
    case keyword::except_:
    case keyword::filter_:
    case keyword::from_:
    case keyword::having_:
    case keyword::in_:
    case keyword::intersect_:
    case keyword::into_:
    case keyword::is_:
    case keyword::join_:
    case keyword::like_:
    case keyword::limit_:
    case keyword::not_:
    case keyword::offset_:
    case keyword::on_:
    case keyword::or_:
    case keyword::over_:
    case keyword::returning_:
    case keyword::select_:
    case keyword::set_:
    case keyword::then_:
    case keyword::union_:
    case keyword::using_:
    case keyword::values_:
    case keyword::when_:
    case keyword::where_:
    case keyword::with_: return true;
    default: return false;
  }
}

}  // namespace

normal_form::normal_form(const dialect& d, std::string_view text) : family_(d.lexical), lexer_(d, text) {
  constexpr std::size_t enough = 4096;  // a long text is mostly a long list
  out_.reserve(std::min(text.size() + text.size() / 4 + 16, enough));
}

std::string normal_form::write() && {
  for (token t = lexer_.next(); t.kind != token_kind::end; t = lexer_.next()) take(t);
  take_sign();
  return std::move(out_);
}

void normal_form::take(const token& t) {
  if (sign_.kind != token_kind::end && t.kind == token_kind::number) {
    sign_ = {};
  } else {
    take_sign();
  }
  if (is_unary_sign(t)) {
    sign_ = t;
    return;
  }
  // 'a' 'b' is one text in some dialects.
  if (t.kind == token_kind::text && last_.kind == token_kind::text) return;
  before(t);
  put(t);
  after(t);
  last_ = t;
}

void normal_form::take_sign() {
  if (sign_.kind == token_kind::end) return;
  before(sign_);
  put(sign_);
  last_ = std::exchange(sign_, {});
}

bool normal_form::is_unary_sign(const token& t) const {
  if (!t.is('-') && !t.is('+')) return false;
  if (last_.kind == token_kind::symbol) return !closes(last_) && !last_.is('.');
  return last_.kind == token_kind::end || (last_.kind == token_kind::word && ends_no_operand(last_.text));
}

// NULL and the like are values where a value of a list begins; IS NULL is not.
bool normal_form::is_literal_here(const token& t) const {
  if (t.kind != token_kind::word) return t.kind != token_kind::quoted_name && t.kind != token_kind::symbol;
  const bool begins_value = list_count_ > 0 && (last_.is(',') || opens(last_));
  return begins_value && (is_word(t, "null") || is_word(t, "true") || is_word(t, "false"));
}

bool normal_form::needs_space(const token& t) const {
  if (out_.empty() || opens(last_) || last_.is('.') || last_.is("::")) return false;
  if (closes(t) || t.is(',') || t.is(';') || t.is('.')) return false;
  if (t.is("::")) return last_.kind == token_kind::symbol && !closes(last_);
  if (opens(t))
    return last_is_literal_ || !last_.is_name() || (last_.kind == token_kind::word && ends_no_operand(last_.text));
  return family_ != dialect::family::mysql || !last_.is('@');
}

void normal_form::before(const token& t) {
  if (list_count_ == 0) return;
  list& l = lists_[list_count_ - 1];
  if (depth_ != l.depth) return;
  if (l.of_rows) {
    const bool goes_on = t.is(',') ? last_.is(')') : t.is('(') && (last_.is(',') || !l.has_last);
    if (!goes_on) --list_count_;
  } else if (t.is(',') || closes(t)) {
    end_element();
    if (closes(t)) --list_count_;
  }
}

void normal_form::put(const token& t) {
  if (needs_space(t)) out_ += ' ';
  if (list_count_ > 0) {
    list& l = lists_[list_count_ - 1];
    if (depth_ == l.depth && !l.begun && !t.is(',')) {
      l.begun = true;
      l.begin = out_.size();
    }
  }
  last_is_literal_ = is_literal_here(t);
  if (last_is_literal_) {
    out_ += '?';
  } else if (t.kind == token_kind::word) {
    const std::size_t begin = out_.size();
    out_ += t.text;
    std::transform(out_.begin() + static_cast<std::ptrdiff_t>(begin), out_.end(),
                   out_.begin() + static_cast<std::ptrdiff_t>(begin), lower);
  } else {
    out_ += t.text;
  }
}

void normal_form::after(const token& t) {
  if (opens(t)) {
    ++depth_;
    if (is_word(last_, t.is('(') ? "in" : "array")) begin_list(false, depth_);
  } else if (closes(t)) {
    depth_ -= depth_ > 0 ? 1 : 0;
    if (list_count_ > 0 && lists_[list_count_ - 1].of_rows && depth_ == lists_[list_count_ - 1].depth) end_element();
  } else if (is_word(t, "values")) {
    begin_list(true, depth_);
  }
}

void normal_form::begin_list(bool of_rows, std::size_t depth) {
  if (list_count_ < max_lists) lists_[list_count_++] = {depth, of_rows};
}

void normal_form::end_element() {
  list& l = lists_[list_count_ - 1];
  if (!l.begun) return;
  l.begun = false;
  const std::string_view all = out_;
  if (l.has_last && all.substr(l.begin) == all.substr(l.last_begin, l.last_end - l.last_begin)) {
    out_.resize(l.last_end);
    return;
  }
  l.has_last = true;
  l.last_begin = l.begin;
  l.last_end = out_.size();
}

}  // namespace forebay::detail
