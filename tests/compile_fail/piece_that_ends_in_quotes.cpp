#include <forebay/sql/composed.hpp>

forebay::composed_sql users(bool active) {
#ifdef CORRECT
  return forebay::sql("select * from users where name <> ''").add_if(active, " and active");
#else
  return forebay::sql("select * from users where name <> '").add_if(active, " and active");
#endif
}
