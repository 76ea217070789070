#include <cstdint>
#include <string>
#include <vector>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::string email;
};
FOREBAY_ENTITY(User, "users", id, email);

struct Contact {
#ifdef CORRECT
  std::string email;
#else
  std::string mail;
#endif
};
#ifdef CORRECT
FOREBAY_ROW(Contact, email);
#else
FOREBAY_ROW(Contact, mail);
#endif

std::vector<Contact> contacts(forebay::repository<User>& users, forebay::session& s) {
  return users.query(s).select<Contact>().all();
}
