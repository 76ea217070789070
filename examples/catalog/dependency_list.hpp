#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace catalog {

// One package that a Depends field names.
struct required_package {
  int requirement = 0;  // which of the field's, from 1
  int alternative = 0;  // which of "a | b" within it, from 1
  std::string name{};
  std::optional<std::string> constraint{};  // ">= 2.36", as it is written

  friend bool operator==(const required_package&, const required_package&) = default;
};

class malformed_dependency : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] bool is_package_name(std::string_view text) noexcept;

// Reads the value of a Depends field: "libc6 (>= 2.36), default-mta | mail-transport-agent". An architecture after a
// colon is left out. Throws malformed_dependency, which names the requirement by its number.
[[nodiscard]] std::vector<required_package> parse_dependencies(std::string_view field);

}  // namespace catalog
