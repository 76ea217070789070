#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bench {

struct user {
  std::int64_t id{};
  std::int64_t tenant{};
  std::string email;
  std::optional<std::string> name;
  double balance{};
  std::int64_t version{};
  friend bool operator==(const user&, const user&) = default;
};

}  // namespace bench
