#include <cstdint>

#include <forebay/entity/entity.hpp>

struct User {
  std::int64_t id{};
  std::int64_t age{};
};
consteval auto forebay_describe(forebay::type_tag<User>) {
#ifdef CORRECT
  return forebay::describe<User>({.table = "users"}, forebay::named(&User::id, "id"),
                                 forebay::named(&User::age, "age"));
#else
  return forebay::describe<User>({.table = "users"}, forebay::named(&User::id, "id"), forebay::named(&User::age, "id"));
#endif
}
static_assert(forebay::entity<User>);
