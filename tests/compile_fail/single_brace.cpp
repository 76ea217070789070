#include <string>
#include <vector>

#include <forebay/database.hpp>

std::vector<std::string> settings(forebay::database& db, forebay::session& s) {
#ifdef CORRECT
  return db.query<std::string>(s, "select '{{\"a\": 1}}' where 1 = {}", 1);
#else
  return db.query<std::string>(s, "select '{\"a\": 1}' where 1 = {}", 1);
#endif
}
