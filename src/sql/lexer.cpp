#include "lexer.hpp"

#include <algorithm>
#include <array>

namespace forebay::detail {

namespace {

using family = dialect::family;

enum : std::uint8_t { blank = 1, letter = 2, digit = 4, op = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> c{};
  for (const char x : std::string_view(" \t\n\r\f\v")) c[static_cast<unsigned char>(x)] = blank;
  for (std::size_t i = 'a'; i <= 'z'; ++i) c[i] = c[i - 'a' + 'A'] = letter;
  for (std::size_t i = 0x80; i < 0x100; ++i) c[i] = letter;  // of a name in UTF-8
  c['_'] = letter;
  for (std::size_t i = '0'; i <= '9'; ++i) c[i] = digit;
  for (const char x : std::string_view("+-*/<>=~!@#%^&|`?")) c[static_cast<unsigned char>(x)] = op;
  return c;
}
constexpr std::array<std::uint8_t, 256> classes = make_classes();

bool has(char c, std::uint8_t any_of) noexcept { return (classes[static_cast<unsigned char>(c)] & any_of) != 0; }
bool continues_word(char c) noexcept { return has(c, letter | digit) || c == '$'; }

bool is_one_of(std::string_view word, std::string_view letters) noexcept {
  return word.size() == 1 && letters.find(lower(word[0])) != std::string_view::npos;
}

std::size_t end_of_digits(std::string_view text, std::size_t at, bool hex) noexcept {
  const auto fits = [&](char c) { return has(c, digit) || c == '_' || (hex && lower(c) >= 'a' && lower(c) <= 'f'); };
  while (at < text.size() && fits(text[at])) ++at;
  return at;
}

// Where a number ends, if it is well-formed.
std::size_t end_of_number(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '0' && at + 1 < text.size() && std::string_view("xob").find(lower(text[at + 1])) < 3) {
    return end_of_digits(text, at + 2, true);
  }
  at = end_of_digits(text, at, false);
  if (at < text.size() && text[at] == '.') at = end_of_digits(text, at + 1, false);
  if (at < text.size() && lower(text[at]) == 'e') {
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-') ? 1 : 0;
    if (at + 1 + sign < text.size() && has(text[at + 1 + sign], digit)) {
      at = end_of_digits(text, at + 1 + sign, false);
    }
  }
  return at;
}

}  // namespace

lexer::lexer(const dialect& d, std::string_view text) noexcept
    : text_(text), family_(d.lexical), text_in_double_quotes_(d.lexical == family::mysql && !d.ansi_quotes) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return;
  text_ = text.substr(0, nul);
  cut_ = unsure_ = true;
}

token lexer::make(token_kind kind, std::size_t begin) const noexcept {
  const bool single = kind == token_kind::symbol && at_ - begin == 1;
  return {kind, single ? text_[begin] : '\0', text_.substr(begin, at_ - begin), begin};
}

token lexer::to_the_end(std::size_t begin) noexcept {
  unsure_ = true;
  at_ = text_.size();
  cut_ = false;  // one literal stands for all that is left
  return make(token_kind::text, begin);
}

void lexer::skip_to(char end) noexcept { at_ = std::min(text_.find(end, at_), text_.size()); }

token lexer::next() noexcept {
  skip_gaps();
  const char c = at(at_);
  if (at_ >= text_.size()) return cut_ ? to_the_end(at_) : token{.at = at_};
  if (has(c, letter)) return take_word();
  if (has(c, digit) || (c == '.' && has(at(at_ + 1), digit))) return take_number();
  if (begins_executable_comment()) return to_the_end(at_);
  return take_quote_or_symbol(c);
}

token lexer::take_quote_or_symbol(char c) noexcept {
  const std::size_t begin = at_;
  switch (c) {
    case '\'': return take_text(begin, c, family_ == family::mysql);
    case '"': return text_in_double_quotes_ ? take_text(begin, c, true) : take_quoted_name(begin, c);
    case '`':
      if (family_ != family::postgresql) return take_quoted_name(begin, c);
      break;
    case '[':
      if (family_ == family::sqlite) return take_quoted_name(begin, ']');
      break;
    case '{':
    case '}': return take_brace();
    case '$': return take_dollar();
    case ':':
      if (at(at_ + 1) == ':') return at_ += 2, make(token_kind::symbol, begin);
      if (at(at_ + 1) == '=') return at_ += 2, make(token_kind::symbol, begin);
      if (family_ == family::sqlite) return take_named_placeholder();
      break;
    case '@':
      if (family_ == family::sqlite) return take_named_placeholder();
      break;
    case '?':
      if (family_ == family::postgresql) break;
      ++at_;
      if (family_ == family::sqlite) at_ = end_of_digits(text_, at_, false);
      return make(token_kind::placeholder, begin);
    default: break;
  }
  if (has(c, op)) return take_operator();
  ++at_;
  return make(token_kind::symbol, begin);
}

