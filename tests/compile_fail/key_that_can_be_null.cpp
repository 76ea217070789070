#include <cstdint>
#include <optional>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::optional<std::int64_t> place;
};
#ifdef CORRECT
FOREBAY_ENTITY(User, (.table = "users", .key = {&User::id}), id, place);
#else
FOREBAY_ENTITY(User, (.table = "users", .key = {&User::id, &User::place}), id, place);
#endif
