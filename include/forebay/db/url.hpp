#pragma once

#include <string>
#include <string_view>

#include <forebay/export.hpp>

namespace forebay {

// Where a database is: "sqlite:shop.db", "sqlite:/var/lib/shop.db", "sqlite::memory:". A scheme, a colon, and what the
// driver of that scheme makes of the rest. Immutable.
class FOREBAY_API database_url {
 public:
  // Throws invalid_option, which says what is wrong with the text and never repeats a password that stands in it.
  database_url(std::string_view text);  // NOLINT(google-explicit-constructor): a URL is written as text
  database_url(const char* text) : database_url(std::string_view(text)) {}
  database_url(const std::string& text) : database_url(std::string_view(text)) {}

  [[nodiscard]] std::string_view scheme() const noexcept { return std::string_view(text_).substr(0, colon_); }
  [[nodiscard]] std::string_view rest() const noexcept { return std::string_view(text_).substr(colon_ + 1); }
  // For messages: the password between "//user:" and "@", and what follows "=" in options other than mode, are stars.
  [[nodiscard]] std::string safe_text() const;

 private:
  std::string text_;
  std::string::size_type colon_;
};

}  // namespace forebay
