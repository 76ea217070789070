#include <cstdint>
#include <string>
#include <vector>

#include <forebay/database.hpp>

std::vector<std::int64_t> ids(forebay::database& db, forebay::session& s, const std::string& name) {
#ifdef CORRECT
  return db.query<std::int64_t>(s, "select id from users where name = {}", name);
#else
  return db.query<std::int64_t>(s, "select id from users where name = '" + name + "'");
#endif
}
