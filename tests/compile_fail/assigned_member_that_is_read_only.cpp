#include <cstdint>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::int64_t age{};
  std::int64_t length{};
};
FOREBAY_ENTITY(User, (.table = "users", .read_only = {&User::length}), id, age, length);

void change(forebay::repository<User>& users, forebay::session& s) {
#ifdef CORRECT
  users.set(s, 1, forebay::set<&User::age>(2));
#else
  users.set(s, 1, forebay::set<&User::length>(2));
#endif
}
