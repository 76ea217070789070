#include "figures.hpp"

#include <cmath>

namespace catalog {

namespace {

// One digit behind the point.
std::string with_tenths(std::uint64_t tenths) { return with_commas(tenths / 10) + "." + std::to_string(tenths % 10); }

}  // namespace

std::string with_commas(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

std::string in_milliseconds(std::chrono::nanoseconds t) {
  return with_tenths(static_cast<std::uint64_t>((t.count() + 50'000) / 100'000)) + " ms";
}

std::string in_percent(double ratio) {
  return with_tenths(static_cast<std::uint64_t>(std::llround(ratio * 1000))) + "%";
}

}  // namespace catalog
