#include <cstdint>
#include <vector>

#include <forebay/database.hpp>

std::vector<std::int64_t> ids(forebay::database& db, forebay::session& s) {
#ifdef CORRECT
  return db.query<std::int64_t>(s, "select id from users where tenant = {} and age > {}", 7, 18);
#else
  return db.query<std::int64_t>(s, "select id from users where tenant = {} and age > {}", 7);
#endif
}
