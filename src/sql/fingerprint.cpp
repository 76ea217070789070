#include <forebay/sql/fingerprint.hpp>

#include "normal_form.hpp"
#include "text_memo.hpp"

namespace forebay {

std::string sanitised(const dialect& d, std::string_view text) { return detail::normal_form(d, text).write(); }

std::uint64_t fingerprint_of(const dialect& d, std::string_view text) { return text_hash_of(sanitised(d, text)); }

std::uint64_t fingerprint_of(const dialect& d, std::string_view text, std::uint64_t text_hash) {
  static constinit detail::text_memo known;
  return known.get(d, text_hash, [&] { return fingerprint_of(d, text); });
}

}  // namespace forebay
