#pragma once

#include <cstddef>
#include <cstdint>

namespace forebay::inline literals {

consteval std::size_t operator""_KiB(unsigned long long n) {
  if (n > (SIZE_MAX >> 10)) throw "too large";
  return n << 10;
}
consteval std::size_t operator""_MiB(unsigned long long n) {
  if (n > (SIZE_MAX >> 20)) throw "too large";
  return n << 20;
}
consteval std::size_t operator""_GiB(unsigned long long n) {
  if (n > (SIZE_MAX >> 30)) throw "too large";
  return n << 30;
}

}  // namespace forebay::inline literals
