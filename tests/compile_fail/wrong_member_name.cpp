#include <cstdint>
#include <string>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::string email;
};
#ifdef CORRECT
FOREBAY_ENTITY(User, "users", id, email);
#else
FOREBAY_ENTITY(User, "users", id, emial);
#endif
