#include <forebay/db/url.hpp>

#include <algorithm>
#include <string>

#include <forebay/error.hpp>

namespace forebay {

namespace {

bool is_scheme_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-'; }

[[noreturn]] void refuse(const std::string& why) {
  throw invalid_option({.message = "a database URL " + why,
                        .fix = "write scheme:place, for instance \"sqlite:shop.db\" or \"sqlite::memory:\""});
}

}  // namespace

database_url::database_url(std::string_view text) : text_(text), colon_(text_.find(':')) {
  if (text.empty()) refuse("is empty");
  if (text.find('\0') != std::string_view::npos) refuse("contains a NUL byte");
  if (colon_ == std::string::npos || colon_ == 0) refuse("has no scheme: there is nothing before a colon");
  if (!std::ranges::all_of(scheme(), is_scheme_character)) {
    refuse("has a malformed scheme: only small letters, digits, + and - may stand before the first colon");
  }
  if (rest().empty()) refuse("with scheme \"" + std::string(scheme()) + "\" names no place after the colon");
}

std::string database_url::safe_text() const {
  const std::size_t authority = text_.find("//");
  const std::size_t at = text_.find('@');
  if (authority == std::string::npos || at == std::string::npos) return text_;
  const std::size_t password = text_.find(':', authority);
  if (password == std::string::npos || password > at) return text_;
  return text_.substr(0, password + 1) + "***" + text_.substr(at);
}

}  // namespace forebay
