#include <cstdint>
#include <string>

#include <forebay/entity/entity.hpp>

struct User {
#ifdef CORRECT
  std::int64_t id{};
#else
  std::string id{};
#endif
};
FOREBAY_ENTITY(User, (.table = "users", .generated = &User::id), id);
