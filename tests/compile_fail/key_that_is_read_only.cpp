#include <cstdint>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::int64_t age{};
};
#ifdef CORRECT
FOREBAY_ENTITY(User, (.table = "users", .read_only = {&User::age}), id, age);
#else
FOREBAY_ENTITY(User, (.table = "users", .read_only = {&User::id}), id, age);
#endif
