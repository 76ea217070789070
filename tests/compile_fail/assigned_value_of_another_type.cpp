#include <cstdint>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::int64_t age{};
};
FOREBAY_ENTITY(User, "users", id, age);

void change(forebay::repository<User>& users, forebay::session& s) {
#ifdef CORRECT
  users.set(s, 1, forebay::set<&User::age>(2));
#else
  users.set(s, 1, forebay::set<&User::age>("two"));
#endif
}
