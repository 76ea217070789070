#include <cstdint>

#include <forebay/entity/entity.hpp>

struct Base {
  std::int64_t age{};
};
struct User : Base {
  std::int64_t id{};
};
consteval auto forebay_describe(forebay::type_tag<User>) {
#ifdef CORRECT
  return forebay::describe<User>({.table = "users"}, forebay::named(&User::id, "id"));
#else
  return forebay::describe<User>({.table = "users"}, forebay::named(&User::id, "id"),
                                 forebay::named(&User::age, "age"));
#endif
}
