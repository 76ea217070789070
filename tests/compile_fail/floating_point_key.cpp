#include <cstdint>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
};
FOREBAY_ENTITY(User, "users", id);

bool has(forebay::repository<User>& users, forebay::session& s, double id) {
#ifdef CORRECT
  return users.find(s, static_cast<std::int64_t>(id)).has_value();
#else
  return users.find(s, id).has_value();
#endif
}
