#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <forebay/call_site.hpp>
#include <forebay/sql/fingerprint.hpp>
#include <forebay/sql/parameter.hpp>
#include <forebay/sql/pieces.hpp>

namespace forebay {

namespace detail {

// Never defined, never constexpr: reaching one of these while a literal is checked is the compile error, and its name
// is the message.
void sql_has_more_placeholders_than_arguments();
void sql_has_more_arguments_than_placeholders();
void sql_has_a_single_brace_write_it_twice();
void sql_has_a_placeholder_inside_quotes_where_it_is_never_bound();
void sql_has_a_list_argument_whose_placeholder_does_not_stand_in_parentheses();

struct placeholder_list {
  static constexpr std::size_t limit = 64;
  std::size_t count = 0;
  bool parenthesised[limit]{};  // `({})`
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr bool in_parentheses(std::string_view text, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && is_blank(text[before - 1])) --before;
  std::size_t after = at + 2;
  while (after < text.size() && is_blank(text[after])) ++after;
  return before > 0 && text[before - 1] == '(' && after < text.size() && text[after] == ')';
}

// Not consteval: clang 14 rejects a consteval helper inside a consteval constructor.
constexpr placeholder_list find_placeholders(std::string_view text) {
  placeholder_list found;
  sql_pieces pieces(text);
  for (;;) {
    const std::size_t at = pieces.position();
    const sql_piece piece = pieces.next();
    if (piece.what == sql_piece::kind::end) return found;
    if (piece.what == sql_piece::kind::single_brace) sql_has_a_single_brace_write_it_twice();
    if (piece.what != sql_piece::kind::placeholder) continue;
    if (piece.quoted) sql_has_a_placeholder_inside_quotes_where_it_is_never_bound();
    if (found.count < placeholder_list::limit) found.parenthesised[found.count] = in_parentheses(text, at);
    ++found.count;
  }
}

}  // namespace detail

// The text of a statement, written down as a literal and checked while compiling: as many `{}` as arguments, none
// inside quotes, single braces doubled, a list as `({})`. Everything behind a placeholder is bound, never pasted.
// Remembers where it stands. Immutable; the text has static storage.
template <class... Args>
class sql_text {
 public:
  template <std::size_t N>
  consteval sql_text(const char (&text)[N], const char* file = __builtin_FILE(), int line = __builtin_LINE(),
                     const char* function = __builtin_FUNCTION())
      : text_(text, N - 1), text_hash_(text_hash_of(text_)), where_{file, line, function} {
    const detail::placeholder_list found = detail::find_placeholders(text_);
    if (found.count > sizeof...(Args)) detail::sql_has_more_placeholders_than_arguments();
    if (found.count < sizeof...(Args)) detail::sql_has_more_arguments_than_placeholders();
    constexpr bool list[]{detail::bindable_list<Args>..., false};
    for (std::size_t i = 0; i < sizeof...(Args) && i < detail::placeholder_list::limit; ++i) {
      if (list[i] && !found.parenthesised[i]) {
        detail::sql_has_a_list_argument_whose_placeholder_does_not_stand_in_parentheses();
      }
    }
  }

  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
  [[nodiscard]] constexpr std::uint64_t text_hash() const noexcept { return text_hash_; }
  [[nodiscard]] constexpr const call_site& where() const noexcept { return where_; }

 private:
  std::string_view text_;
  std::uint64_t text_hash_;
  call_site where_;
};

// The form for function parameters: the arguments decide what Args are, the literal only has to fit.
template <class... Args>
using sql_literal = sql_text<std::type_identity_t<Args>...>;

}  // namespace forebay