// White space and comments.
void lexer::skip_gaps() noexcept {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (has(c, blank)) {
      ++at_;
    } else if ((c == '-' || c == '#') && begins_line_comment()) {
      skip_line_comment();
    } else if (c != '/' || at(at_ + 1) != '*' || !skip_block_comment()) {
      return;
    }
  }
}

// MySQL wants a blank behind the two dashes, because 5--3 is a sum.
bool lexer::begins_line_comment() const noexcept {
  if (at(at_) == '#') return family_ == family::mysql;
  if (at(at_ + 1) != '-') return false;
  return family_ != family::mysql || at_ + 2 >= text_.size() || static_cast<unsigned char>(at(at_ + 2)) <= ' ' ||
         at(at_ + 2) == '\x7f';
}

void lexer::skip_line_comment() noexcept {
  if (family_ == family::postgresql) {
    at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
  } else {
    skip_to('\n');
  }
}

// MySQL runs what stands in /*! */, or does not, depending on its version.
bool lexer::begins_executable_comment() const noexcept {
  if (family_ != family::mysql || at(at_) != '/' || at(at_ + 1) != '*') return false;
  return at(at_ + 2) == '!' || (at(at_ + 2) == 'M' && at(at_ + 3) == '!');
}

// False for an executable comment that ends at different places when it is run and when it is not.
bool lexer::skip_block_comment() noexcept {
  if (begins_executable_comment()) {
    unsure_ = true;
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) return false;
    if (text_.substr(at_ + 2, end - at_ - 2).find_first_of("'\"`#-/") != std::string_view::npos) return false;
    at_ = end + 2;
    return true;
  }
  std::size_t depth = 1;
  at_ += 2;
  while (depth > 0) {
    at_ = text_.find_first_of(family_ == family::postgresql ? "*/" : "*", at_);
    if (at_ == std::string_view::npos) {
      at_ = text_.size();
      unsure_ = true;
      return true;
    }
    if (text_[at_] == '*' && at(at_ + 1) == '/') {
      --depth;
      at_ += 2;
    } else if (text_[at_] == '/' && at(at_ + 1) == '*') {
      ++depth;
      at_ += 2;
    } else {
      ++at_;
    }
  }
  return true;
}

token lexer::take_word() noexcept {
  const std::size_t begin = at_;
  while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
  const std::string_view word = text_.substr(begin, at_ - begin);
  const char c = at(at_);
  if (word.size() != 1 || (c != '\'' && c != '&')) return make(token_kind::word, begin);
  switch (family_) {
    case family::sqlite:
      if (c == '\'' && is_one_of(word, "x")) return take_text(begin, '\'', false);
      break;
    case family::mysql:
      if (c == '\'' && is_one_of(word, "nxb")) return take_text(begin, '\'', true);
      break;
    case family::postgresql:
      if (c == '\'' && is_one_of(word, "enxb")) return take_text(begin, '\'', is_one_of(word, "e"));
      if (c == '&' && is_one_of(word, "u") && (at(at_ + 1) == '\'' || at(at_ + 1) == '"')) {
        ++at_;
        return at(at_) == '\'' ? take_text(begin, '\'', false) : take_quoted_name(begin, '"');
      }
      break;
  }
  return make(token_kind::word, begin);
}

// What clings to a number: PostgreSQL reads on behind it (1e'' is a number and a text), SQLite refuses it, and in MySQL
// it is a name.
token lexer::take_number() noexcept {
  const std::size_t begin = at_;
  const std::size_t end = end_of_number(text_, begin);
  at_ = end;
  const bool clings = continues_word(at(end)) || at(end) == '.';
  unsure_ = unsure_ || clings;
  if (family_ == family::postgresql) return make(token_kind::number, begin);
  if (family_ == family::sqlite && clings) return to_the_end(begin);
  while (continues_word(at(at_)) || at(at_) == '.') ++at_;
  return make(token_kind::number, begin);
}

// Stands on the opening quote; afterwards behind the closing one. False when there is none.
bool lexer::skip_quoted(char quote, bool backslash) noexcept {
  ++at_;
  for (;;) {
    if (backslash) {
      while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\\') ++at_;
    } else {
      skip_to(quote);
    }
    if (at_ >= text_.size()) return false;
    if (text_[at_] == '\\' && backslash) {
      at_ += 2;
    } else if (quote != ']' && at(at_ + 1) == quote) {
      at_ += 2;
    } else {
      return ++at_, true;
    }
  }
}

token lexer::take_text(std::size_t begin, char quote, bool backslash) noexcept {
  do {
    if (!skip_quoted(quote, backslash)) return to_the_end(begin);
  } while (family_ == family::postgresql && goes_on_in_next_line());
  return make(token_kind::text, begin);
}

