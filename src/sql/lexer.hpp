#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <forebay/sql/dialect.hpp>

namespace forebay::detail {

enum class token_kind : std::uint8_t {
  end,
  word,         // a keyword or a name without quotes
  quoted_name,  // with its quotes
  number,       // without a sign
  text,         // in any quotes, with its prefix: also bits, bytes and what is quoted by dollars
  placeholder,  // ours, {}, or the database's own
  symbol        // an operator, or one character
};

struct token {
  token_kind kind = token_kind::end;
  char symbol = '\0';       // of a symbol that is one character
  std::string_view text{};  // as it stands
  std::size_t at = 0;       // where in the whole text

  [[nodiscard]] constexpr bool is(char c) const noexcept { return symbol == c; }
  [[nodiscard]] constexpr bool is(std::string_view longer_symbol) const noexcept {
    return kind == token_kind::symbol && text == longer_symbol;
  }
  [[nodiscard]] constexpr bool is_name() const noexcept {
    return kind == token_kind::word || kind == token_kind::quoted_name;
  }
};

// Takes a statement apart as its database does, in one pass and without memory of its own; on any bytes. Comments and
// white space are left out.
//
// Where a literal could be taken for something else it errs on the side of the literal: what does not end reaches to
// the end of the text and is a text, and so is all from a NUL on.
class lexer {
 public:
  lexer(const dialect& d, std::string_view text) noexcept;

  token next() noexcept;

  // Something did not end, or may be read in two ways: what was found is fit for display, not for decisions.
  [[nodiscard]] bool unsure() const noexcept { return unsure_; }

 private:
  [[nodiscard]] char at(std::size_t i) const noexcept { return i < text_.size() ? text_[i] : '\0'; }
  [[nodiscard]] token make(token_kind kind, std::size_t begin) const noexcept;
  token to_the_end(std::size_t begin) noexcept;
  void skip_to(char end) noexcept;

  void skip_gaps() noexcept;
  void skip_line_comment() noexcept;
  bool skip_block_comment() noexcept;
  [[nodiscard]] bool begins_line_comment() const noexcept;
  [[nodiscard]] bool begins_executable_comment() const noexcept;

  token take_word() noexcept;
  token take_number() noexcept;
  token take_text(std::size_t begin, char quote, bool backslash) noexcept;
  token take_quoted_name(std::size_t begin, char quote) noexcept;
  token take_dollar() noexcept;
  token take_dollar_quoted(std::size_t tag_end) noexcept;
  token take_named_placeholder() noexcept;
  token take_brace() noexcept;
  token take_operator() noexcept;
  token take_quote_or_symbol(char c) noexcept;
  bool skip_quoted(char quote, bool backslash) noexcept;
  bool goes_on_in_next_line() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  dialect::family family_;
  bool text_in_double_quotes_;
  bool cut_ = false;  // at a NUL
  bool unsure_ = false;
};

// The name that a token of kind word or quoted_name stands for: without quotes, folded where the database folds it.
// Empty when it has escapes that are not undone here.
std::string name_of(const dialect& d, const token& t);

[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
// Without regard to the case of ASCII letters.
[[nodiscard]] constexpr bool same_letters(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace forebay::detail
