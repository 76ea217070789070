#include <cstdint>
#include <map>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
#ifdef CORRECT
  std::int64_t settings{};
#else
  std::map<int, int> settings;
#endif
};
FOREBAY_ENTITY(User, "users", id, settings);
