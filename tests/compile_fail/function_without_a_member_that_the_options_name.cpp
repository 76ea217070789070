#include <cstdint>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::int64_t version{};
};
consteval auto forebay_describe(forebay::type_tag<User>) {
#ifdef CORRECT
  return forebay::describe<User>({.table = "users", .version = &User::version}, forebay::named(&User::id, "id"),
                                 forebay::named(&User::version, "v"));
#else
  return forebay::describe<User>({.table = "users", .version = &User::version}, forebay::named(&User::id, "id"));
#endif
}
static_assert(forebay::entity<User>);
