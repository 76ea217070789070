#include <cstdint>
#include <map>
#include <vector>

#include <forebay/database.hpp>

std::vector<std::int64_t> ids(forebay::database& db, forebay::session& s) {
#ifdef CORRECT
  const std::int64_t wanted = 7;
#else
  const std::map<int, int> wanted;
#endif
  return db.query<std::int64_t>(s, "select id from users where id = {}", wanted);
}
