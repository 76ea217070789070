#include <cstdint>
#include <string>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::string email;
};
#ifdef CORRECT
FOREBAY_ENTITY(User, (.table = "users", .key = &User::email), id, email);
#else
FOREBAY_ENTITY(User, (.table = "users", .key = &User::email), id);
#endif
