#include <cstdint>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::int64_t age{};
  std::int64_t version{};
};
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, age, version);

void change(forebay::repository<User>& users, forebay::session& s) {
#ifdef CORRECT
  users.set(s, 1, forebay::set<&User::age>(2));
#else
  users.set(s, 1, forebay::increment<&User::version>(1));
#endif
}
