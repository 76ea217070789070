#include <cstdint>
#include <vector>

#include <forebay/database.hpp>

struct Total {
  std::int64_t sum{};
};
#ifdef CORRECT
FOREBAY_ROW(Total, sum);
#endif

std::vector<Total> totals(forebay::database& db, forebay::session& s) { return db.query<Total>(s, "select 1 as sum"); }
