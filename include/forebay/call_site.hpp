#pragma once

#include <string>

#include <forebay/export.hpp>

namespace forebay {

// The place in the application that asked. Captured by default arguments, because clang 14 has no usable
// std::source_location; the strings have static storage. Immutable.
struct call_site {
  const char* file = "";
  int line = 0;
  const char* function = "";

  static constexpr call_site here(const char* file = __builtin_FILE(), int line = __builtin_LINE(),
                                  const char* function = __builtin_FUNCTION()) noexcept {
    return {file, line, function};
  }

  friend constexpr bool operator==(const call_site&, const call_site&) = default;
};

// "app/users.cpp:41", or "unknown" for a default-constructed one.
FOREBAY_API std::string to_string(const call_site& where);

}  // namespace forebay
