#include <cstdint>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::int64_t age{};
};
#ifdef CORRECT
FOREBAY_ENTITY(User, "users", id, age);
#else
FOREBAY_ENTITY(User, "users", id, age, id);
#endif
