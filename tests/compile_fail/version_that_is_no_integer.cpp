#include <cstdint>
#include <string>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
#ifdef CORRECT
  std::int64_t version{};
#else
  std::string version;
#endif
};
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, version);
