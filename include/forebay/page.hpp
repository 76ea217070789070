#pragma once

#include <string>
#include <vector>

namespace forebay {

// What query::page gives. A cursor stands for a row's place in the order of a query: text of letters, digits, "-" and
// "_" that can be handed to a client and comes back in another process. It holds that row's values of the order's
// columns, readable by whoever has it, and a checksum against damage, not against forgery: a forged one reaches no
// other rows than the query has.
template <class Row>
struct page {
  std::vector<Row> rows{};
  std::string next{};      // for after(): of the last row. When there was none, the cursor that the page came after
  std::string previous{};  // for before(): of the first row. When there was none, the cursor that the page came before
  bool has_more = false;   // in the direction of the walk
};

}  // namespace forebay
