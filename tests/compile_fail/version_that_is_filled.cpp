#include <cstdint>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::int64_t version{};
};
#ifdef CORRECT
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, version);
#else
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version, .filled = {&User::version}), id, version);
#endif
