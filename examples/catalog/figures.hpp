#pragma once

#include <chrono>
#include <cstdint>
#include <string>

// How numbers are written for a person.
namespace catalog {

[[nodiscard]] std::string with_commas(std::uint64_t n);                 // "63,440"
[[nodiscard]] std::string in_milliseconds(std::chrono::nanoseconds t);  // "1,204.5 ms"
[[nodiscard]] std::string in_percent(double ratio);                     // "97.3%"

}  // namespace catalog
