#include <cstdint>
#include <string>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::string email;
};
FOREBAY_ENTITY(User, "users", id, email);

std::string email_of(forebay::repository<User>& users, forebay::session& s) {
#ifdef CORRECT
  const auto found = users.find(s, 42);
  return found->email;
#else
  return users.find(s, 42)->email;
#endif
}
