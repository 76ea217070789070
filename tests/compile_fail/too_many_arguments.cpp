#include <forebay/database.hpp>

void rename(forebay::database& db, forebay::session& s) {
#ifdef CORRECT
  db.execute(s, "update users set name = {} where id = {}", "Ann", 42);
#else
  db.execute(s, "update users set name = {} where id = 42", "Ann", 42);
#endif
}