// PostgreSQL reads 'a' and 'b' in different lines as one text, with the escapes of the first.
bool lexer::goes_on_in_next_line() noexcept {
  bool new_line = false;
  std::size_t i = at_;
  while (i < text_.size()) {
    if (text_[i] == '-' && at(i + 1) == '-') {
      i = std::min(text_.find_first_of("\r\n", i), text_.size());
    } else if (has(text_[i], blank)) {
      new_line = new_line || text_[i] == '\n' || text_[i] == '\r';
      ++i;
    } else {
      break;
    }
  }
  if (!new_line || at(i) != '\'') return false;
  at_ = i;
  return true;
}

token lexer::take_quoted_name(std::size_t begin, char quote) noexcept {
  return skip_quoted(quote, false) ? make(token_kind::quoted_name, begin) : to_the_end(begin);
}

token lexer::take_dollar() noexcept {
  const std::size_t begin = at_;
  if (family_ == family::sqlite) return take_named_placeholder();
  if (family_ == family::postgresql) {
    if (has(at(at_ + 1), digit)) {
      ++at_;
      while (has(at(at_), digit)) ++at_;
      unsure_ = unsure_ || continues_word(at(at_));
      return make(token_kind::placeholder, begin);
    }
    std::size_t tag_end = at_ + 1;
    while (tag_end < text_.size() && has(text_[tag_end], letter | digit)) ++tag_end;
    if (at(tag_end) == '$') return take_dollar_quoted(tag_end + 1);
  }
  ++at_;
  return make(token_kind::symbol, begin);
}

token lexer::take_dollar_quoted(std::size_t tag_end) noexcept {
  const std::size_t begin = at_;
  const std::string_view tag = text_.substr(begin, tag_end - begin);
  const std::size_t end = text_.find(tag, tag_end);
  if (end == std::string_view::npos) return to_the_end(begin);
  at_ = end + tag.size();
  return make(token_kind::text, begin);
}

// SQLite's :a, @a, $a, and for Tcl $a::b(c): all within the parentheses belongs to the name.
token lexer::take_named_placeholder() noexcept {
  const std::size_t begin = at_;
  std::size_t i = at_ + 1;
  for (;;) {
    if (continues_word(at(i))) {
      ++i;
    } else if (at(i) == ':' && at(i + 1) == ':' && i > begin + 1) {
      i += 2;
    } else {
      break;
    }
  }
  if (i > begin + 1 && at(i) == '(') {
    std::size_t close = i;
    while (close < text_.size() && text_[close] != ')' && !has(text_[close], blank)) ++close;
    if (at(close) != ')') return to_the_end(begin);  // SQLite refuses it
    i = close + 1;
  }
  at_ = i;
  return make(i > begin + 1 ? token_kind::placeholder : token_kind::symbol, begin);
}

// {} is bound, {{ and }} stand for a brace.
token lexer::take_brace() noexcept {
  const std::size_t begin = at_;
  const char next = at(at_ + 1);
  const bool bound = text_[at_] == '{' && next == '}';
  at_ += bound || next == text_[at_] ? 2 : 1;
  return make(bound ? token_kind::placeholder : token_kind::symbol, begin);
}

// As many operator characters as belong together, by PostgreSQL's rules: no comment in it, and + or - at the end only
// with one of certain others before it.
token lexer::take_operator() noexcept {
  const std::size_t begin = at_;
  bool unusual = false;
  while (at_ < text_.size() && has(text_[at_], op)) {
    const char c = text_[at_];
    const char n = at(at_ + 1);
    const bool stands_alone = family_ != family::postgresql && (c == '`' || c == '?' || c == '@' || c == '#');
    if (at_ > begin && ((c == '-' && n == '-') || (c == '/' && n == '*') || stands_alone)) break;
    unusual = unusual || std::string_view("~!@#%^&|`?").find(c) != std::string_view::npos;
    ++at_;
    if (stands_alone) break;
  }
  const bool may_end_in_sign = unusual && family_ == family::postgresql;
  while (at_ > begin + 1 && !may_end_in_sign && (text_[at_ - 1] == '-' || text_[at_ - 1] == '+')) --at_;
  const bool lone_question_mark = at_ == begin + 1 && text_[begin] == '?';
  return make(lone_question_mark ? token_kind::placeholder : token_kind::symbol, begin);
}

std::string name_of(const dialect& d, const token& t) {
  std::string name;
  if (t.kind == token_kind::word) {
    name = t.text;
    if (d.lexical == family::postgresql) std::ranges::transform(name, name.begin(), lower);
    return name;
  }
  if (t.kind != token_kind::quoted_name || lower(t.text[0]) == 'u') return name;
  const char quote = t.text.back();
  for (std::size_t i = 1; i + 1 < t.text.size(); ++i) {
    const char c = t.text[i];
    name += c;
    // A quote within is doubled, and so is a brace.
    if ((c == quote || c == '{' || c == '}') && quote != ']' && t.text[i + 1] == c) ++i;
    if (quote == ']' && (c == '{' || c == '}') && t.text[i + 1] == c) ++i;
  }
  return name;
}

}  // namespace forebay::detail
