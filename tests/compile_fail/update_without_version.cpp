#include <cstdint>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::int64_t version{};
};
#ifdef CORRECT
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, version);
#else
FOREBAY_ENTITY(User, "users", id, version);
#endif

void save(forebay::repository<User>& users, forebay::session& s, User& me) { users.update(s, me); }
