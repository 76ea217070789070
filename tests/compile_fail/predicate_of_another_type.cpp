#include <cstdint>
#include <string>
#include <vector>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::string email;
};
FOREBAY_ENTITY(User, "users", id, email);

std::vector<User> named(forebay::repository<User>& users, forebay::session& s) {
#ifdef CORRECT
  return users.query(s).where(forebay::col<&User::email> == "ann").all();
#else
  return users.query(s).where(forebay::col<&User::id> == "ann").all();
#endif
}
