#include <cstdint>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
#ifdef CORRECT
  unsigned flags{};
#else
  unsigned flags : 3;
#endif
};
FOREBAY_ENTITY(User, "users", id, flags);
