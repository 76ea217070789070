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
consteval auto forebay_describe(forebay::type_tag<User>) {
  return forebay::describe<User>({.table = "users"}, forebay::named(&User::id, "id"),
                                 forebay::named(&User::settings, "settings"));
}
