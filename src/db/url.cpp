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

namespace {

std::string without_password(std::string_view place) {
  const std::size_t authority = place.find("//");
  const std::size_t at = place.rfind('@');  // the last: a password may hold one that nobody has escaped
  const std::size_t password = authority == std::string_view::npos ? authority : place.find(':', authority);
  if (at == std::string_view::npos || password == std::string_view::npos || password > at) return std::string(place);
  return std::string(place.substr(0, password + 1)) + "***" + std::string(place.substr(at));
}

std::string without_values(std::string_view options) {
  std::string shown;
  while (!options.empty()) {
    const std::string_view option = options.substr(0, options.find('&', 1));
    options.remove_prefix(option.size());
    const std::size_t equals = option.find('=');
    const bool harmless = option.substr(1, equals - 1) == "mode";
    shown += equals == std::string_view::npos || harmless ? std::string(option)
                                                          : std::string(option.substr(0, equals + 1)) + "***";
  }
  return shown;
}

}  // namespace

std::string database_url::safe_text() const {
  const std::string_view all = text_;
  const std::size_t authority = all.find("//");
  const std::size_t question = all.find('?');
  const std::size_t at = all.rfind('@');
  if (authority != std::string_view::npos && question < at && at != std::string_view::npos) {
    // The password may hold the question mark, or an option the @: neither is shown.
    const std::size_t end = all.find_first_of(":?/@", authority + 2);
    return std::string(all.substr(0, end)) + "***";
  }
  return without_password(all.substr(0, question)) +
         (question == std::string_view::npos ? std::string() : without_values(all.substr(question)));
}

}  // namespace forebay
