#pragma once

#include <cstddef>
#include <string_view>

namespace forebay::detail {

// A part of a statement's text: what is copied as it is, a placeholder, or a doubled brace that stands for one.
struct sql_piece {
  enum class kind : unsigned char { end, text, placeholder, brace, single_brace };
  kind what = kind::end;
  std::string_view text{};
  bool quoted = false;  // stands within quotes
};

// Takes a statement's text apart, in one place for the check of literals while compiling and for drivers at run time.
// Knows quotes ('', "", ``) and comments (--, /* */); braces in comments mean nothing.
class sql_pieces {
 public:
  constexpr explicit sql_pieces(std::string_view text) noexcept : text_(text) {}

  constexpr sql_piece next() noexcept {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_brace(text_[at_])) skip_one();
    if (at_ > begin) return {sql_piece::kind::text, text_.substr(begin, at_ - begin), false};
    if (at_ == text_.size()) return {};
    return take_brace();
  }

  // Where the next piece begins.
  [[nodiscard]] constexpr std::size_t position() const noexcept { return at_; }
  // What was read so far ends inside quotes or a comment.
  [[nodiscard]] constexpr bool open() const noexcept { return quote_ != '\0' || comment_; }

 private:
  static constexpr bool is_brace(char c) noexcept { return c == '{' || c == '}'; }

  constexpr void skip_one() noexcept {
    const char c = text_[at_];
    if (quote_ != '\0') {
      if (c == quote_) quote_ = '\0';
    } else if (c == '\'' || c == '"' || c == '`') {
      quote_ = c;
    } else if (text_.substr(at_, 2) == "--") {
      return skip_past("\n");
    } else if (text_.substr(at_, 2) == "/*") {
      return skip_past("*/");
    }
    ++at_;
  }

  constexpr void skip_past(std::string_view end) noexcept {
    const std::size_t found = text_.find(end, at_ + 2);
    comment_ = found == std::string_view::npos;
    at_ = comment_ ? text_.size() : found + end.size();
  }

  constexpr sql_piece take_brace() noexcept {
    const std::string_view two = text_.substr(at_, 2);
    const sql_piece::kind what = two == "{}"                  ? sql_piece::kind::placeholder
                                 : two == "{{" || two == "}}" ? sql_piece::kind::brace
                                                              : sql_piece::kind::single_brace;
    const std::size_t length = what == sql_piece::kind::single_brace ? 1 : 2;
    const sql_piece piece{what, text_.substr(at_, length), quote_ != '\0'};
    at_ += length;
    return piece;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  char quote_ = '\0';
  bool comment_ = false;
};

// Whether what is added to the text would stand inside quotes or a comment.
constexpr bool ends_open(std::string_view text) noexcept {
  sql_pieces pieces(text);
  while (pieces.next().what != sql_piece::kind::end) {}
  return pieces.open();
}

}  // namespace forebay::detail
