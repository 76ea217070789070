#include <forebay/forebay.hpp>

int report(forebay::database& db, forebay::session& s, int tenant) {
#ifdef CORRECT
  return *db.cached<int>(
      s, "report", {}, [](forebay::context&, int of) { return of; }, tenant);
#else
  return *db.cached<int>(s, "report", {}, [&](forebay::context&) { return tenant; });
#endif
}
