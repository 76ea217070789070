#include <forebay/sql/statement.hpp>

#include <algorithm>
#include <array>
#include <string>

#include <forebay/error.hpp>
#include <forebay/sql/pieces.hpp>

namespace forebay {

namespace {

void append_placeholder(std::string& out, const dialect& d, std::size_t number) {
  if (d.placeholders == dialect::placeholder::question_mark) {
    out += '?';
  } else {
    out += '$' + std::to_string(number);
  }
}

void append_list(std::string& out, const dialect& d, std::size_t first, std::size_t count) {
  if (count == 0) out += d.empty_list;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    append_placeholder(out, d, first + i);
  }
}

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals(std::string_view word, std::string_view lower_case) noexcept {
  return std::ranges::equal(word, lower_case, {}, lower);
}

// The words of a statement, without what stands in quotes and comments.
class word_scanner {
 public:
  explicit word_scanner(std::string_view text) : text_(text) {}

  std::string_view next() noexcept {
    while (at_ < text_.size()) {
      if (skip_quoted() || skip_comment()) continue;
      if (!is_letter(text_[at_])) {
        ++at_;
        continue;
      }
      const std::size_t begin = at_;
      while (at_ < text_.size() && (is_letter(text_[at_]) || (text_[at_] >= '0' && text_[at_] <= '9'))) ++at_;
      return text_.substr(begin, at_ - begin);
    }
    return {};
  }

  // A quote or a comment does not end, or a backslash may hide where it does: what was found means nothing.
  [[nodiscard]] bool unsure() const noexcept { return unsure_; }

 private:
  bool skip_quoted() noexcept {
    const char quote = text_[at_] == '[' ? ']' : text_[at_];
    if (quote != '\'' && quote != '"' && quote != '`' && quote != ']') return false;
    const std::size_t begin = at_;
    skip_past(std::string_view(&quote, 1), at_ + 1);
    unsure_ = unsure_ || text_.substr(begin, at_ - begin).find('\\') != std::string_view::npos;
    return true;
  }
  bool skip_comment() noexcept {
    const std::string_view start = text_.substr(at_, 2);
    if (start == "--") {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (start != "/*") return false;
    skip_past("*/", at_ + 2);
    return true;
  }
  void skip_past(std::string_view end, std::size_t from) noexcept {
    const std::size_t found = text_.find(end, from);
    unsure_ = unsure_ || found == std::string_view::npos;
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool unsure_ = false;
};

}  // namespace

std::string render(const dialect& d, const statement& s) {
  using kind = detail::sql_piece::kind;
  std::string out;
  out.reserve(s.text.size() + 16);
  std::size_t bound = 0;
  auto next_parameter = s.parameters.begin();
  detail::sql_pieces pieces(s.text);
  for (detail::sql_piece piece = pieces.next(); piece.what != kind::end; piece = pieces.next()) {
    if (piece.what == kind::brace) piece.text.remove_suffix(1);
    if (piece.what != kind::placeholder || next_parameter == s.parameters.end()) {
      out += piece.text;
      continue;
    }
    const std::size_t values = next_parameter->values().size();
    if (next_parameter->is_list()) {
      append_list(out, d, bound + 1, values);
    } else {
      append_placeholder(out, d, bound + 1);
    }
    bound += values;
    ++next_parameter;
  }
  if (bound > d.max_parameters) {
    throw_error(errc::value_out_of_range,
                {.message = "the statement binds " + std::to_string(bound) + " values, and " + std::string(d.name) +
                            " takes at most " + std::to_string(d.max_parameters),
                 .statement = std::string(s.text),
                 .fix = "split the list"});
  }
  return out;
}

bool is_plain_read(std::string_view text) noexcept {
  static constexpr std::array<std::string_view, 3> reading{"select", "values", "with"};
  static constexpr std::array<std::string_view, 6> writing{"insert", "update", "delete", "merge", "into", "share"};
  word_scanner words(text);
  const auto any_of = [](std::string_view word, std::span<const std::string_view> list) {
    return std::ranges::any_of(list, [word](std::string_view w) { return equals(word, w); });
  };
  if (!any_of(words.next(), reading)) return false;
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (any_of(word, writing)) return false;
  }
  return !words.unsure();
}

}  // namespace forebay
