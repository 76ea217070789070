#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <variant>

namespace catalog {

struct options {
  std::filesystem::path input = "/var/lib/dpkg/status";
  std::optional<std::filesystem::path> database{};  // default: a temporary one
  std::optional<std::filesystem::path> json{};
  std::size_t pages = 32;
  std::size_t page_size = 25;
  std::uint64_t operations = 10'000;
  unsigned threads = 4;
  std::uint64_t seed = 0;
};

// How the program ends.
enum class exit_code : std::uint8_t {
  done = 0,
  failed = 1,   // an error on the way, or one of the demo's checks did not hold
  unusable = 2  // a bad option, or a file that cannot be used
};

// The options, or the end of the program after --help or a bad option, which has been printed.
[[nodiscard]] std::variant<options, exit_code> read_command_line(int argc, const char* const* argv);

}  // namespace catalog
