#include "shop.hpp"

namespace {

TEST_F(Guide, TriedAgain) {
  bool removed = false;
  // [snippet
  db.transact(s,
              [&](forebay::transaction& tx) {
                removed = lines.remove(tx, {10, "pear"});  // assigned anew by each attempt
              },
              {.isolation = forebay::isolation_level::serializable},
              {.max_attempts = 8, .first_pause = 5ms, .longest_pause = 500ms});
  // snippet]
  EXPECT_TRUE(removed);
}

TEST_F(Guide, AnUnknownFate) {
  bool asked = false;
  const auto ask_whether_it_is_there = [&] { asked = true; };
  // [snippet
  try {
    db.transact(s, [&](forebay::transaction& tx) {
      orders.insert(tx, {.id = 13, .user_id = 1, .total_cents = 400});  // a key of the request's own
    });
  } catch (const forebay::commit_unknown&) {
    ask_whether_it_is_there();  // never just again: it may have happened
  }
  // snippet]
  EXPECT_FALSE(asked);
  EXPECT_TRUE(orders.find(s, 13));
}

}  // namespace
