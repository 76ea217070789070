#include <cstdint>
#include <vector>

#include <forebay/database.hpp>

std::vector<std::int64_t> ids(forebay::database& db, forebay::session& s, const std::vector<std::int64_t>& wanted) {
#ifdef CORRECT
  return db.query<std::int64_t>(s, "select id from users where id in ({})", wanted);
#else
  return db.query<std::int64_t>(s, "select id from users where id in {}", wanted);
#endif
}
